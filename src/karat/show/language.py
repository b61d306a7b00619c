"""The report's own words in the language of its reader: English in the sources, Chinese in a table beside them."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from karat.core.errors import OptionError
from karat.core.words import many
from karat.show import words
from karat.show.review.languages import LANGUAGES, check_title

_LANGUAGE: ContextVar[str] = ContextVar("karat_language", default="en")


def require_language(language: str) -> str:
    """A language the report is written in. Raises OptionError for any other."""
    if language not in LANGUAGES:
        raise OptionError(f"--lang {language} is not available", f"Use one of {', '.join(LANGUAGES)}")
    return language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything said inside is said in a language, a key of ``LANGUAGES``."""
    before = _LANGUAGE.set(require_language(language))
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def language() -> str:
    """The language spoken now, a key of ``LANGUAGES``."""
    return _LANGUAGE.get()


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
