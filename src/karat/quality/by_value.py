"""What the checks on single cells share: a rule learned from a column's value counts, asked once per distinct value."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.distinct import Distinct
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


Rule = Callable[[Distinct], Iterable[ValueVerdict]]


class ByValue(Check):
    """A check that looks at one value at a time: what is odd about it follows from the column's value counts.

    Class variables
    ---------------
    of_plain_numbers : it may have something to say about a number that is written plainly ("12", "-0.5").
    mark : a regular expression that matches in every value it has something to say about; "" for none.
    """

    of_plain_numbers: ClassVar[bool] = True
    mark: ClassVar[str] = ""

    @abstractmethod
    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """What to ask of each distinct value of a column; None when there is nothing to ask."""

    def learn(self, block: Block) -> ValueCounts:
        """How often each value occurs in each column."""
        return ValueCounts.of(block)

    def judge(self, state: ValueCounts, block: Block, before: ValueCounts | None = None) -> pa.Table | DoesNotApply:
        """Findings about the cells of one block."""
        out = [self.found(0, confidence=0.0, message="")]
        for column, rule in derived(
            state, f"{self!r} rules {block.schema.key}", lambda: self._rules(state, block.schema)
        ):
            seen = Distinct.of(block, column)
            if self.mark and not seen.shows(self.mark):
                continue
            verdicts = list(rule(seen))
            if verdicts:
                out.append(self.cells(block, column.name, verdicts))
        return pa.concat_tables(out)

    def _rules(self, state: ValueCounts, schema: Schema) -> list[tuple[Column, Rule]]:
        """The columns that there is something to ask of, and what."""
        columns = [c for c in judged_columns(schema) if c.name in state.columns and self.suits(c)]
        return [(column, rule) for column in columns if (rule := self.rule_for(state, column, schema))]

    def rule_for(self, state: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """The column's rule, made once per state."""
        return derived(state, f"{self!r} {column.key}", lambda: self.rule(state, column, schema))

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


def judged_columns(schema: Schema) -> tuple[Column, ...]:
    """The columns whose text is judged: all but pictures and what the user set aside."""
    return schema.judged


def share(part: float, whole: float) -> str:
    """A share for a sentence: "12 of 2,410 cells (0.5 %)"."""
    percent = 100 * part / max(whole, 1)
    return f"{part:,.0f} of {whole:,.0f} cells ({percent:.{1 if percent < 10 else 0}f} %)"
