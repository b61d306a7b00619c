"""Where personal data stands in texts: English and Chinese, by form, checksum and the words around."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.quality.confidentiality._entities import Entity, chosen

SPANS = pa.schema(
    [
        ("row", pa.int64()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("entity", pa.string()),
        ("confidence", pa.float64()),
    ]
)
AROUND = 48  # characters before a number that say what it is
# full-width letters and digits are read like plain ones, place by place
PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
DIGITS = re.compile(r"[0-9][0-9 .()\-/]{5,400}[0-9Xx]")  # begins with a class of signs: such a search is fast
PHONE_WORDS = re.compile(
    r"(?i)phone|mobile|\bcell|\btel\b|\bcall|\bfax|contact|\btext me|whats ?app|\bnumber|\breach|dial|ring|"
    r"电话|手机|联系|致电|热线|传真|微信|拨打"
)
DATE = re.compile(
    r"(?:19|20)\d\d[ \-./]\d{1,2}[ \-./]\d{1,2}(?:\D+\d\d?)*|\d{1,2}[ \-./]\d{1,2}[ \-./](?:19|20)\d\d|"
    r"(?:19|20)\d\d ?- ?(?:19|20)\d\d|\d+\.\d+"
)
EXTENSION = re.compile(r"(?i) ?(?:x|ext\.?|转) ?\d{1,6}(?![0-9A-Za-z])")
PHONE = "phone"
# Which texts can hold an entity at all: a substring, or an expression that is found fast
HINTS = {
    "e-mail": "@",
    "password in a URL": r"://[^\s/:@]{1,64}:[^\s/@]{1,128}@",
    "IP address": r"\d\.\d{1,3}\.\d{1,3}\.\d",
    "IP address (v6)": r"[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:",
    "IBAN": r"[A-Za-z]{2}\d{2} ?[A-Za-z0-9]{4}",
    "passport (CN)": r"[EDGPS][A-Z0-9]\d{6}",
    "licence plate (CN)": r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]",
    "secret key": r"AKIA|gh[pousr]_|github_pat|glpat|npm_|hf_|k_live_|k_test_|pypi-|SG\.|sk-|xox|AIza|eyJ|PRIVATE KEY",
}
FEWEST_DIGITS = 7
DIGITS_OF = {
    "resident ID (CN)": 17,
    "bank card": 12,
    "mobile phone (CN)": 11,
    "landline (CN)": 9,
    "phone (+)": 10,
    "social security number (US)": 9,
}
NUMBERS = r"\d[\d .()\-/]{5,}[\dXx]"


@dataclass(frozen=True)
class Span:
    """A stretch of a text that is personal data, in characters, ``end`` exclusive."""

    start: int
    end: int
    entity: str
    confidence: float


def find(texts: Any, entities: Iterable[str] = (), min_confidence: float = 0.5) -> pa.Table:
    """Where personal data stands in texts.

    Parameters
    ----------
    texts : pyarrow.Array or ChunkedArray of string, or list of str
    entities : iterable of str
        Kinds to look for, all when empty.
    min_confidence : float
        In [0, 1].

    Returns
    -------
    pyarrow.Table
        ``SPANS``: ``row`` is the position of the text; spans of a text rise and do not overlap.

    Raises
    ------
    OptionError
        An entity that is not known.
    """
    wanted = chosen(entities)
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    # full-width signs stand in few texts; only those are rewritten
    wide = np.asarray(pc.fill_null(pc.match_substring_regex(column, r"[\x{FF01}-\x{FF5E}]"), False))
    hinted = {name: _hinted(column, wide, name) for name in {_hint(entity.name) for entity in wanted}}
    rows = np.flatnonzero(np.any(list(hinted.values()), axis=0)) if len(column) else np.empty(0, np.int64)
    found: list[tuple[int, Span]] = []
    for row, text in zip(rows.tolist(), column.take(pa.array(rows)).to_pylist(), strict=True):
        plain = text.translate(PLAIN) if wide[row] else text
        here = [entity for entity in wanted if hinted[_hint(entity.name)][row]]
        found += [(row, span) for span in _settled(_spans(plain, here), min_confidence)]
    return pa.table(
        [
            pa.array([row for row, _ in found], pa.int64()),
            pa.array([span.start for _, span in found], pa.int64()),
            pa.array([span.end for _, span in found], pa.int64()),
            pa.array([span.entity for _, span in found], pa.string()),
            pa.array([span.confidence for _, span in found], pa.float64()),
        ],
        schema=SPANS,
    )


def _hint(name: str) -> str:
    return name if name in HINTS else "number"


def _hinted(column: pa.Array, wide: np.ndarray, name: str) -> np.ndarray:
    hint = HINTS.get(name, NUMBERS)
    plain = pc.match_substring(column, hint) if hint == "@" else pc.match_substring_regex(column, hint)
    answer: np.ndarray = np.asarray(pc.fill_null(plain, False)) | wide
    return answer


def _spans(text: str, entities: list[Entity]) -> Iterator[Span]:
    numeric = [entity for entity in entities if entity.name not in HINTS]
    for entity in entities:
        if entity.name == "e-mail":
            yield from _addresses(entity, text)
        elif entity.name in HINTS:
            yield from _matches(entity, text, 0, len(text))
    for run in DIGITS.finditer(text) if numeric else ():
        digits = sum(map(run.group().count, "0123456789"))
        if digits < FEWEST_DIGITS:
            continue
        begin = max(0, run.start() - 1)  # one more on both sides: a plus sign, and what must not stand there
        end = min(len(text), run.end() + 1)
        for entity in numeric:
            if entity.name == PHONE:
                yield from _phone(text, run, digits)
            elif digits >= DIGITS_OF.get(entity.name, FEWEST_DIGITS):
                yield from (span for span in _matches(entity, text, begin, end) if span.end <= run.end())


def _addresses(entity: Entity, text: str) -> Iterator[Span]:
    """Looks around every @ only: an expression that may begin anywhere is slow in long texts."""
    at, last = text.find("@"), 0
    while at >= 0:
        match = entity.pattern.search(text, max(last, at - 65), at + 256)
        if match and match.start() <= at < match.end():
            yield Span(match.start(), match.end(), entity.name, entity.certain)
            last = match.end()
        at = text.find("@", max(at + 1, last))


def _matches(entity: Entity, text: str, begin: int, end: int) -> Iterator[Span]:
    while match := entity.pattern.search(text, begin, end):
        proved = entity.proves(match.group())
        if proved:
            yield Span(match.start(), match.end(), entity.name, entity.certain)
        # what only looked like it may hide the beginning of what it is
        begin = match.end() if proved else match.start() + 1


def _phone(text: str, run: re.Match[str], digits: int) -> Iterator[Span]:
    """A run of digits written like a telephone number: in groups, with a prefix, or after a word that says so."""
    begin = run.start() - (run.start() > 0 and text[run.start() - 1] in "+(")
    number = text[begin : run.end()].rstrip(" .(-/xX")
    if "(" in number and ")" not in number:
        head, _, rest = number.partition("(")
        begin += 0 if head else 1
        number = head.rstrip(" .-") or rest
    end = begin + len(number)
    extension = EXTENSION.match(text, end)
    end = extension.end() if extension else end
    before, after = text[begin - 1 : begin] if begin else "", text[end : end + 1]
    if not 7 <= digits <= 15 or "/" in number or DATE.fullmatch(number.strip("()")):
        return
    if (
        (before.isascii() and before.isalnum())
        or (before and before in "_#/=$€£¥")
        or (after.isascii() and after.isalnum())
    ):
        return
    sure = _like_a_phone(number, digits, PHONE_WORDS.search(text, max(0, begin - AROUND), begin) is not None)
    if sure:
        yield Span(begin, end, PHONE, sure)


def _like_a_phone(number: str, digits: int, told: bool) -> float:
    groups = re.findall(r"\d+", number)
    grouped = 3 <= len(groups) <= 6 and all(2 <= len(group) <= 5 or group == "0" for group in groups[1:])
    sure = 0.85 if number.startswith("+") and digits >= 9 else 0.6 if grouped and 8 <= digits <= 13 else 0.0
    if told and (len(groups) > 1 or digits >= 8):
        sure = max(sure, 0.7) + 0.1
    return sure


def _settled(spans: Iterable[Span], min_confidence: float) -> list[Span]:
    """Spans that do not overlap: the surer one stays, the longer one of two as sure."""
    given = sorted((span for span in spans if span.confidence >= min_confidence), key=lambda one: (one.start, one.end))
    if all(one.end <= two.start for one, two in pairwise(given)):
        return given
    kept: list[Span] = []
    for span in sorted(given, key=lambda one: (-one.confidence, one.start - one.end, one.start, one.entity)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda one: one.start)
