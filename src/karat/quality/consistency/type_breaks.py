"""Cells of another type than their column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.degrees import NEARLY_ALL, SELDOM
from karat.core.finding import Dimension
from karat.core.parsing import is_no_day, parse_times
from karat.core.schema import Column, Schema
from karat.quality.by_value import ByValue, Rule, ValueVerdict, judged_columns, share
from karat.quality.column_kind import ColumnKind, kind_of
from karat.quality.consistency._replaced import fitting
from karat.quality.consistency.code_patterns import patterns_of
from karat.quality.consistency.column_words import built, of_lists, often_written, own_codes, shape
from karat.quality.consistency.number_writing import as_plain_number
from karat.quality.consistency.time_styles import take_apart
from karat.quality.distinct import Distinct
from karat.quality.quantities import read_quantity
from karat.quality.quiet_numbers import ALL_QUIET, QuietNumbers
from karat.quality.value_lists import value_lists

RARE = 0.005  # unproven: more is how the column writes
MANY = 1000  # cells, from which words need not be so few; unproven
MOST_CODES = 20_000  # distinct texts whose patterns are looked at; cost: beyond, it is not taken for codes
MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)"
DAY = rf"(?i)^(?:\d{{1,2}}-{MONTH}|{MONTH}-\d{{1,2}})$"
PARTIAL = re.compile(r"\d{4}(?:[-/.年]\d{1,2}月?|年)?")  # a year, a month: known less exactly, not wrong
LOOKALIKES = str.maketrans("OolI|SBZ", "00111582")


@dataclass(frozen=True)
class TypeBreaks(ByValue):
    """Words in a column of numbers, numbers in a column of words, what is no time in a column of times.

    A reader turns the whole column into text for one such cell, or drops the cell in silence. A day among codes is
    what a spreadsheet makes of a gene's symbol (Ziemann, Eren & El-Osta 2016).

    Source: ISO/IEC 5259-2 data format consistency; Pit-Claudel et al. (2016), Outlier detection in heterogeneous
    datasets using automatic tuple expansion.

    Parameters
    ----------
    rare : float
        Share of cells, in [0, 1], up to which numbers in a column of words are slips.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data type consistency"

    rare: float = RARE

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """By what the column holds."""
        tally = counts.columns[column.name]
        kind = kind_of(tally, column)
        if kind.cells < 10:
            return None
        own = of_lists(tally, value_lists(counts, judged_columns(schema)))
        if kind.name == "number":
            return lambda seen: self._words(seen, tally, kind, own)
        if kind.name == "time":
            return lambda seen: self._no_times(seen, kind)
        wordy, days = self._wordy(tally, kind) or _coded(tally), _few_days(tally, kind)
        if not wordy and not days:
            return None
        return lambda seen: [
            *(self._numbers(seen, tally, kind, own) if wordy else ()),
            *(_days(seen, days) if days else ()),
        ]

    def quiet(self, counts: ValueCounts, column: Column, schema: Schema) -> QuietNumbers | None:
        """All numbers of a column of numbers."""
        own = counts.columns.get(column.name)
        plain = own is not None and column.numeric and kind_of(own, column).name == "number"
        return ALL_QUIET if plain else super().quiet(counts, column, schema)

    def _words(self, seen: Distinct, tally: ColumnCounts, kind: ColumnKind, own: set[str]) -> Iterable[ValueVerdict]:
        if np.isfinite(seen.numbers).all():  # the common case, and the one that must be quick
            return
        numbers = int(tally.counts[np.isfinite(kind.numbers)].sum())
        message = f"not a number, though {self._alike(numbers, tally, kind)}"
        gaps = seen.gaps.all
        often, codes = often_written(tally, kind), own_codes(tally, kind)
        for at in np.flatnonzero(~np.isfinite(seen.numbers) & ~gaps).tolist():
            text = seen.texts[at]
            if text in own:
                continue
            read = read_quantity(text)
            if read and (numbers < kind.cells / 2 or read.unit is not None or read.behind[:1] == " "):
                continue
            if as_plain_number(text, seen.column.decimal):
                continue
            if built(text) in codes:
                said = f"{message}; {codes[built(text)]:,} are words or codes that recur"
                yield ValueVerdict(at, 0.1, said)
                continue
            if (written := shape(text)) in often:  # one word or pattern again and again is the column's own
                yield ValueVerdict(at, 0.3, f"{message}; {often[written]:,} are written like {written!r}")
                continue
            looks = text.strip().translate(LOOKALIKES)
            mended = (
                looks
                if looks != text and looks.isdigit() and sum(ch.isdigit() for ch in text) * 2 > len(text.strip())
                else None
            )
            if mended is None and len(fits := fitting(text, tally)) == 1:
                mended = fits[0]
            yield ValueVerdict(at, 0.97 if numbers >= 0.9 * kind.cells else 0.9, message, mended)

    def _alike(self, numbers: int, tally: ColumnCounts, kind: ColumnKind) -> str:
        """How many cells of a column of numbers are numbers, plain or with their unit."""
        if numbers >= kind.cells / 2:
            return f"{share(numbers, kind.cells)} of the column are"
        with_unit = sum(n for text, n in zip(tally.values, tally.counts.tolist(), strict=True) if read_quantity(text))
        return f"{share(with_unit, kind.cells)} of the column are numbers with a unit"

    def _wordy(self, tally: ColumnCounts, kind: ColumnKind) -> bool:
        """Does a column hold a few words again and again, with no digit in them?"""
        if kind.cells < (3 if kind.cells >= MANY else 10) * len(tally.values):
            return False
        digits = np.fromiter((any(ch.isdigit() for ch in text) for text in tally.values), bool, len(tally.values))
        return int(tally.counts[digits].sum()) <= self.rare * tally.counts.sum() + 2

    def _numbers(self, seen: Distinct, tally: ColumnCounts, kind: ColumnKind, own: set[str]) -> Iterable[ValueVerdict]:
        cells = dict(zip(tally.values, tally.counts.tolist(), strict=True))
        for at in np.flatnonzero(np.isfinite(seen.numbers)).tolist():
            if seen.texts[at] not in own and cells.get(seen.texts[at], 0) <= max(2, self.rare * tally.records):
                yield ValueVerdict(
                    at,
                    0.95,
                    f"a number, as only {share(int(tally.counts[np.isfinite(kind.numbers)].sum()), tally.records)} are",
                )

    def _no_times(self, seen: Distinct, kind: ColumnKind) -> Iterable[ValueVerdict]:
        odd = np.isnat(parse_times(seen.array, seen.column)) & ~seen.gaps.all
        long = pc.greater(pc.utf8_length(seen.array), 0).to_numpy(zero_copy_only=False)
        for at in np.flatnonzero(odd & long).tolist():
            day = take_apart(seen.texts[at])
            if is_no_day(seen.texts[at], seen.column):
                yield ValueVerdict(at, 0.92, "no such day: its month is shorter")
                continue
            if day and day.numbers and not day.rest:  # a time in another writing: InconsistentFormats tells it
                continue
            written = f"written like {seen.column.format}" if seen.column.format else "by ISO 8601"
            sure = 0.3 if PARTIAL.fullmatch(seen.texts[at].strip()) else 0.92
            yield ValueVerdict(at, sure, f"no time {written}, though the column holds times")


def _coded(tally: ColumnCounts) -> bool:
    """Are nearly all texts of a column codes with a letter, built alike?"""
    if len(tally.texts) > MOST_CODES:
        return False
    built = patterns_of(tally.texts.cast(pa.string()), tally.counts)
    return built is not None and built.share[built.main] >= NEARLY_ALL and "a" in built.main


def _few_days(tally: ColumnCounts, kind: ColumnKind) -> int:
    """Cells with a day and a month's name in a column of other texts, where they are few; 0 where they are its own."""
    days = pc.match_substring_regex(tally.texts, DAY).to_numpy(zero_copy_only=False)
    cells = int(tally.counts[days].sum())
    return cells if cells <= SELDOM * kind.cells else 0


def _days(seen: Distinct, cells: int) -> Iterable[ValueVerdict]:
    days = pc.match_substring_regex(seen.array, DAY).to_numpy(zero_copy_only=False)
    for at in np.flatnonzero(days).tolist():
        yield ValueVerdict(
            at, 0.9, f"a day, as only {cells:,} of the column are: a spreadsheet reads codes like MAR1 as days"
        )
