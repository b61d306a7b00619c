"""Records of today that are not those of yesterday."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Check
from karat.quality.population import index_of, population_stability
from karat.quality.timeliness.timeline import TimeLine, dated, needs_dates, spoken

MIN_HALF = 100  # flat from 50 to 200 (benchmarks/constants.md): smaller halves differ by chance
MAX_VALUES = 50  # flat from 25 to 100 (benchmarks/constants.md): more leave too few records for each


@dataclass(frozen=True)
class DatedRecords:
    """Whole records, and the times they are ordered by."""

    line: TimeLine
    sample: RecordSample

    def merge(self, other: "DatedRecords") -> "DatedRecords":
        return DatedRecords(self.line.merge(other.line), self.sample.merge(other.sample))


@dataclass(frozen=True)
class ShiftedPopulation(Check):
    """Columns whose values differ between the older and the newer half of the records.

    What a model learned from the older half need not hold for those it will meet. The population stability index of
    each column between the two halves by time says which: below 0.1 nothing moved, from 0.25 it is another population.
    A season counts as a move where the records span less than a few of them.

    Parameters
    ----------
    least : float
        Index from which a column is told.

    Source: Siddiqi (2006), Credit Risk Scorecards, ch. 9; ISO/IEC 5259-2, feature currentness.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    at_the_door: ClassVar[bool] = False
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    least: float = 0.25

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return needs_dates(schema) if _judged(schema) else DoesNotApply("no numbers or categories")

    def learn(self, block: Block) -> DatedRecords:
        return DatedRecords(TimeLine.of(block), RecordSample.of(block))

    def conclude(self, state: DatedRecords, schema: Schema) -> pa.Table:
        """One finding for each column that moved."""
        block = state.sample.block(schema)
        name = dated(schema)[0].name
        times = block.times(name).astype("datetime64[us]").view(np.int64)
        inside = state.line.series(name).inside(times)
        if inside.sum() < 2 * MIN_HALF:
            return self.found(0, confidence=[], message=[])
        cut = int(np.median(times[inside]))
        older, newer = inside & (times < cut), inside & (times >= cut)
        if min(older.sum(), newer.sum()) < MIN_HALF:
            return self.found(0, confidence=[], message=[])
        moved = [(column.name, stability(block, column, older, newer)) for column in _judged(schema)]
        rows = [(column, index) for column, index in moved if index >= self.least]
        said = f"between the records before {spoken(cut)} and those from then on"
        return self.found(
            len(rows),
            column=[column for column, _ in rows],
            confidence=0.7,
            message=[f"stability index {index:.2f} {said}: from 0.25 it is another population" for _, index in rows],
        )


def _judged(schema: Schema) -> tuple[Column, ...]:
    return schema.with_role(Role.NUMBER, Role.CATEGORY)


def stability(block: Block, column: Column, older: np.ndarray, newer: np.ndarray) -> float:
    """The population stability index of one column between two sets of records, gaps as a value of their own."""
    if column.role is Role.NUMBER:
        values = block.numbers(column.name)
        return population_stability(values[older], values[newer])
    codes, values_ = block.encoded(column.name)
    if len(values_) > MAX_VALUES:
        return 0.0
    shares = [np.bincount(codes[part] + 1, minlength=len(values_) + 1) / part.sum() for part in (older, newer)]
    chance = (np.count_nonzero(shares[0] + shares[1]) - 1) * (1 / older.sum() + 1 / newer.sum())
    return max(0.0, index_of(*shares) - float(chance))
