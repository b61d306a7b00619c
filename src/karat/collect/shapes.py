"""What a column's texts look like: numbers and their marks, codes, words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.nulls import null_words
from karat.core.counts import ColumnCounts
from karat.core.parsing import parse_numbers, parse_times
from karat.core.schema import Column, Role
from karat.core.together import Place, Together, short
from karat.quality.null_words import BLANK_MARKS

MARKS = (
    (".", ""),
    (",", ""),
    (".", ","),
    (",", "."),
    (".", " "),
    (",", " "),
    (".", "'"),
    (".", "\u00a0"),
    (",", "\u00a0"),
)
NUMERIC = r"^[+-]?\d[\d.,]*$|^[+-]?\.\d+$"
SOME = 500  # cost: texts that show whether a column is worth a closer look
# unproven: distinct: so many decimals without a zero at the end are one chance in eight; more miss short columns
MANY_MARKED = 20
MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
UNIT = r"^\s*([^\d\s.,+-]{0,4}\s*)?([+-]?(?:\d[\d.,' ]*\d|\d|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\d\s+/-][^\d]{0,23})?\s*$"
TIME_OF_DAY = r"(?i)^\s*\d{1,2}[:.hH时点]\d{2}(?:[:.分]\d{2}秒?)?(?:\.\d+)?分?\s*(?:[ap]\.?m\.?)?\s*$"
CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, eq=False)
class DistinctTexts:
    """The distinct texts of a column that are no NULL words, as they were met: whether they count up is evidence."""

    counts: ColumnCounts

    @cached_property
    def place(self) -> Place | None:
        """Where ``text`` stands among those of other short columns; None where it stands alone."""
        return None

    @cached_property
    def words(self) -> np.ndarray:
        """(k,) bool: is the distinct value a NULL word? Not where it may be a value and the column holds no other."""
        texts = self.counts.met.cast(pa.string())
        alone = len(texts) == 1 and texts[0].as_py() not in BLANK_MARKS
        return null_words(texts, strong_only=alone)

    @cached_property
    def text(self) -> pa.Array:
        """Distinct texts, NULL words left out, without outer white space."""
        return pc.utf8_trim_whitespace(self.counts.met.cast(pa.string()).filter(pa.array(~self.words)))

    @cached_property
    def weight(self) -> np.ndarray:
        """How often each occurs."""
        weight: np.ndarray = np.asarray(self.counts.times)[~self.words]
        return weight

    @cached_property
    def mean_size(self) -> float:
        """Characters per cell."""
        return float((self.sizes * self.weight).sum()) / max(1, self.total)

    @cached_property
    def sizes(self) -> np.ndarray:
        """(k,) characters of each."""
        return self.answers("sizes", lambda texts: np.asarray(pc.utf8_length(texts)))

    @cached_property
    def blanks(self) -> np.ndarray:
        """(k,) blanks inside each."""
        return self.answers("blanks", lambda texts: np.asarray(pc.count_substring(texts, " ")))

    @cached_property
    def total(self) -> int:
        """Cells that hold them."""
        return int(self.weight.sum())

    def share(self, hit: np.ndarray, among: np.ndarray | None = None) -> float:
        """The better of two shares, by distinct value and by cell, of all or of those where ``among`` is true."""
        weight = self.weight if among is None else self.weight[among]
        hit = hit if among is None else hit[among]
        hits = np.count_nonzero(hit)
        if not hits or not weight.sum():
            return 0.0
        if hits == len(hit):
            return 1.0
        return max(float(hit.mean()), float(weight[hit].sum() / weight.sum()))

    def cells(self, hit: np.ndarray) -> float:
        """Share of cells."""
        hits = np.count_nonzero(hit)
        return float(self.weight[hit].sum()) / max(1, self.total) if hits else 0.0

    def matches(self, pattern: str) -> np.ndarray:
        """(k,) bool: does the text match?"""
        return self.answers(pattern, lambda texts: np.asarray(pc.match_substring_regex(texts, pattern)))

    def some_match(self, pattern: str) -> np.ndarray:
        """Which of ``some`` match."""
        if self.place:
            return self.matches(pattern)[:: self._step]
        return np.asarray(pc.match_substring_regex(self.some, pattern))

    def numbers(self, decimal: str, thousands: str) -> np.ndarray:
        """(k,) float64: the texts as numbers written so, NaN for those that are none."""
        column = Column("", Role.NUMBER, "float64", (), "", decimal, thousands)
        return self.answers(("numbers", decimal, thousands), lambda texts: parse_numbers(texts, column))

    def times(self, style: str, century: int = 0) -> np.ndarray:
        """(k,) datetime64[us]: the texts as times in a format, NaT for those that are none; read only."""
        times = self.place.times(style, century) if self.place else None
        column = Column("", Role.TIME, "timestamp", (), style, century=century)
        return parse_times(self.text, column) if times is None else times

    def shows(self, pattern: str) -> bool:
        """Does a text match? May say so where none does: it is asked to save a look."""
        return self.place is None or self.place.shows(pattern)

    def showing(self, patterns: tuple[str, ...]) -> list[bool]:
        """``shows`` of each of some patterns."""
        return [True] * len(patterns) if self.place is None else self.place.showing(patterns)

    def answers(self, key: Any, make: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
        """(k,) what ``make`` says of each text by itself: where it stands among others, of all at once; read only."""
        return self.place.answers(key, make) if self.place else make(self.text)

    @property
    def _step(self) -> int:
        return max(1, len(self.text) // SOME)

    @cached_property
    def some(self) -> pa.Array:
        """Up to ``SOME`` of the distinct texts, evenly spaced."""
        return self.text.take(pa.array(np.arange(0, len(self.text), self._step))) if self._step > 1 else self.text

    @cached_property
    def distinct_share(self) -> float:
        """Distinct values per cell."""
        return len(self.text) / max(1, self.total) if self.counts.whole else 1.0


def distinct_texts(counts: Mapping[str, ColumnCounts]) -> dict[str, DistinctTexts]:
    """The distinct texts of all columns, those of short ones read together."""
    out = {name: DistinctTexts(column) for name, column in counts.items()}
    columns = list(out.values())
    some = [columns[at] for at in short([column.counts.met for column in columns])]
    if some:
        met = Together.of([column.counts.met for column in some])
        gap, sure = (null_words(met.texts, strong_only=strong) for strong in (False, True))
        begins, sizes = met.starts[:-1], np.diff(met.starts)
        lone = begins[sizes == 1]
        may_be_value = ~np.asarray(pc.is_in(met.texts.take(pa.array(lone)), pa.array(sorted(BLANK_MARKS))))
        gap[lone] = np.where(may_be_value, sure[lone], gap[lone])
        kept = np.concatenate([[0], np.cumsum(~gap)])[met.starts]
        together = Together(pc.utf8_trim_whitespace(met.texts.filter(pa.array(~gap))), kept)
        for at, column in enumerate(some):
            place = Place(together, at)
            words = gap[met.starts[at] : met.starts[at + 1]]
            column.__dict__.update(words=words, place=place, text=place.texts)
    return out


@dataclass(frozen=True)
class Numbers:
    """How a column writes its numbers.

    Parameters
    ----------
    values : ndarray of float64, shape (k,)
        NaN where the text is no number.
    plain : float
        Share of cells that parse without a unit.
    integral : bool
        Are all written without a fraction?
    """

    values: np.ndarray
    plain: float
    integral: bool
    decimal: str
    thousands: str


def numbers_of(texts: DistinctTexts, decimal: str = "") -> Numbers | None:
    """The numbers of a column, None where nearly all of its cells should be numbers and are not.

    Parameters
    ----------
    decimal : str
        The decimal mark of the whole source; "" where it shows none. It settles what ``1.250`` and ``1,250`` mean.
    """
    if not texts.total:
        return None
    best: tuple[float, Numbers] | None = None
    seen = undecided(texts)
    wanted = decimal or (mark_by_gaps(texts) if seen == "." else ".")
    for mark, thousands in MARKS:
        if thousands and not _grouped(texts, thousands, mark):
            continue
        if mark == "," and not thousands and not texts.cells(texts.matches(r"^[+-]?\d+,\d+$")):
            continue
        if seen and mark != wanted and seen in (mark, thousands):
            continue
        values = texts.numbers(mark, thousands)
        share = texts.share(~np.isnan(values))
        if best is None or share > best[0]:
            whole = texts.matches(r"^[+-]?\d+$") if not thousands else np.isnan(values) | (values == np.floor(values))
            integral = bool((whole | np.isnan(values)).all())
            best = share, Numbers(values, texts.cells(~np.isnan(values)), integral, mark, thousands)
        if share >= 0.99:
            break
    if best and best[0] >= 0.95:
        return best[1]
    return _with_units(texts, best[1] if best else None)


def undecided(texts: DistinctTexts) -> str:
    """The only mark of a column where it may part thousands as well as decimals, as in ``1.250``; else ""."""
    for mark in ".,":
        marked = texts.matches(re.escape(mark))
        if marked.any() and not texts.matches(r"[.,]" if mark == "." else r"[.]")[~marked].any():
            once = texts.matches(rf"^[+-]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}$")
            if texts.cells(once) >= 0.95 * texts.cells(marked):
                return mark
    return ""


def mark_by_gaps(texts: DistinctTexts) -> str:
    """The decimal mark of a column of numbers like 1.250: small whole numbers beside them show that they are thousands.

    Had 1.250 been written without its last zeros, one in ten would have two decimals; in thousands it never has.
    """
    whole, marked = texts.matches(r"^[+-]?\d{1,3}$"), texts.matches(r"\.")
    long = texts.matches(r"^[+-]?\d{4,}$")
    parted = marked.sum() >= MANY_MARKED and whole.sum() >= 0.05 * marked.sum() and not long.any()
    return "," if parted else "."


def decimal_mark(columns: Iterable[DistinctTexts]) -> str:
    """The decimal mark that all columns which show one agree on; "" where none does, or they disagree."""
    shown = {mark for texts in columns if (mark := _shown(texts))}
    return shown.pop() if len(shown) == 1 else ""


def _shown(texts: DistinctTexts) -> str:
    few = texts.some_match(NUMERIC)
    if not texts.total or few.mean() < 0.5 or texts.cells(texts.matches(NUMERIC)) < 0.9 or undecided(texts):
        return ""
    votes = {
        ".": texts.cells(texts.matches(r"^[+-]?(\d{1,3}(,\d{3})+|\d+|)\.\d+$|^[+-]?[1-9]\d{0,2}(,\d{3}){2,}$")),
        ",": texts.cells(texts.matches(r"^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+$|^[+-]?[1-9]\d{0,2}(\.\d{3}){2,}$")),
    }
    best = max(votes, key=lambda mark: (votes[mark], mark))
    return best if votes[best] > 0 and votes[best] >= 10 * min(votes.values()) else ""


def _grouped(texts: DistinctTexts, thousands: str, decimal: str) -> bool:
    sep, mark = re.escape(thousands), re.escape(decimal)
    indian = rf"|[1-9]\d?({sep}\d{{2}})+{sep}\d{{3}}" if thousands == "," else ""
    groups = texts.matches(rf"^[^\d]{{0,4}}([1-9]\d{{0,2}}({sep}\d{{3}})+{indian})({mark}\d+)?\D{{0,8}}$")
    apart = texts.matches(sep)
    return bool(groups.any()) and texts.cells(groups) >= 0.95 * texts.cells(apart)


def _with_units(texts: DistinctTexts, bare: Numbers | None) -> Numbers | None:
    """Numbers that carry a unit, a percent sign or a currency, when nearly all cells have that form."""
    fits = texts.matches(UNIT)
    if texts.share(fits) < 0.95:
        return None
    parts = [re.match(UNIT, value) for value in texts.text.to_pylist()]
    # the unit is the first word behind the number; what follows it is a remark
    marks = [
        f"{(m[1] or '').strip()}|{((m[3] or '').split() or [''])[0]}".casefold().rstrip(".") if m else "" for m in parts
    ]
    kinds: dict[str, int] = {}
    for mark, times in zip(marks, texts.weight.tolist(), strict=True):
        kinds[mark] = kinds.get(mark, 0) + times
    # a unit repeats; what differs from cell to cell is a name, a model or a street
    known = sum(sorted(kinds.values(), reverse=True)[:8])
    if len(kinds) > max(8, 0.05 * len(marks)) or known < 0.9 * texts.total:
        return None
    if len(texts.text) < 3 or any(
        re.fullmatch(r"[^|]+\|.*", kind) and not re.search(r"[$€£¥₹￥]|rmb|usd|eur|cny", kind)
        for kind, times in kinds.items()
        if times > 0.05 * texts.total
    ):
        return None
    months = np.array([mark.partition("|")[2][:3] in MONTHS for mark in marks])  # "2005 Jan" is a month
    if (texts.matches(TIME_OF_DAY) | texts.matches(r"^0\d") | months).mean() > 0.3:
        return None
    thousands = "," if _grouped(texts, ",", ".") else ""
    decimal = (
        "," if not thousands and texts.matches(r"\d,\d{1,2}\D*$").any() and not texts.matches(r"\d\.\d").any() else "."
    )
    core = pa.array([m[2].strip() if m else None for m in parts], pa.string())
    values = parse_numbers(core, Column("", Role.NUMBER, "float64", (), "", decimal, thousands))
    if texts.share(~np.isnan(values)) < 0.95:
        return None
    return Numbers(values, bare.plain if bare else 0.0, False, decimal, thousands)
