"""Where personal data stands in texts: English and Chinese, by form, checksum and the words around."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.quality.confidentiality.entities import BY_WORDS, ENTITIES, chosen
from karat.quality.confidentiality.entity import Entity
from karat.quality.confidentiality.labels import is_something_else, labels_a_phone, labels_a_thing, labels_groups
from karat.quality.confidentiality.names_and_addresses import PEOPLE, names_and_addresses

SPANS = pa.schema(
    [
        ("row", pa.int64()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("entity", pa.string()),
        ("confidence", pa.float64()),
    ]
)
DIGITS = re.compile(r"[0-9][0-9 .()\-/]{5,400}[0-9Xx]")  # begins with a class of signs: such a search is fast
DATE = re.compile(
    r"(?:19|20)\d\d[ \-./]\d{1,2}[ \-./]\d{1,2}(?:\D+\d\d?)*|\d{1,2}[ \-./]\d{1,2}[ \-./](?:19|20)\d\d|"
    r"(?:19|20)\d\d ?- ?(?:19|20)\d\d|\d+\.\d+|(?:-?\d{1,3}\.\d+[ ,;]+)+-?\d{1,3}\.\d+|"
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|"
    r"(?:0?[1-9]|[12]\d|3[01])[\-./](?:0?[1-9]|1[0-2])[\-./]\d\d (?:[01]\d|2[0-3])\.?[0-5]\d"
)
# Groups that need no word beside them: an area in brackets, a trunk prefix, or the North American form (E.123, NANP)
PHONE_SHAPE = re.compile(
    r".*\(|0|(?:1[ .\-])?[2-9]\d\d[ .\-]\d{3}[ .\-]\d{4}\b|[2-9]\d\d-\d{3}-\d{3,4}(?:-\d{4})?$|\d{2}(?:\.\d\d){4}$"
)
GROUP = re.compile(r"\d+")
UNIX_TIME = re.compile(r"1\d{9}")
ADJACENT = 12  # characters before a number in which a word must speak of a telephone where its form does not; unproven
EXTENSION = re.compile(r"(?i) ?(?:x|ext\.?|转) ?\d{1,6}(?![0-9A-Za-z])")
BEFORE_WORD, AFTER_WORD = 16, 128  # cost: characters around a word in which a number that it names is looked for
BYTES_A_MARK = 128  # cost: of text, for which there is room for a mark at first
LEAST = 0.5  # definition: confidence of what is given back unless another is asked for
PHONE = "phone"
MAIL_NAME, NUMBER = "e-mail", "number"
SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")
# Which texts can hold an entity at all: expressions that are found fast
HINTS = {
    "password in a URL": r"://[^\s/:@]{1,64}:[^\s/@]{1,128}@",
    "IP address": r"\d\.\d{1,3}\.\d{1,3}\.\d",
    "IP address (v6)": r"[0-9A-Fa-f]::|(?:[0-9A-Fa-f]{1,4}:){7}",
    "IBAN": r"[A-Za-z]{2}\d{2} ?[A-Za-z0-9]{4}",
    "passport (CN)": r"[EDGPS][A-Z0-9]\d{6}",
    "licence plate (CN)": r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]",
    "secret key": r"AKIA|gh[pousr]_|github_pat|glpat|npm_|hf_|k_live_|k_test_|pypi-|SG\.|sk-|xox|AIza|eyJ|PRIVATE KEY",
}
# cost: digits within an entity, and how many characters before and behind their beginning it can reach
SEEDS = {
    "IP address": (re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d"), 2, 32),
    "IBAN": (re.compile(r"\d{2} ?[A-Za-z0-9]{4}"), 2, 64),
}
HINTS |= {"officer ID (CN)": r"字第[0-9]", "social credit code (CN)": r"[159Y][1239][0-9]{6}"}
KEYED = "|".join(f"(?:{entity.hint})" for entity in BY_WORDS)
ANY_HINT = "|".join(f"(?:{hint})" for hint in (KEYED, *HINTS.values()))
WIDE_BYTE = 0xEF  # definition: UTF-8, with which full-width signs begin
FEWEST_DIGITS = 7  # unproven: shorter telephone numbers look like any number
DIGITS_OF = {  # cost: what has fewer is not asked
    "resident ID (CN)": 17,
    "bank card": 12,
    "mobile phone (CN)": 11,
    "landline (CN)": 9,
    "phone (+)": 10,
    "social security number (US)": 9,
}


@dataclass(frozen=True)
class Span:
    """A stretch of a text that is personal data, in characters, ``end`` exclusive."""

    start: int
    end: int
    entity: str
    confidence: float


def find(texts: Any, entities: Iterable[str] = (), min_confidence: float = LEAST) -> pa.Table:
    """Where personal data stands in texts.

    Parameters
    ----------
    entities : iterable of str
        Kinds to look for; when empty all but names of people and postal addresses, which are no more than likely.
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
    names = tuple(dict.fromkeys(entities))
    kinds = tuple(name for name in names if name in PEOPLE)
    if kinds:
        rest = tuple(name for name in names if name not in PEOPLE)
        return _with_people(
            texts, find(texts, rest, min_confidence) if rest else SPANS.empty_table(), kinds, min_confidence
        )
    wanted = chosen(names)
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    column = _plain(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)
    mails, runs = _marks(column)
    address = next((entity for entity in wanted if entity.name == MAIL_NAME), None)
    if address is None or address.certain < min_confidence:
        mails = mails[:0]
    hinted = _hinted(column, wanted)
    asked = np.asarray(hinted.any(axis=0))
    if any(hint_of(entity) == NUMBER for entity in wanted):
        asked[runs[:, 0]] = True
    else:
        runs = runs[:0]
    alone = ~asked[mails[:, 0]]
    by_rule = _by_rule(column, wanted, hinted, np.flatnonzero(asked), (mails[~alone], runs), min_confidence)
    by_address = _table(
        mails[alone, 0], mails[alone, 1], mails[alone, 2], MAIL_NAME, address.certain if address else 0.0
    )
    whole = pa.concat_tables([by_address, by_rule]).combine_chunks()
    return whole.take(pa.array(np.argsort(whole["row"].to_numpy(), kind="stable"))).combine_chunks()


