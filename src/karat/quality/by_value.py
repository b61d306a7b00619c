"""What the checks on single cells share: a rule learned from a column's value counts, asked once per distinct value."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block, parse_numbers
from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.null_words import GapMasks, gap_masks
from karat.quality.quiet_numbers import ALL_QUIET, QuietNumbers


@dataclass(frozen=True)
class ValueVerdict:
    """What a rule says about one distinct value.

    Parameters
    ----------
    at : int
        Its place among the distinct values.
    confidence : float
        Probability in [0, 1] that the true value differs, as text.
    message : str
        The evidence in words.
    suggestion : str or None
        What should stand there; "" means blank, None means not known.
    kind : str or None
        "fact" or "form"; None for what the check says by default.
    """

    at: int
    confidence: float
    message: str
    suggestion: str | None = None
    kind: str | None = None


class Distinct:
    """The distinct values of one column, with views made on first use.

    Parameters
    ----------
    texts : sequence of str or pyarrow.Array of string, length k
    column : Column
        How its numbers are written.
    counts : ndarray of int64, shape (k,)
        Occurrences of each.
    """

    def __init__(self, texts: list[str] | tuple[str, ...] | pa.Array, column: Column, counts: np.ndarray) -> None:
        self._source, self.column, self.counts = texts, column, counts

    @cached_property
    def texts(self) -> list[str] | tuple[str, ...]:
        """The values as Python strings."""
        return self._source if isinstance(self._source, (list, tuple)) else list(self._source.to_pylist())

    @cached_property
    def array(self) -> pa.Array:
        """(k,) string array."""
        values = self._source
        return values.cast(pa.string()) if isinstance(values, pa.Array) else pa.array(values, pa.string())

    @cached_property
    def numbers(self) -> np.ndarray:
        """(k,) float64, NaN where a value is not a number; texts that mean missing are read like any other."""
        return parse_numbers(self.array, replace(self.column, nulls=()))

    @cached_property
    def gaps(self) -> GapMasks:
        """Which texts mean that nothing is known, always, perhaps, or as a day."""
        # no number is a gap word, so a column of numbers is soon looked through
        return gap_masks(self.array, ~np.isfinite(self.numbers) if self.column.numeric else None)

    @classmethod
    def plain(cls, text: str, column: Column) -> "Distinct":
        """One plainly written number of a column of such, without a parser."""
        seen = cls([text], column, np.ones(1, np.int64))
        none = np.zeros(1, bool)
        seen.__dict__ |= {"numbers": np.array([float(text)]), "gaps": GapMasks(none, none, none)}
        return seen

    @classmethod
    def of(cls, block: Block, column: Column) -> "Distinct":
        """The distinct values of a block's column, kept with the block."""

        def make() -> Distinct:
            codes, texts = block.coded(column.name)
            return cls(texts, column, np.bincount(codes[codes >= 0], minlength=len(texts)))

        return block.memo((Distinct, column.name), make)

    @classmethod
    def learned(cls, counts: ColumnCounts, column: Column) -> "Distinct":
        """The distinct values of a state's column, kept with the state."""
        key = f"distinct {column.decimal}{column.thousands}"
        return derived(counts, key, lambda: cls(counts.texts, column, counts.counts))


Rule = Callable[[Distinct], Iterable[ValueVerdict]]


class ByValue(Check):
    """A check that looks at one value at a time: what is odd about it follows from the column's value counts.

    Class variables
    ---------------
    of_plain_numbers : it may have something to say about a number that is written plainly ("12", "-0.5").
    """

    of_plain_numbers: ClassVar[bool] = True

    @abstractmethod
    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """What to ask of each distinct value of a column; None when there is nothing to ask."""

    def learn(self, block: Block) -> ValueCounts:
        """How often each value occurs in each column."""
        return ValueCounts.of(block)

    def judge(self, state: ValueCounts, block: Block, before: ValueCounts | None = None) -> pa.Table | DoesNotApply:
        """Findings about the cells of one block."""
        out = [self.found(0, confidence=0.0, message="")]
        for column in judged_columns(block.schema):
            if column.name not in state.columns or not self.suits(column):
                continue
            rule = self.rule_for(state, column, block.schema)
            verdicts = list(rule(Distinct.of(block, column))) if rule else []
            if verdicts:
                out.append(self.cells(block, column.name, verdicts))
        return pa.concat_tables(out)

    def rule_for(self, state: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """The column's rule, made once per state."""
        return derived(state, f"{self!r} {column!r}", lambda: self.rule(state, column, schema))

    def quiet(self, counts: ValueCounts, column: Column, schema: Schema) -> QuietNumbers | None:
        """Plainly written numbers of a column of which the check surely says nothing; None where only asking tells."""
        silent = not self.of_plain_numbers or not self.suits(column) or column.name not in counts.columns
        return ALL_QUIET if silent or self.rule_for(counts, column, schema) is None else None

    def cells(self, block: Block, column: str, verdicts: list[ValueVerdict]) -> pa.Table:
        """Verdicts on distinct values as findings on cells."""
        codes, texts = block.coded(column)
        slot = np.full(len(texts) + 1, -1)  # the last place serves the code -1, blank
        slot[[verdict.at for verdict in verdicts]] = np.arange(len(verdicts))
        hit = slot[codes]
        at = np.flatnonzero(hit >= 0)
        pick = pa.array(hit[at])
        return self.found(
            len(at),
            row=block.rows[at],
            column=column,
            value=block.text(column).take(pa.array(at)),
            suggestion=pa.array([verdict.suggestion for verdict in verdicts], pa.string()).take(pick),
            confidence=pa.array([verdict.confidence for verdict in verdicts], pa.float64()).take(pick),
            message=pa.array([verdict.message for verdict in verdicts], pa.string()).take(pick),
            kind=pa.array([verdict.kind or self.writes for verdict in verdicts], pa.string()).take(pick),
        )

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells that hold a value, in the columns the check suits."""
        judged = (column for column in judged_columns(schema) if self.suits(column))
        tallies = (state.columns[column.name] for column in judged if column.name in state.columns)
        return sum(counts.records - counts.blank for counts in tallies)


def judged_columns(schema: Schema) -> list[Column]:
    """The columns whose text is judged: all but pictures and what the user set aside."""
    return [c for c in schema if c.type != "binary" and c.role not in (Role.IMAGE, Role.IGNORE)]


def share(part: float, whole: float) -> str:
    """A share for a sentence: "12 of 2,410 cells (0.5 %)"."""
    percent = 100 * part / max(whole, 1)
    return f"{part:,.0f} of {whole:,.0f} cells ({percent:.{1 if percent < 10 else 0}f} %)"
