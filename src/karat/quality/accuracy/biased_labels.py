"""Sources that label differently from the rest."""

from dataclasses import dataclass
from math import erfc, sqrt
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.degrees import LARGE_SAMPLE
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.schema import Role, Schema
from karat.core.state import derived
from karat.core.unit import Check

MAX_GROUPS = 200  # unproven: more are no sources; the level of Bonferroni's correction, too


@dataclass(frozen=True)
class Bias:
    """One group whose label rate stands apart: column, group, label, records, its rate and the others'."""

    column: str
    group: str
    label: str
    records: int
    rate: float
    others: float
    p_value: float


@dataclass(frozen=True)
class LabelRateBySource(Check):
    """A source or group in which a label is much more or much less frequent than in all others.

    Either the source labels by other rules, or its records are of another kind; a model learns the source instead of
    the matter. One finding per group that stands apart, by a test of two shares corrected for the number of tests.

    Parameters
    ----------
    min_apart : float
        Difference of the rates, in [0, 1], below which nothing is said.
    level : float
        Probability of saying so by chance, over all groups and labels together.

    Source: ISO/IEC 5259-2, risk of data set inaccuracy; Holm and Bonferroni for the correction.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "risk of data set inaccuracy"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    min_apart: float = 0.15
    level: float = 0.001

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if schema.target is None or schema.task == "regression":
            return DoesNotApply("no target with classes")
        return None if schema.with_role(Role.SOURCE, Role.GROUP) else DoesNotApply("no source or group column")

    def learn(self, block: Block) -> RecordSample:
        return RecordSample.of(block)

    def conclude(self, state: RecordSample, schema: Schema) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        for bias in self._biases(state, schema):
            parts.append(
                self.found(
                    1,
                    column=bias.column,
                    value=bias.group,
                    source=bias.group,
                    confidence=0.7,
                    message=f"label {bias.label!r} makes up {bias.rate:.0%} of {bias.group!r} ({bias.records} records) "
                    f"and {bias.others:.0%} of the others (p = {bias.p_value:.1g})",
                )
            )
        return pa.concat_tables(parts)

    def measures(self, state: RecordSample, schema: Schema, findings: pa.Table) -> list[Measure]:
        columns = [c.name for c in schema.with_role(Role.SOURCE, Role.GROUP) if _groups(state, schema, c.name)]
        if not columns:
            return []
        share = state.records / max(1, len(state.rows))
        apart = {(bias.column, bias.group): bias.records for bias in self._biases(state, schema)}
        total = state.records * len(columns)
        return [
            Measure(self.measure_name, self.standard, min(total, round(sum(apart.values()) * share)), total, self.unit)
        ]

    def _biases(self, state: RecordSample, schema: Schema) -> list[Bias]:
        return derived(state, f"biases {self.min_apart} {self.level}", lambda: self._find(state, schema))

    def _find(self, state: RecordSample, schema: Schema) -> list[Bias]:
        target = schema.target
        if target is None:
            return []
        block = state.block(schema)
        labels, names = block.encoded(target.name)
        labels = np.where(block.missing(target.name), -1, labels)
        out: list[Bias] = []
        for column in schema.with_role(Role.SOURCE, Role.GROUP):
            for group, inside in _groups(state, schema, column.name):
                labelled = inside & (labels >= 0)
                out += self._stands_apart(column.name, group, labels, names, labelled)
        out = [bias for bias in out if bias.p_value < self.level / max(1, len(names) * MAX_GROUPS)]
        return sorted(out, key=lambda bias: (bias.column, bias.p_value, bias.group, bias.label))

    def _stands_apart(
        self, column: str, group: str, labels: np.ndarray, names: list[str], inside: np.ndarray
    ) -> list[Bias]:
        """The label in which the group differs most from all others, when it differs enough."""
        outside = (labels >= 0) & ~inside
        size, rest = int(inside.sum()), int(outside.sum())
        if min(size, rest) < LARGE_SAMPLE:
            return []
        rate = np.bincount(labels[inside], minlength=len(names)) / size
        others = np.bincount(labels[outside], minlength=len(names)) / rest
        most = int(np.abs(rate - others).argmax())
        apart = abs(rate[most] - others[most])
        common = (rate[most] * size + others[most] * rest) / (size + rest)
        spread = sqrt(max(common * (1 - common) * (1 / size + 1 / rest), 1e-12))
        if apart < self.min_apart:
            return []
        p_value = erfc(apart / spread / sqrt(2))
        return [Bias(column, group, names[most], size, float(rate[most]), float(others[most]), p_value)]


def _groups(state: RecordSample, schema: Schema, name: str) -> list[tuple[str, np.ndarray]]:
    """The groups of a column that are large enough, and which records of the sample they hold."""
    block = state.block(schema)
    codes, names = block.encoded(name)
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    large = [at for at in range(len(names)) if sizes[at] >= LARGE_SAMPLE]
    if not 2 <= len(large) <= MAX_GROUPS:
        return []
    return [(names[at], codes == at) for at in sorted(large, key=lambda at: names[at])]