def _with_people(texts: Any, forms: pa.Table, kinds: tuple[str, ...], min_confidence: float) -> pa.Table:
    """The spans of forms, and names and addresses where none of those stands."""
    column = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    by_row: dict[int, list[Span]] = {}
    for found in forms.to_pylist():
        by_row.setdefault(found["row"], []).append(Span(*(found[name] for name in SPANS.names[1:])))
    rows: list[tuple[int, Span]] = []
    for row, text in enumerate(column.to_pylist()):
        own = by_row.get(row, [])
        more = [Span(*found) for found in names_and_addresses(text or "", kinds)]
        free = [s for s in more if not any(s.start < other.end and other.start < s.end for other in own)]
        rows += [(row, span) for span in without_overlaps([*own, *free], min_confidence)]
    columns = [[row for row, _ in rows], *([getattr(span, name) for _, span in rows] for name in SPANS.names[1:])]
    return pa.table([pa.array(values, kind) for values, kind in zip(columns, SPANS.types, strict=True)], schema=SPANS)


def _by_rule(
    column: pa.Array,
    wanted: tuple[Entity, ...],
    hinted: np.ndarray,
    rows: np.ndarray,
    marks: tuple[np.ndarray, np.ndarray],
    min_confidence: float,
) -> pa.Table:
    """The spans of texts that may hold more than addresses."""
    mails, runs = marks
    certain = ENTITIES[MAIL_NAME].certain
    at_rows, kinds = np.nonzero(hinted[:, rows].T)
    of_kinds = [np.searchsorted(at_rows, np.arange(len(rows)), side) for side in SIDES]
    of_mails, of_runs = ([np.searchsorted(marked[:, 0], rows, side) for side in SIDES] for marked in (mails, runs))
    mail_places, run_places, kind_places = mails[:, 1:].tolist(), runs[:, 1:].tolist(), kinds.tolist()
    numeric = [entity for entity in wanted if hint_of(entity) == NUMBER]
    texts = column.take(pa.array(rows)).to_pylist()
    row_spans: list[tuple[int, Span]] = []
    for at, (row, text) in enumerate(zip(rows.tolist(), texts, strict=True)):
        here = [wanted[kind] for kind in kind_places[of_kinds[0][at] : of_kinds[1][at]]]
        spans = list(spans_in(text, here)) if here else []
        windows = run_places[of_runs[0][at] : of_runs[1][at]]
        if windows:
            spans += numbers_in(text, numeric, windows)
        addresses = mail_places[of_mails[0][at] : of_mails[1][at]]
        spans += [Span(start, end, MAIL_NAME, certain) for start, end in addresses]
        row_spans += [(row, span) for span in without_overlaps(spans, min_confidence)]
    return pa.table(
        [
            pa.array([row for row, _ in row_spans], pa.int64()),
            pa.array([span.start for _, span in row_spans], pa.int64()),
            pa.array([span.end for _, span in row_spans], pa.int64()),
            pa.array([span.entity for _, span in row_spans], pa.string()),
            pa.array([span.confidence for _, span in row_spans], pa.float64()),
        ],
        schema=SPANS,
    )


