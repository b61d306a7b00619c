"""Groups and times with almost no records."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.timeliness.timeline import TimeLine, dated, spoken

MAX_GROUPS = 50  # unproven: more are no groups
PERIODS = 12  # unproven: finer periods are empty by chance


@dataclass(frozen=True)
class Coverage:
    """How often each value occurs, and when the records are of."""

    counts: ValueCounts
    line: TimeLine

    def merge(self, other: "Coverage") -> "Coverage":
        return Coverage(self.counts.merge(other.counts), self.line.merge(other.line))


@dataclass(frozen=True)
class GroupShare:
    """One column's groups, the least represented of them, and how even they are (1: all the same size)."""

    column: str
    groups: int
    few: tuple[tuple[str, int], ...]
    evenness: float


@dataclass(frozen=True)
class UnderrepresentedGroups(Check):
    """Groups, sources, categories and periods of time that hardly occur.

    A model is judged by its average and fails where it saw nothing. One finding per column names the groups that have
    far fewer records than an even share and too few to learn from or to test on.

    Parameters
    ----------
    min_records : int
        A group with this many records is represented, however large the others are.
    min_share : float
        So is one with this share of an even part.

    Source: ISO/IEC 5259-2, representativeness; Pielou (1966) for evenness.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "representativeness ratio"
    unit: ClassVar[str] = "groups"
    at_the_door: ClassVar[bool] = False

    min_records: int = 30
    min_share: float = 0.1

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if schema.with_role(Role.GROUP, Role.SOURCE, Role.CATEGORY) or dated(schema):
            return None
        return DoesNotApply("no groups, categories or times")

    def learn(self, block: Block) -> Coverage:
        return Coverage(ValueCounts.of(block), TimeLine.of(block))

    def conclude(self, state: Coverage, schema: Schema) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        for share in self._shares(state, schema):
            if share.few:
                named = ", ".join(f"{group!r} ({records})" for group, records in share.few[:5])
                more = f" and {len(share.few) - 5} more" if len(share.few) > 5 else ""
                parts.append(
                    self.found(
                        1,
                        column=share.column,
                        value=share.few[0][0],
                        confidence=0.6,
                        message=f"{len(share.few)} of {share.groups} groups have too few records: {named}{more}; "
                        f"evenness {share.evenness:.2f}",
                    )
                )
        return pa.concat_tables(parts)

    def measures(self, state: Coverage, schema: Schema, findings: pa.Table) -> list[Measure]:
        shares = self._shares(state, schema)
        total = sum(share.groups for share in shares)
        bad = sum(len(share.few) for share in shares)
        return [Measure(self.measure_name, self.standard, bad, total, self.unit)] if total else []

    def _shares(self, state: Coverage, schema: Schema) -> list[GroupShare]:
        return derived(state, f"shares {self.min_records} {self.min_share}", lambda: self._find(state, schema))

    def _find(self, state: Coverage, schema: Schema) -> list[GroupShare]:
        out = []
        for column in schema.with_role(Role.GROUP, Role.SOURCE, Role.CATEGORY):
            groups = _groups(state.counts.columns[column.name], column)
            if 2 <= len(groups) <= MAX_GROUPS:
                out.append(self._share(column.name, groups))
        for column in dated(schema):
            periods = _periods(state.line, column.name)
            if periods:
                out.append(self._share(column.name, periods))
        return out

    def _share(self, column: str, groups: list[tuple[str, int]]) -> GroupShare:
        sizes = np.array([size for _, size in groups], np.float64)
        even = sizes.mean()
        limit = min(self.min_records, self.min_share * even)
        few = sorted(((group, size) for group, size in groups if size < limit), key=lambda g: (g[1], g[0]))
        part = sizes[sizes > 0] / sizes.sum()
        evenness = float(-(part * np.log(part)).sum() / np.log(len(sizes)))
        return GroupShare(column, len(groups), tuple(few), evenness)


def _groups(counts: ColumnCounts, column: Column) -> list[tuple[str, int]]:
    """The values of a column and their counts; missing ones left out."""
    if not counts.whole:
        return []
    pairs = zip(counts.values, counts.counts.tolist(), strict=True)
    return [(value, count) for value, count in pairs if value not in column.nulls]


def _periods(line: TimeLine, name: str) -> list[tuple[str, int]]:
    """Records in each twelfth of the time the column covers, empty when it covers none."""
    series = line.series(name)
    times = series.times[series.plausible]
    if len(times) < 10 * PERIODS or series.high == series.low:
        return []
    edges = np.linspace(series.low, series.high, PERIODS + 1)
    sizes = np.histogram(times, edges)[0] * (line.records / len(line.rows))
    return [
        (f"{spoken(int(a))} to {spoken(int(b))}", round(float(size)))
        for a, b, size in zip(edges, edges[1:], sizes, strict=False)
    ]
