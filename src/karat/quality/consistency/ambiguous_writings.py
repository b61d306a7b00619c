"""Columns whose every value can be read in two ways."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import FORM, Dimension
from karat.core.schema import Column, Schema
from karat.core.unit import Check
from karat.quality.by_value import judged_columns, share
from karat.quality.consistency.time_styles import wanted_style

FEWEST = 10  # cells; fewer may look alike by chance; unproven
NEARLY_ALL = 0.95  # unproven: of the cells; the others may be slips
SOME = 2000  # distinct values looked at; cost: the rest is not looked at
TWO_WAYS = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"


@dataclass(frozen=True)
class AmbiguousWritings(Check):
    """Columns that nothing decides: 1.250 may be one and a quarter or a thousand, 03/04/2018 March or April.

    Whoever reads the file next may read it the other way, and no cell will look wrong. Such numbers are read by the
    other columns of the source, such dates are left as text, and ``--decimal`` or ``--date-order`` settles it.

    Source: ISO/IEC 5259-2, data format consistency; RFC 4180 has no word for either.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})
    writes: ClassVar[str] = FORM
    at_the_door: ClassVar[bool] = False

    confidence: float = 0.4

    def learn(self, block: Block) -> ValueCounts:
        """How often each value occurs in each column."""
        return ValueCounts.of(block)

    def judge(self, state: ValueCounts, block: Block, before: Any = None) -> pa.Table:
        """Nothing: it is a matter of whole columns."""
        return self.found(0, confidence=0.0, message="")

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each column that can be read in two ways."""
        columns = [column for column in judged_columns(schema) if column.name in state.columns]
        rows = [(c.name, *finding) for c in columns if (finding := _ambiguity(state.columns[c.name], c))]
        names, values, messages = (list(part) for part in zip(*rows, strict=True)) if rows else ([], [], [])
        return self.found(len(names), column=names, value=values, confidence=self.confidence, message=messages)


def _ambiguity(tally: ColumnCounts, column: Column) -> tuple[str, str] | None:
    filled = tally.records - tally.blank
    if filled < FEWEST or not len(tally.texts):
        return None
    if column.numeric and not column.stored:
        return _number(tally, column, filled)
    return _day(tally, filled) if column.type == "string" else None


def _number(tally: ColumnCounts, column: Column, filled: int) -> tuple[str, str] | None:
    marked = pc.match_substring_regex(tally.texts, "[.,]").to_numpy(zero_copy_only=False)
    two_ways = pc.match_substring_regex(tally.texts, TWO_WAYS).to_numpy(zero_copy_only=False)
    cells = int(tally.counts[two_ways].sum())
    texts = tally.texts.filter(pa.array(two_ways))
    if cells < max(FEWEST, NEARLY_ALL * int(tally.counts[marked].sum())):
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