def _table(rows: np.ndarray, starts: np.ndarray, ends: np.ndarray, entity: str, confidence: float) -> pa.Table:
    columns = [rows, starts, ends, [entity] * len(rows), np.full(len(rows), confidence)]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, SPANS, strict=True)], schema=SPANS)


def _bytes_of(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of texts one after the other, and where each begins and ends."""
    texts = pc.fill_null(column.cast(pa.large_string()), "")
    offsets = np.frombuffer(texts.buffers()[1], np.int64, len(texts) + 1, texts.offset * 8)
    data = texts.buffers()[2]
    return np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8), offsets


def _plain(column: pa.Array) -> pa.Array:
    """The texts with full-width letters, digits and signs as plain ones, place by place."""
    data, offsets = _bytes_of(column)
    if not (data == WIDE_BYTE).any():
        return column
    from karat.kernels.plain_widths import plain_widths

    out, ends = np.empty(offsets[-1] - offsets[0], np.uint8), np.empty_like(offsets)
    plain_widths(data, offsets, out, ends)
    return pa.LargeStringArray.from_buffers(len(column), pa.py_buffer(ends), pa.py_buffer(out[: ends[-1]]))


def _marks(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(m, 3) text, beginning and end of every mail address, and of every run of digits."""
    from karat.kernels import personal_marks

    if not len(column):
        return np.zeros((0, 3), np.int64), np.zeros((0, 3), np.int64)
    data, offsets = _bytes_of(column)
    out = np.empty((4_096 + len(data) // BYTES_A_MARK, 4), np.int64)
    count = personal_marks.marks(data, offsets, out)
    if count > len(out):
        out = np.empty((count, 4), np.int64)
        personal_marks.marks(data, offsets, out)
    out = out[:count]
    return tuple(out[out[:, 1] == kind][:, [0, 2, 3]] for kind in (personal_marks.MAIL, personal_marks.NUMBER))


def hint_of(entity: Entity) -> str:
    """What is looked for first in texts that may hold an entity."""
    if entity.keyed:
        return entity.hint
    return entity.name if entity.name in HINTS or entity.name == MAIL_NAME else NUMBER


def _hinted(column: pa.Array, wanted: Sequence[Entity]) -> np.ndarray:
    """(entities, n) bool: texts that may hold an entity, by an expression found fast; none by digits or addresses."""
    out = np.zeros((len(wanted), len(column)), bool)
    some = np.flatnonzero(_met(column, ANY_HINT))  # one look at all, the others at few
    few = column.take(pa.array(some))
    with_words = some[_met(few, KEYED)] if any(entity.keyed for entity in wanted) else some[:0]
    places = {True: (with_words, column.take(pa.array(with_words))), False: (some, few)}
    met: dict[str, np.ndarray] = {}
    for at, entity in enumerate(wanted):
        hint = hint_of(entity)
        rows, texts = places[entity.keyed]
        if hint in (MAIL_NAME, NUMBER) or not len(rows):
            continue
        if hint not in met:
            met[hint] = rows[_met(texts, HINTS.get(hint, hint))]
        out[at, met[hint]] = True
    return out


def _met(column: pa.Array, expression: str) -> np.ndarray:
    return np.asarray(pc.fill_null(pc.match_substring_regex(column, expression), False))


def spans_in(text: str, entities: list[Entity]) -> Iterator[Span]:
    """What is found in a text by its letters and signs."""
    low = ""
    for entity in entities:
        if entity.keyed:
            low = low or text.lower()
            yield from _keyed(entity, text, low)
        else:
            for begin, end in _near(entity, text):
                yield from _matches(entity, text, begin, end)


def numbers_in(text: str, entities: list[Entity], windows: Iterable[Sequence[int]]) -> Iterator[Span]:
    """What is found in runs of digits, each with one sign more for a last X."""
    for run in (run for begin, end in windows for run in DIGITS.finditer(text, begin, end + 1)):
        digits = sum(map(str.isdecimal, run.group()))
        if digits < FEWEST_DIGITS:
            continue
        begin = max(0, run.start() - 1)  # one more on both sides: a plus sign, and what must not stand there
        end = min(len(text), run.end() + 1)
        for entity in entities:
            if entity.name == PHONE:
                yield from _phone(text, run, digits)
            elif digits >= DIGITS_OF.get(entity.name, FEWEST_DIGITS) and entity.pattern.search(text, begin, end):
                yield from (span for span in _matches(entity, text, begin, end) if span.end <= run.end())


def _keyed(entity: Entity, text: str, low: str) -> Iterator[Span]:
    for begin, end in _near_words(text, low, _stems(entity.hint)):
        yield from _matches(entity, text, begin, end)


@cache
def _stems(hint: str) -> tuple[str, ...]:
    """The plain words in a hint, in small letters: a text is searched for them far faster than by the expression."""
    return tuple(
        sorted(set(re.findall(r"[一-鿿]{2,}|[a-z]{3,}|qq|vx|wx", hint.lower().replace("(?i:", "").replace("\\b", " "))))
    )


def _near_words(text: str, low: str, stems: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Stretches around the words, those that overlap as one."""
    if len(low) != len(text):  # a letter that is two in small letters
        yield 0, len(text)
        return
    places = []
    for stem in stems:
        at = low.find(stem)
        while at >= 0:
            places.append(at)
            at = low.find(stem, at + 1)
    yield from _around(sorted(places), BEFORE_WORD, AFTER_WORD, len(text))


def _around(places: Iterable[int], before: int, after: int, size: int) -> Iterator[tuple[int, int]]:
    """Stretches around rising places, those that overlap as one."""
    begin, end = 0, -1
    for at in places:
        if at - before > end >= 0:
            yield begin, end
            end = -1
        begin = max(0, at - before) if end < 0 else begin
        end = min(size, at + after)
    if end >= 0:
        yield begin, end


def _near(entity: Entity, text: str) -> Iterator[tuple[int, int]]:
    """Where in a text an entity can stand: the whole text, or around digits that are found fast."""
    if entity.name not in SEEDS:
        yield 0, len(text)
        return
    seed, before, after = SEEDS[entity.name]
    places = [match.start() for match in seed.finditer(text)]
    yield from _around(places, before, after, len(text))


def _matches(entity: Entity, text: str, begin: int, end: int) -> Iterator[Span]:
    while match := entity.pattern.search(text, begin, end):
        first, last = entity.span(match)
        proved = entity.proves(text[first:last])
        proved = proved and (entity.keyed or not is_something_else(entity.name, text, first, last))
        if proved:
            yield Span(first, last, entity.name, entity.certain)
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
    sure = _like_a_phone(text, begin, end, number, digits)
    if not sure or labels_a_thing(text, begin):  # the slowest question is asked last
        return
    if not UNIX_TIME.fullmatch(number) or labels_a_phone(text, begin, end, ADJACENT):
        yield Span(begin, end, PHONE, sure)


def _like_a_phone(text: str, begin: int, end: int, number: str, digits: int) -> float:
    groups = GROUP.findall(number)
    grouped = 3 <= len(groups) <= 6 and 8 <= digits <= 13 and all(2 <= len(group) <= 5 for group in groups[1:])
    grouped = grouped and (PHONE_SHAPE.match(number) is not None or labels_groups(text, begin, end))
    sure = 0.85 if number.startswith("+") and digits >= 9 else 0.6 if grouped else 0.0
    if (len(groups) > 1 or digits >= 8) and labels_a_phone(text, begin, end):
        sure = max(sure, 0.7) + 0.1
    return sure


def without_overlaps(spans: Iterable[Span], min_confidence: float) -> list[Span]:
    """Spans that do not overlap: the surer one stays, the longer one of two as sure."""
    sure_spans = sorted(
        (span for span in spans if span.confidence >= min_confidence), key=lambda span: (span.start, span.end)
    )
    if all(left.end <= right.start for left, right in pairwise(sure_spans)):
        return sure_spans
    kept: list[Span] = []
    for span in sorted(sure_spans, key=lambda span: (-span.confidence, span.start - span.end, span.start, span.entity)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
