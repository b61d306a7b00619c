"""Columns that can be read in two ways: every value of them, or with two decimal marks."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.degrees import NEARLY_ALL, REPEATEDLY, SMALL_SAMPLE
from karat.core.finding import FORM, Dimension
from karat.core.schema import Column, Schema
from karat.core.unit import Check
from karat.quality.by_value import judged_columns, share
from karat.quality.consistency.time_styles import wanted_style

SOME = 2000  # distinct values looked at; cost: the rest is not looked at
TWO_WAYS = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"
ONE_MARK = {".": r"^[+-]?(\d{1,3}(,\d{3})+|\d*)\.\d+$", ",": r"^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+$"}


@dataclass(frozen=True)
class AmbiguousWritings(Check):
    """Columns that nothing decides (1.250 may be a quarter more than one or a thousand), or that mix decimal marks.

    Whoever reads the file next may read it the other way, and no cell will look wrong. Such numbers are read by the
    other columns of the source, such dates (03/04/2018) are left as text, and ``--decimal`` or ``--date-order`` settles
    it. Where 12.5 and 12,5 stand in one column each is read by its own mark, and nothing is rewritten.

    Source: ISO/IEC 5259-2, data format consistency; RFC 4180 has no word for either.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})
    writes: ClassVar[str] = FORM
    at_the_door: ClassVar[bool] = False

    confidence: float = 0.4
    mixed_confidence: float = 0.9

    def learn(self, block: Block) -> ValueCounts:
        """How often each value occurs in each column."""
        return ValueCounts.of(block)

    def judge(self, state: ValueCounts, block: Block, before: Any = None) -> pa.Table:
        """Nothing: it is a matter of whole columns."""
        return self.found(0, confidence=0.0, message="")

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each column that can be read in two ways."""
        columns = [column for column in judged_columns(schema) if column.name in state.columns]
        parts = [self.found(0, confidence=0.0, message="")]
        for sure, finding in ((self.confidence, _ambiguity), (self.mixed_confidence, _mixed)):
            rows = [(c.name, *said) for c in columns if (said := finding(state.columns[c.name], c))]
            names, values, messages = (list(part) for part in zip(*rows, strict=True)) if rows else ([], [], [])
            parts.append(self.found(len(names), column=names, value=values, confidence=sure, message=messages))
        return pa.concat_tables(parts)


def decimal_marks(tally: ColumnCounts) -> list[tuple[str, int, str]]:
    """Decimal marks of a column with the cells that show each and one such text, the commonest mark first.

    Texts like 1.250 show none; one mark alone where the other is in fewer than three cells.
    """
    open_ = tally.matching(TWO_WAYS)
    out = []
    for mark, form in ONE_MARK.items():
        shown = tally.matching(form) & ~open_
        cells = int(tally.counts[shown].sum())
        if cells >= REPEATEDLY:
            out.append((mark, cells, tally.texts[int(np.argmax(np.where(shown, tally.counts, 0)))].as_py()))
    return sorted(out, key=lambda entry: -entry[1])


def mixed_marks(counts: ValueCounts, schema: Schema) -> dict[str, tuple[str, str]]:
    """The commoner and the rarer decimal mark of each column of numbers that holds both."""
    both = {c.name: _both(counts.columns[c.name], c) for c in schema if c.name in counts.columns}
    return {name: (marks[0][0], marks[1][0]) for name, marks in both.items() if marks}


def _both(tally: ColumnCounts, column: Column) -> list[tuple[str, int, str]]:
    """Both decimal marks of a column of numbers, read as such or not, as ``decimal_marks``; none where it has one."""
    marks = [] if column.stored else decimal_marks(tally)
    shown = sum(cells for _, cells, _ in marks)
    numbers = column.numeric or shown >= NEARLY_ALL * (tally.records - tally.blank)
    return marks if len(marks) == len(ONE_MARK) and numbers else []


def _mixed(tally: ColumnCounts, column: Column) -> tuple[str, str] | None:
    """What is said of a column of numbers that holds both marks."""
    marks = _both(tally, column)
    if not marks:
        return None
    filled = tally.records - tally.blank
    said = " · ".join(f"{share(cells, filled)} like {text!r}" for _, cells, text in marks)
    read = "left as text" if not column.numeric else "each cell is read by its own, none was rewritten"
    if column.thousands:
        read = f"{column.thousands!r} is read as the thousands mark of all"
    return marks[1][2], f"two decimal marks in one column: {said}; {read}"


def _ambiguity(tally: ColumnCounts, column: Column) -> tuple[str, str] | None:
    filled = tally.records - tally.blank
    if filled < SMALL_SAMPLE or not len(tally.texts):
        return None
    if column.numeric and not column.stored:
        return _number(tally, column, filled)
    return _day(tally, filled) if column.type == "string" else None


def _number(tally: ColumnCounts, column: Column, filled: int) -> tuple[str, str] | None:
    marked, two_ways = tally.matching("[.,]"), tally.matching(TWO_WAYS)
    cells = int(tally.counts[two_ways].sum())
    texts = tally.texts.filter(pa.array(two_ways))
    if cells < max(SMALL_SAMPLE, NEARLY_ALL * int(tally.counts[marked].sum())):
        return None
    if len(pc.unique(pc.replace_substring_regex(texts, r"\d", ""))) > 2:  # with and without a sign
        return None
    text = texts[int(np.argmax(tally.counts[two_ways]))].as_py()
    digits = text.replace(",", "").replace(".", "")
    fraction = text.replace(",", ".")
    read, other = (digits, fraction) if column.thousands else (fraction, digits)
    evidence = (
        f"{share(cells, filled)} are like {text!r}, which can be {fraction} or {digits}; nothing in the column decides"
    )
    return text, f"{evidence}; read as {read}, set --decimal if {other} is meant"


def _day(tally: ColumnCounts, filled: int) -> tuple[str, str] | None:
    texts, counts = tally.texts.slice(0, SOME).to_pylist(), tally.counts[:SOME]
    style = wanted_style(texts, counts.tolist(), int(counts.sum()))
    if style is None or style.style.day != "ab" or style.order or style.cells < NEARLY_ALL * counts.sum():
        return None
    evidence = f"{filled:,} cells hold days like {texts[0]!r}, and neither place ever holds a number above 12"
    return texts[0], f"{evidence}; left as text, set --date-order"
