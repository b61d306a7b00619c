"""Records without a label."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.schema import Column, Schema
from karat.core.unit import Check


@dataclass(frozen=True)
class MissingLabels(Check):
    """Targets that are blank or stand for a missing value.

    Training skips such records, and a test cannot judge them; when they are missing for a reason (nobody asks about
    the clear cases), what is left is biased. Each needs a label, so each is a finding on its cell, unless
    most are missing: then the table waits to be labelled, and one finding says so.

    Parameters
    ----------
    forgotten_share : float
        Share of missing labels up to which each one counts as forgotten.

    Source: ISO/IEC 5259-2, label completeness.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "label completeness"
    at_the_door: ClassVar[bool] = False

    forgotten_share: float = 0.2

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if schema.target else DoesNotApply("no target")

    def learn(self, block: Block) -> ValueCounts:
        return ValueCounts.of(block)

    def judge(self, state: ValueCounts, block: Block, before: Any = None) -> pa.Table:
        target = block.schema.target
        if target is None:
            return self.found(0, confidence=[], message=[])
        missing, records = _missing(state, target)
        at = np.flatnonzero(block.missing(target.name))
        if missing > self.forgotten_share * records:
            at = at[:0]
        return self.found(
            len(at),
            row=block.rows[at],
            column=target.name,
            value=block.text(target.name).take(pa.array(at)),
            confidence=0.9,
            message=f"no label; {records - missing} of {records} records have one",
        )

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        target = schema.target
        missing, records = _missing(state, target) if target else (0, 0)
        if target is None or not missing:
            return self.found(0, confidence=[], message=[])
        return self.found(
            1,
            column=target.name,
            confidence=0.99,
            message=f"{missing} of {records} records ({missing / records:.1%}) have no label",
        )

    def measures(self, state: ValueCounts, schema: Schema, findings: pa.Table) -> list[Measure]:
        missing, records = _missing(state, schema.target) if schema.target else (0, 0)
        return [Measure(self.measure_name, self.standard, missing, records, self.unit)] if records else []


def _missing(state: ValueCounts, target: Column) -> tuple[int, int]:
    """How many labels are missing, and of how many records."""
    counts = state.columns[target.name]
    disguised = sum(int(n) for value, n in zip(counts.values, counts.counts, strict=True) if value in target.nulls)
    return counts.blank + disguised, counts.records
