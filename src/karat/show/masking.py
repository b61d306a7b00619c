"""Personal data is masked wherever Karat shows data: in the report, the log and on the console."""

import re
from collections.abc import Callable
from functools import lru_cache

from karat.quality.confidentiality.entities import ENTITIES, Entity
from karat.quality.confidentiality.entities import masked as covered

SHORTEST_SECRET = 20  # definition: below, every form of personal data has one of SIGNS
SIGNS = frozenset("@:-0123456789")


@lru_cache(maxsize=4096)
def masked(text: str | None) -> str | None:
    """The text with what has the form of personal data covered by asterisks."""
    if not text or (len(text) < SHORTEST_SECRET and SIGNS.isdisjoint(text)):
        return text
    for entity in ENTITIES.values():
        text = entity.pattern.sub(_cover(entity), text)
    return text


def _cover(entity: Entity) -> Callable[[re.Match[str]], str]:
    def replaced(match: re.Match[str]) -> str:
        return covered(match[0]) if entity.proves(match[0]) else match[0]

    return replaced
