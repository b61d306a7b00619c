"""Days and numbers that stand for a gap where no day or number belongs, or outside all other days."""

from collections.abc import Iterable

import numpy as np

from karat.core.counts import ColumnCounts
from karat.core.parsing import parse_times
from karat.core.schema import Column
from karat.quality.by_value import ValueVerdict
from karat.quality.column_kind import ColumnKind, kind_of
from karat.quality.completeness.number_codes import codes_of
from karat.quality.distinct import Distinct
from karat.quality.null_words import KNOWN_CODES
from karat.quality.quiet_numbers import QuietNumbers

YEAR_US = 366 * 86_400_000_000  # definition: microseconds of a leap year


def strange_texts(seen: Distinct, counts: ColumnCounts, kind: ColumnKind, limit: float) -> Iterable[ValueVerdict]:
    """Days in a column without days; code numbers in a column of words."""
    days = seen.gaps.day
    numbers = np.zeros(len(days), bool)
    if kind.name == "text" and kind.cells >= 3 * max(1, len(counts.values)):
        wordy = float(counts.counts[~np.isfinite(kind.numbers)].sum()) >= 0.98 * max(1, counts.counts.sum())
        numbers = np.isin(seen.numbers, list(KNOWN_CODES)) & wordy
    places = np.flatnonzero(days | numbers).tolist()
    cells = dict(zip(counts.values, counts.counts.tolist(), strict=True)) if places else {}
    for at in places:
        n = cells.get(seen.texts[at], 0)
        what = "day" if days[at] else "number"
        if n <= limit:
            message = f"{seen.texts[at]!r} is a {what} that often stands for missing, in a column of {kind.name}s"
            yield ValueVerdict(at, 0.85, message)


def strange_days(seen: Distinct, counts: ColumnCounts, column: Column) -> Iterable[ValueVerdict]:
    """Days like 1900-01-01 that lie outside the column's own times."""
    codes = seen.gaps.day
    if not codes.any():
        return
    span = _times(counts, column)
    if span is None:  # nothing lies outside of nothing
        return
    low, high = span
    stamps = parse_times(seen.array, column).astype("int64")
    for at in np.flatnonzero(codes & ((stamps < low - YEAR_US) | (stamps > high + YEAR_US))).tolist():
        yield ValueVerdict(at, 0.85, f"{seen.texts[at]!r} lies outside all other times and often stands for missing")


def _times(counts: ColumnCounts, column: Column) -> tuple[int, int] | None:
    """Earliest and latest time of a column in microseconds, codes left out; None without any."""
    seen = Distinct.learned(counts, column)
    stamps = parse_times(seen.array, column)
    stamps = stamps[~np.isnat(stamps) & ~seen.gaps.day].astype("int64")
    return (int(stamps.min()), int(stamps.max())) if len(stamps) else None


def no_codes(own: ColumnCounts, column: Column) -> QuietNumbers:
    """The numbers that are no code for a gap in their column."""
    known = KNOWN_CODES if kind_of(own, column).name == "text" else frozenset()
    return QuietNumbers(apart=known | {code.value for code in codes_of(own, column)})


def words_are_long(counts: ColumnCounts) -> bool:
    """Are the values of a column four letters long, or more, on average?"""
    lengths = np.fromiter((len(text) for text in counts.values[:1000]), np.int64)
    return bool(len(lengths)) and float(np.average(lengths, weights=counts.counts[:1000])) >= 4
