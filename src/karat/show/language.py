"""The report's own words in the language of its reader: English in the sources, Chinese in a table beside them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from karat.core.words import many
from karat.show import words
from karat.show.review.languages import check_title
from karat.show.spoken import language, require_language, speaking

__all__ = ["counted", "evidence", "language", "plain", "require_language", "say", "speaking", "title_of"]


@cache
def _table() -> dict[str, Any]:
    return dict(json.loads((Path(__file__).parent / "chinese.json").read_text(encoding="utf-8")))


@cache
def _evidence() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern, re.DOTALL), chinese) for pattern, chinese in _table()["evidence"]]


def say(text: str, **values: Any) -> Markup:
    """A sentence of the page, as HTML; values are escaped.

    Parameters
    ----------
    text : str
        English, with ``{name}`` where a value stands; the key of its translation.
    """
    chosen = _table()["words"].get(text, text) if language() == "zh" else text
    return Markup(chosen).format(**values)  # noqa: S704 - a constant of the sources


def plain(text: str, **values: Any) -> str:
    """A sentence as plain text, with ``{name}`` where a value stands."""
    chosen = _table()["words"].get(text, text) if language() == "zh" else text
    return str(chosen.format(**values))


def counted(value: int, singular: str, more: str = "") -> str:
    """A number with its noun: 3 cells, or 3 个单元格."""
    measured = _table()["counted"].get(singular) if language() == "zh" else None
    return f"{value:,} {measured}" if measured else many(value, singular, more)


def title_of(code: str) -> str:
    """A check's name, or another code, for a reader."""
    return check_title(code, language()) if language() == "zh" else words.title(code)


def evidence(text: str) -> str:
    """A finding's message; in Chinese where its wording is known, else as it was written."""
    if language() != "zh" or not text:
        return text
    for pattern, chinese in _evidence():
        match = pattern.fullmatch(text)
        if match:
            return match.expand(chinese)
    return text
