"""Sensors that stopped changing."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.unit import Check
from karat.quality.timeliness.timeline import TimeLine, dated, needs_dates

MIN_RUN = 12  # unproven: shorter runs come by chance, longer ones tell late
MAX_RUNS = 4_096  # cost: the longest are kept


@dataclass(frozen=True)
class ValueRuns:
    """How long one column keeps a value, record after record; blanks and missing values break a run.

    Parameters
    ----------
    start, end, length : ndarray of int64, shape (r,)
        First and last record and number of records of each run that is at least ``MIN_RUN`` long, or at an edge.
    values : tuple of str
        The value of each.
    records, runs : int
        Records that hold a value, and the runs they fall into.
    edges : tuple of bool
        Does the first run begin at the first record, and the last one end at the last?
    """

    start: np.ndarray
    end: np.ndarray
    length: np.ndarray
    values: tuple[str, ...]
    records: int
    runs: int
    edges: tuple[bool, bool]

    @classmethod
    def of(cls, block: Block, column: str) -> "ValueRuns":
        codes, values = block.encoded(column)
        codes = np.where(block.missing(column), -1, codes)
        begin = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]])) if len(codes) else np.zeros(0, int)
        finish = np.concatenate([begin[1:], [len(codes)]]) - 1 if len(codes) else begin
        full = codes[begin] >= 0
        length = finish - begin + 1
        edge = (begin == 0) | (finish == len(codes) - 1)
        keep = full & ((length >= MIN_RUN) | edge)
        at = np.flatnonzero(keep)
        texts = tuple(values[codes[begin[i]]] for i in at)
        edges = (bool(len(codes) and codes[0] >= 0), bool(len(codes) and codes[-1] >= 0))
        return cls(
            block.rows[begin[at]],
            block.rows[finish[at]],
            length[at].astype(np.int64),
            texts,
            int((codes >= 0).sum()),
            int(full.sum()),
            edges,
        )

    def merge(self, other: Self) -> "ValueRuns":
        start, end, length = (np.concatenate([getattr(self, n), getattr(other, n)]) for n in ("start", "end", "length"))
        values, joined = self.values + other.values, 0
        last = len(self.values) - 1
        if self.edges[1] and other.edges[0] and values[last] == values[last + 1]:
            end[last], length[last], joined = end[last + 1], length[last] + length[last + 1], 1
            start, end, length = (np.delete(part, last + 1) for part in (start, end, length))
            values = values[: last + 1] + values[last + 2 :]
        keep = _long(length, self.edges[0], other.edges[1])
        edges = (self.edges[0] if self.records else False, other.edges[1] if other.records else False)
        return ValueRuns(
            start[keep],
            end[keep],
            length[keep],
            tuple(values[i] for i in keep),
            self.records + other.records,
            self.runs + other.runs - joined,
            edges,
        )


def _long(length: np.ndarray, first: bool, last: bool) -> np.ndarray:
    """The runs to keep: at an edge, or long; the longest of them where there are too many."""
    keep = length >= MIN_RUN
    if len(keep):
        keep[0] |= first
        keep[-1] |= last
    at = np.flatnonzero(keep)
    if len(at) > MAX_RUNS:
        order = np.lexsort((at, -length[at]))[:MAX_RUNS]
        at = np.unique(np.concatenate([at[order], at[:1], at[-1:]]))
    return at


@dataclass(frozen=True)
class Frozen:
    """The runs of each number column, and the times that tell whether the records stand in order."""

    line: TimeLine
    columns: dict[str, ValueRuns]

    def merge(self, other: "Frozen") -> "Frozen":
        return Frozen(self.line.merge(other.line), {n: r.merge(other.columns[n]) for n, r in self.columns.items()})


@dataclass(frozen=True)
class FrozenValues(Check):
    """One number repeated for far longer than the column ever keeps a value, in a table in order of time.

    A stuck sensor writes plausible values, so no outlier check sees them, and the model learns that nothing moves.
    A run counts when it is long, far longer than the column's other runs, and when its value has no other long run
    (rain stays at 0 for weeks, and that is right).

    Parameters
    ----------
    times_usual : float
        A run must be this many times longer than the longest of the others.
    most_kept : float
        Mean length of a run above which a column is taken to change slowly by nature.

    Source: Sharma et al. (2010), Sensor faults: "constant" faults.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    by_order: ClassVar[str] = "a value is frozen that repeats from record to record"
    measure_name: ClassVar[str] = "feature currentness"
    at_the_door: ClassVar[bool] = False

    times_usual: float = 4.0
    most_kept: float = 3.0

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if not _numbers(schema):
            return DoesNotApply("no column of measured numbers")
        return needs_dates(schema)

    def learn(self, block: Block) -> Frozen:
        return Frozen(TimeLine.of(block), {name: ValueRuns.of(block, name) for name in _numbers(block.schema)})

    def judge(self, state: Frozen, block: Block, before: Any = None) -> pa.Table | DoesNotApply:
        if not _ordered(state, block.schema):
            return DoesNotApply("the records are not in time order")
        parts = [self.found(0, confidence=[], message=[])]
        for name, runs in state.columns.items():
            for at in self._stuck(runs):
                inside = (block.rows > runs.start[at]) & (block.rows <= runs.end[at])  # the first may be a reading
                where = np.flatnonzero(inside)
                parts.append(
                    self.found(
                        len(where),
                        row=block.rows[where],
                        column=name,
                        value=runs.values[at],
                        confidence=0.6,
                        message=f"{name!r} is {runs.values[at]} for {runs.length[at]} consecutive records "
                        f"({runs.start[at]} to {runs.end[at]}); it usually keeps a value for "
                        f"{runs.records / max(1, runs.runs):.1f} records",
                    )
                )
        return pa.concat_tables(parts)

    def _stuck(self, runs: ValueRuns) -> list[int]:
        """Which runs are far longer than the others."""
        if not runs.runs or runs.records / runs.runs > self.most_kept:
            return []
        order = sorted(range(len(runs.values)), key=lambda at: (-runs.length[at], at))
        out: list[int] = []
        for place, at in enumerate(order):
            length = runs.length[at]
            rest = max([MIN_RUN // 2, *(int(runs.length[i]) for i in order[place + 1 :])])
            if length >= MIN_RUN and length >= self.times_usual * rest:
                out = order[: place + 1]
        repeated = {
            v
            for v in runs.values
            if sum(w == v and n >= MIN_RUN for w, n in zip(runs.values, runs.length, strict=True)) > 1
        }
        return [at for at in sorted(out[:5]) if runs.values[at] not in repeated]

    def total(self, state: Frozen, schema: Schema) -> int:
        return sum(runs.records for runs in state.columns.values()) if _ordered(state, schema) else 0


def _numbers(schema: Schema) -> list[str]:
    return [column.name for column in schema.with_role(Role.NUMBER) if column.numeric]


def _ordered(state: Frozen, schema: Schema) -> bool:
    return any(state.line.series(column.name).ordered for column in dated(schema))
