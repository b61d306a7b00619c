"""The page's own words in English and Chinese."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from karat.show.words import title

Say = Callable[..., str]


@cache
def _table() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return words


def says(language: str) -> Say:
    """A function that gives the page's words in a language; names of checks that it does not know stay English.

    Parameters
    ----------
    language : str
        A key of ``LANGUAGES``.
    """
    words = _table()["words"]
    place = 1 if language == "zh" else 0

    def say(key: str, **values: object) -> str:
        return words[key][place].format(**values) if key in words else key

    return say


def check_title(code: str, language: str) -> str:
    """A check's name for a reader."""
    known = _table()["checks"].get(code) if language == "zh" else None
    return str(known or title(code))


def preferred(accept: str | None) -> str:
    """The language of a browser's ``Accept-Language``: Chinese where it comes before English."""
    for part in (accept or "").lower().replace(" ", "").split(","):
        if part.startswith("zh"):
            return "zh"
        if part.startswith("en"):
            return "en"
    return "en"
