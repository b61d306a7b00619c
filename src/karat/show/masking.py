"""Personal data is masked wherever Karat shows data: in the report, the log and on the console."""

import re
from collections.abc import Callable
from functools import lru_cache

from karat.quality.confidentiality.entities import chosen
from karat.quality.confidentiality.entities import masked as covered
from karat.quality.confidentiality.entity import Entity
from karat.quality.confidentiality.labels import labels_a_phone
from karat.quality.confidentiality.line_spans import spans_of
from karat.quality.confidentiality.spans import FEWEST_DIGITS

SHORTEST_SECRET = 20  # definition: below, every form of personal data has one of SIGNS
SIGNS = frozenset("@:-0123456789")
RUN = re.compile(rf"\d(?:[^\w,，]{{0,3}}\d){{{FEWEST_DIGITS - 1}}}")  # digits as telephones have them


@lru_cache(maxsize=4096)
def masked(text: str | None) -> str | None:
    """The text with what has the form of personal data covered by asterisks."""
    if not text or (len(text) < SHORTEST_SECRET and SIGNS.isdisjoint(text)):
        return text
    for entity in chosen(()):
        text = entity.pattern.sub(_cover(entity), text)
    if not RUN.search(text) or not ("+" in text or labels_a_phone(text, len(text), len(text), len(text))):
        return text
    for span in reversed(spans_of(text)):  # telephones by the words or the plus sign before them
        text = f"{text[: span.start]}{covered(text[span.start : span.end])}{text[span.end :]}"
    return text


def _cover(entity: Entity) -> Callable[[re.Match[str]], str]:
    def replaced(match: re.Match[str]) -> str:
        begin, end = entity.span(match)
        own, at = match.string[begin:end], match.start()
        return f"{match[0][: begin - at]}{covered(own)}{match[0][end - at :]}" if entity.proves(own) else match[0]

    return replaced
