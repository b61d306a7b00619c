"""Texts and codes that stand for a value nobody has."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import parse_times
from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import Dimension
from karat.core.measure import Measure
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.quality.by_value import ByValue, Distinct, Rule, Verdict, judged_columns, share
from karat.quality.column_kind import Kind, kind_of
from karat.quality.completeness.gap_writings import gap_writings, plain_writing
from karat.quality.completeness.number_codes import RARE, Code, number_codes
from karat.quality.null_words import AMBIGUOUS_WORDS, KNOWN_CODES, gap_masks

OTHER_BLANKS = 5  # this many blank cells elsewhere show how the table writes a gap
MIXED = 3  # different words for a gap in one column: none of them is a category
YEAR_US = 366 * 86_400_000_000


@dataclass(frozen=True)
class DisguisedMissing(ByValue):
    """NULL words ("N/A", "unknown", "未知"), codes (-1, -200, 999) and days (1900-01-01) that stand for a gap.

    Read as values they become a category of their own or pull means and trees to a number nobody measured. In a
    column of numbers or times a word cannot be a value, so it is a gap written wrongly, unless that is how the
    whole table writes its gaps. In a column of words it may be a category, so only a rare one is doubted.
    Numbers are codes when they lie outside the column's own distribution.

    Source: Pearson (2006), The problem of disguised missing data, SIGKDD Explorations 8(1).

    Parameters
    ----------
    rare : float
        Share of cells, in [0, 1], up to which a gap text is a slip, not the column's way of writing gaps.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "value occurrence completeness"

    rare: float = RARE

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Words by what else the column holds, codes by its distribution."""
        held = counts.columns[column.name]
        kind = kind_of(held, column)
        everywhere = derived(counts, "gap writings", lambda: gap_writings(counts, judged_columns(schema)))
        codes = {code.value: code for code in codes_of(held, column)}

        def ask(seen: Distinct) -> Iterable[Verdict]:
            strong, weak = seen.gaps.strong, seen.gaps.weak
            for at in np.flatnonzero(strong | weak).tolist():
                text = seen.texts[at]
                blank = everywhere[""] - held.blank
                # the table's own way of writing gaps is what most of its other columns' gaps are
                blanks = blank >= OTHER_BLANKS and blank > everywhere[plain_writing(text)] - kind.gap_words.get(text, 0)
                told = self._word(at, text, held, kind, blanks=blanks, weak=bool(weak[at]))
                if told:
                    yield told
            if codes:
                for at in np.flatnonzero(np.isin(seen.numbers, list(codes))).tolist():
                    yield self._code(at, codes[float(seen.numbers[at])], held)
            if kind.name != "time":
                yield from self._strange(seen, held, kind)
            elif column.type == "timestamp":
                yield from self._days(seen, held, column)

        return ask

    def _limit(self, held: ColumnCounts) -> float:
        return max(2, min(5, 3 * self.rare * held.records), self.rare * held.records)

    def _word(self, at: int, text: str, held: ColumnCounts, kind: Kind, *, blanks: bool, weak: bool) -> Verdict | None:
        cells = kind.gap_words.get(text, 0)
        told = f"{text!r} stands in {share(cells, held.records)}"
        few = cells <= self._limit(held)
        gaps = sum(kind.gap_words.values()) + held.blank
        mixed = len(kind.gap_words) >= MIXED and cells <= gaps / 2  # most gaps of the column are written otherwise
        if kind.name != "text":
            sure = 0.93 if blanks or held.blank >= cells or cells <= 10 * self._limit(held) else 0.4
            told += f" of a column of {kind.name}s" + ("; other gaps are blank" if blanks or held.blank else "")
            return Verdict(at, sure, told, "")
        if mixed and kind.cells >= MIXED * gaps:
            return Verdict(at, 0.9, f"{told}; {gaps - cells:,} other gaps of the column are written otherwise", "")
        if weak or text.strip().lower() in AMBIGUOUS_WORDS:
            if not few:  # a category of its own
                return None
            told += " and may mean that nothing is known"
            if weak:
                return Verdict(at, 0.9 if kind.cells >= 10 * max(1, len(held.values)) else 0.6, told, "")
            return Verdict(at, 0.6 if _words_are_long(held) else 0.2, told, "")
        others = held.blank >= cells
        why = f"; {held.blank:,} other gaps of the column are blank" if others else " and means that nothing is known"
        return Verdict(at, 0.9 if few or others else 0.4, told + why, "")

    def _code(self, at: int, code: Code, held: ColumnCounts) -> Verdict:
        few = code.cells <= self._limit(held)
        told = f"{code.value:g} stands in {share(code.cells, held.records)}, like a code for missing: {code.reason}"
        return Verdict(at, code.confidence if few else min(code.confidence, 0.45), told, "")

    def _strange(self, seen: Distinct, held: ColumnCounts, kind: Kind) -> Iterable[Verdict]:
        """Days in a column without days; code numbers in a column of words."""
        days = seen.gaps.day
        numbers = np.zeros(len(days), bool)
        if kind.name == "text" and kind.cells >= 3 * max(1, len(held.values)):
            wordy = float(held.counts[~np.isfinite(kind.numbers)].sum()) >= 0.98 * max(1, held.counts.sum())
            numbers = np.isin(seen.numbers, list(KNOWN_CODES)) & wordy
        places = np.flatnonzero(days | numbers).tolist()
        cells = dict(zip(held.values, held.counts.tolist(), strict=True)) if places else {}
        for at in places:
            n = cells.get(seen.texts[at], 0)
            what = "day" if days[at] else "number"
            if n <= self._limit(held):
                yield Verdict(
                    at, 0.95, f"{seen.texts[at]!r} is a {what} that stands for missing, in a column of {kind.name}s", ""
                )

    def _days(self, seen: Distinct, held: ColumnCounts, column: Column) -> Iterable[Verdict]:
        """Days like 1900-01-01 that lie outside the column's own times."""
        codes = seen.gaps.day
        if not codes.any():
            return
        low, high = _times(held, column)
        stamps = parse_times(seen.array, column).astype("int64")
        for at in np.flatnonzero(codes & ((stamps < low - YEAR_US) | (stamps > high + YEAR_US))).tolist():
            yield Verdict(at, 0.9, f"{seen.texts[at]!r} lies outside all other times and often stands for missing", "")

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each column with disguised gaps."""
        rows = [(c.name, *told) for c in judged_columns(schema) if (told := self._told(state, c))]
        names, values, messages, sure = (list(part) for part in zip(*rows, strict=True)) if rows else ([], [], [], [])
        return self.found(len(names), column=names, value=values, confidence=sure, message=messages)

    def _told(self, state: ValueCounts, column: Column) -> tuple[str, str, float] | None:
        if column.name not in state.columns:
            return None
        held = state.columns[column.name]
        gaps = self.disguised(held, column)
        if not gaps:
            return None
        listed = ", ".join(
            f"{text!r} {n:,}" for text, n in sorted(gaps.items(), key=lambda item: (-item[1], item[0]))[:5]
        )
        most = max(gaps, key=lambda text: (gaps[text], text))
        return most, f"{share(sum(gaps.values()), held.records)} hold a text that means missing: {listed}", 0.9

    def disguised(self, held: ColumnCounts, column: Column) -> dict[str, int]:
        """Texts that mean missing in a column, and how often each occurs; doubtful ones left out."""
        kind = kind_of(held, column)
        strong = gap_masks(pa.array(list(kind.gap_words), pa.string())).strong
        sure = {
            t: n
            for (t, n), s in zip(kind.gap_words.items(), strong, strict=True)
            if kind.name != "text" or (s and t.strip().lower() not in AMBIGUOUS_WORDS)
        }
        codes = [code.value for code in codes_of(held, column) if code.confidence >= 0.5]
        at = np.flatnonzero(np.isin(kind.numbers, codes)).tolist() if codes else []
        return sure | {held.values[i]: int(held.counts[i]) for i in at}

    def measures(self, state: ValueCounts, schema: Schema, found: pa.Table) -> list[Measure]:
        """Disguised gaps among all cells."""
        held = [(state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns]
        total = sum(counts.records for counts, _ in held)
        bad = sum(sum(self.disguised(counts, column).values()) for counts, column in held)
        return [Measure(self.measure_name, self.standard, bad, total)] if total else []


def codes_of(held: ColumnCounts, column: Column) -> list[Code]:
    """A number column's codes for missing; kept with its counts."""

    def make() -> list[Code]:
        kind = kind_of(held, column)
        number = np.isfinite(kind.numbers)
        if kind.name != "number":
            return []
        values, at = np.unique(kind.numbers[number], return_inverse=True)
        return number_codes(values, np.bincount(at, held.counts[number]).astype(np.int64))

    return derived(held, f"codes {column!r}", make)


def _words_are_long(held: ColumnCounts) -> bool:
    lengths = np.fromiter((len(text) for text in held.values[:1000]), np.int64)
    return bool(len(lengths)) and float(np.average(lengths, weights=held.counts[:1000])) >= 4


def _times(held: ColumnCounts, column: Column) -> tuple[int, int]:
    """Earliest and latest time of a column in microseconds, codes left out."""
    seen = Distinct.learned(held, column)
    stamps = parse_times(seen.array, column)
    stamps = stamps[~np.isnat(stamps) & ~seen.gaps.day].astype("int64")
    return (int(stamps.min()), int(stamps.max())) if len(stamps) else (0, 0)
