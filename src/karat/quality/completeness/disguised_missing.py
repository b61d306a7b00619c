"""Texts and codes that stand for a value nobody has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.degrees import FULL_CELL
from karat.core.finding import FORM, SURE, Dimension
from karat.core.measure import Measure
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.quality.by_value import ByValue, Rule, ValueVerdict, judged_columns, share
from karat.quality.column_kind import ColumnKind, kind_of
from karat.quality.completeness.gap_codes import no_codes, strange_days, strange_texts, words_are_long
from karat.quality.completeness.null_spellings import gap_marks, gap_writings, plain_writing
from karat.quality.completeness.number_codes import RARE, Code, codes_of, company, texts_of
from karat.quality.distinct import Distinct
from karat.quality.null_words import AMBIGUOUS_WORDS, BLANK_MARKS, in_keeping, is_weak, of_one_length, word_shape
from karat.quality.quiet_numbers import QuietNumbers
from karat.quality.value_lists import is_a_sign, value_lists

# different words for a gap in one column: none of them is a category; 1 does
# as well, 6 worse (benchmarks/constants.md): fewer may be two categories
MIXED = 3
FLOATS = ("double", "float", "halffloat")  # Arrow's own names
# of the cells: a number so often is how the column is kept; codes planted into 20 tables reach .029 of a column.
# What most cells hold is a value like any other, unless other columns have it too
COMMON, MOST = 0.05, 0.5
WordRule = Callable[[int, str, bool], ValueVerdict | None]


@dataclass(frozen=True)
class DisguisedMissing(ByValue):
    """NULL words ("N/A", "unknown", "未知"), codes (-1, -200, 999) and days (1900-01-01) that stand for a gap.

    Read as values they become a category of their own or pull means and trees to a number nobody measured. In a
    column of numbers or times a word cannot be a value; where it is how programs write a blank ("NA", "NULL"), and
    the column or the table writes its other gaps in another way, making it blank is a change of form. In a column of
    words it may be a true value (a surname Null, Namibia's NA), so it is only pointed out. Numbers are codes when
    they lie outside the column's own distribution. Nothing but a program's blank is ever blanked unasked.

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
        own = counts.columns[column.name]
        kind = kind_of(own, column)
        codes = {code.value: code for code in codes_of(own, column)}
        word_rule = self._of_words(counts, column, schema)

        def ask(seen: Distinct) -> Iterable[ValueVerdict]:
            for at in np.flatnonzero(seen.gaps.strong | seen.gaps.weak).tolist():
                if verdict := word_rule(at, seen.texts[at], bool(seen.gaps.weak[at])):
                    yield verdict
            for at in np.flatnonzero(np.isin(seen.numbers, list(codes))).tolist():
                yield self._code(at, codes[float(seen.numbers[at])], own)
            if kind.name != "time":
                yield from strange_texts(seen, own, kind, self._limit(own))
            elif column.type == "timestamp":
                yield from strange_days(seen, own, column)

        return ask

    def quiet(self, counts: ValueCounts, column: Column, schema: Schema) -> QuietNumbers | None:
        """Numbers that are no codes."""
        own = counts.columns.get(column.name)
        return no_codes(own, column) if own and column.numeric else super().quiet(counts, column, schema)

    def _of_words(self, counts: ValueCounts, column: Column, schema: Schema) -> WordRule:
        """What to say of a gap word of a column, by its place, its text and whether it is a weak one."""
        own = counts.columns[column.name]
        kind = kind_of(own, column)
        everywhere = derived(counts, "gap writings", lambda: gap_writings(counts, judged_columns(schema)))
        marks = derived(counts, "gap marks", lambda: gap_marks(counts, judged_columns(schema)))
        lists = value_lists(counts, judged_columns(schema))
        like = in_keeping(kind.gap_words, _values(own, kind)) if kind.name == "text" and kind.gap_words else set()

        def word_rule(at: int, text: str, weak: bool) -> ValueVerdict | None:
            if kind.name == "text":
                if text in like and (word_shape(text) in ("Title", "UPPER") or of_one_length(text, own.values)):
                    said = f"{_stands(text, own, kind)} and may be a value like the others"
                    return ValueVerdict(at, 0.3, said) if kind.gap_words.get(text, 0) <= self._limit(own) else None
                return self._word(at, text, own, kind, weak=weak, mark=text in marks)
            if (text == "nan" and column.stored in FLOATS) or is_a_sign(text, lists):  # values of the type, of a list
                return None
            blank = everywhere[""] - own.blank
            # the table's own way of writing gaps is what most of its other columns' gaps are
            blanks = blank >= FULL_CELL and blank > everywhere[plain_writing(text)] - kind.gap_words.get(text, 0)
            return self._no_value(at, text, own, kind, blanks=blanks)

        return word_rule

    def _limit(self, counts: ColumnCounts) -> float:
        return max(2, min(5, 3 * self.rare * counts.records), self.rare * counts.records)

    def _no_value(self, at: int, text: str, counts: ColumnCounts, kind: ColumnKind, *, blanks: bool) -> ValueVerdict:
        """A word in a column of numbers or times."""
        cells = kind.gap_words.get(text, 0)
        message = f"{_stands(text, counts, kind)} of a column of {kind.name}s"
        message += "; other gaps are blank" if blanks or counts.blank else ""
        odd = blanks or counts.blank >= cells or cells <= 10 * self._limit(counts)
        if text.strip() in BLANK_MARKS or not text.strip():
            return ValueVerdict(at, 0.93 if odd else 0.4, message, "", FORM)
        return ValueVerdict(at, 0.85 if odd else 0.3, message)  # so often, it is how the column writes its gaps

    def _word(
        self, at: int, text: str, own: ColumnCounts, kind: ColumnKind, *, weak: bool, mark: bool
    ) -> ValueVerdict | None:
        """A word in a column of words."""
        cells, said = kind.gap_words.get(text, 0), _stands(text, own, kind)
        few = cells <= self._limit(own)
        gaps = sum(kind.gap_words.values()) + own.blank
        if mark and own.blank and text.strip() in BLANK_MARKS:
            said += "; the table's numbers write gaps so, and this column has blanks too"
            return ValueVerdict(at, 0.6, said, "", FORM)
        if len(kind.gap_words) >= MIXED and cells <= gaps / 2 and kind.cells >= MIXED * gaps:
            return ValueVerdict(at, 0.7, f"{said}; {gaps - cells:,} other gaps of the column are written otherwise")
        said += " and may mean that nothing is known"
        if weak or text.strip().lower() in AMBIGUOUS_WORDS:  # where they are many, a category of its own
            return ValueVerdict(at, 0.6 if weak or words_are_long(own) else 0.2, said) if few else None
        return ValueVerdict(at, 0.7, said) if few or own.blank >= cells else None

    def _code(self, at: int, code: Code, own: ColumnCounts) -> ValueVerdict:
        limit = 0.85 if code.cells <= self._limit(own) else 0.45 if code.cells <= COMMON * own.records else 0.3
        said = f"{code.value:g} occurs in {share(code.cells, own.records)}, like a code for missing: {code.reason}"
        return ValueVerdict(at, min(code.confidence, limit), said)

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each column with disguised gaps."""
        rows = [(c.name, *row) for c in judged_columns(schema) if (row := self._finding(state, c, schema))]
        names, values, messages, sure = (list(part) for part in zip(*rows, strict=True)) if rows else ([], [], [], [])
        return self.found(len(names), column=names, value=values, confidence=sure, message=messages)

    def _finding(self, state: ValueCounts, column: Column, schema: Schema) -> tuple[str, str, float] | None:
        if column.name not in state.columns:
            return None
        counts = state.columns[column.name]
        sure = self._disguised(state, column, schema)
        words = kind_of(counts, column).gap_words
        codes = [code.value for code in codes_of(counts, column) if code.confidence >= SURE]
        gaps = sure or words or texts_of(counts, column, codes)
        if not gaps:
            return None
        texts = sorted(gaps.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{text!r} {n:,}" for text, n in texts[:5])
        message = f"{share(sum(gaps.values()), counts.records)} hold a text that {{}} missing: {listed}"
        if not sure:
            return texts[0][0], message.format("may mean"), 0.4
        often = sum(n for text, n in texts if text not in words) > COMMON * counts.records
        return texts[0][0], message.format("probably means" if often else "means"), 0.6 if often else 0.9

    def _disguised(self, state: ValueCounts, column: Column, schema: Schema) -> dict[str, int]:
        """Texts that mean missing in a column, and how often each occurs; doubtful ones left out."""
        counts = state.columns[column.name]
        kind = kind_of(counts, column)
        word_rule = self._of_words(state, column, schema) if kind.gap_words else lambda *_: None
        verdicts = ((text, word_rule(0, text, is_weak(text))) for text in kind.gap_words)
        sure = {t for t, verdict in verdicts if kind.name != "text" or (verdict and verdict.confidence >= SURE)}
        words = {text: n for text, n in kind.gap_words.items() if text in sure}
        return words | texts_of(counts, column, self._meant(state, column, schema))

    def _meant(self, state: ValueCounts, column: Column, schema: Schema) -> list[float]:
        """Codes that mean missing: where most cells hold one, only if another column of the table has it too."""
        counts = state.columns[column.name]
        codes = [code for code in codes_of(counts, column) if code.confidence >= SURE]
        if sum(code.cells for code in codes) <= MOST * counts.records:
            return [code.value for code in codes]
        others = derived(state, "codes of columns", lambda: company(state, judged_columns(schema)))
        return [code.value for code in codes if others[code.value] > 1]

    def measures(self, state: ValueCounts, schema: Schema, findings: pa.Table) -> list[Measure]:
        """Disguised gaps among all cells."""
        columns = [c for c in judged_columns(schema) if c.name in state.columns]
        total = sum(state.columns[c.name].records for c in columns)
        bad = sum(sum(self._disguised(state, column, schema).values()) for column in columns)
        return [Measure(self.measure_name, self.standard, bad, total)] if total else []


def _stands(text: str, counts: ColumnCounts, kind: ColumnKind) -> str:
    return f"{text!r} occurs in {share(kind.gap_words.get(text, 0), counts.records)}"


def _values(counts: ColumnCounts, kind: ColumnKind) -> list[str]:
    """The distinct values that are no gap words."""
    return [text for text in counts.values if text not in kind.gap_words]
