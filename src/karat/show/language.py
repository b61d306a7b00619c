"""The report's own words in the language of its reader: English in the sources, Chinese in a table beside them."""

import json
import re
from functools import cache, partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from karat.core.words import many
from karat.show import words
from karat.show.review.languages import check_title
from karat.show.spoken import language, require_language, speaking

__all__ = [
    "about_of",
    "by_wording",
    "counted",
    "evidence",
    "language",
    "measure_of",
    "plain",
    "require_language",
    "say",
    "speaking",
    "terminal_names",
    "title_of",
]

UNITS = {
    "second": "秒",
    "minute": "分钟",
    "hour": "小时",
    "day": "天",
    "week": "周",
    "month": "个月",
    "year": "年",
}
SPAN = re.compile(r"((?:about )?[\d.,]+) (second|minute|hour|day|week|month|year)s?")
PLACE = re.compile(r"\\(?:g<(\d+)>|(\d+))")  # where a value goes
BETWEEN = re.compile(r"; |(?<=\)), |(?<=\d), (?=\S+ \S+ goes with)")
PHRASE = re.compile(r"\(similar records|goes with about|which fits|the limit of|usual up to")  # parts said by a check


@cache
def _table() -> dict[str, Any]:
    return dict(json.loads((Path(__file__).parent / "chinese.json").read_text(encoding="utf-8")))


@cache
def _wordings(kind: str) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern, re.DOTALL), chinese) for pattern, chinese in _table()[kind]]


def terminal_names() -> dict[str, str]:
    """The names that begin lines of the terminal, and single words in them, in Chinese."""
    names: dict[str, str] = _table()["names"]
    return names


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


def about_of(code: str, english: str) -> str:
    """What a check looks for: the first sentence of its page, or its Chinese."""
    return str(_table()["abouts"].get(code, english)) if language() == "zh" else english


def measure_of(name: str) -> str:
    """A measure's name, or what it counts, for a reader."""
    return str(_table()["measures"].get(name, name)) if language() == "zh" else name


def evidence(text: str) -> str:
    """A finding's message; in Chinese where its wording is known, else as it was written."""
    if language() != "zh" or not text:
        return text
    return _chinese(text) or text


def _chinese(text: str) -> str:
    """A message in Chinese, or each of its parts between semicolons; "" where the wording of one is not known."""
    parts = text.split("; ")
    alone = len(parts) > 1 and all(map(PHRASE.search, parts))  # each is a message of its own
    whole = "" if alone else by_wording(text)
    translated = [by_wording(part) or _table()["terms"].get(part, "") for part in parts]
    return whole or ("；".join(translated) if all(translated) else "")


def by_wording(text: str, kind: str = "evidence") -> str:
    """A text in Chinese whose whole wording is known; "" where it is not.

    Parameters
    ----------
    text : str
    kind : str
        The table it is looked for in: evidence or terminal.
    """
    for pattern, chinese in _wordings(kind):
        match = pattern.fullmatch(text)
        if match:
            return PLACE.sub(partial(_value, ["", *(_term(text, kind) for text in match.groups())]), chinese)
    return ""


def _value(values: list[str], place: re.Match[str]) -> str:
    return values[int(place[1] or place[2])]


def _term(text: str, kind: str) -> str:
    """A value inside a message: a term of ours, a span of time or a list of them in Chinese, anything else as it is."""
    span = SPAN.fullmatch(text)
    if span:
        return f"{span[1].replace('about ', '约 ')} {UNITS[span[2]]}"
    known = _table()["terms"].get(text)
    if kind == "terminal" and not known:
        return by_wording(text, kind) or text
    if known or not PHRASE.search(text):
        return str(known or text)
    translated = [by_wording(part) for part in BETWEEN.split(text)]
    return "；".join(translated) if all(translated) else text
