"""Cells that break a dependency between columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check, Grouping
from karat.kernels.votes import BLANK
from karat.quality.consistency._dependencies import Coded, Dependency, dependency_columns
from karat.quality.consistency._verdicts import Court, Trial
from karat.quality.sampled import Sampled

FEWEST_RECORDS = 20
WORTH_SAYING = 0.3
VALUE_CURVE = (
    (0.3, 0.15),
    (0.45, 0.3),
    (0.55, 0.36),
    (0.63, 0.42),
    (0.66, 0.62),
    (0.675, 0.91),
    (0.72, 0.95),
    (0.85, 0.99),
    (1.0, 0.995),
)
GAP_CURVE = ((0.3, 0.6), (0.45, 0.9), (0.6, 0.92), (0.75, 0.96), (1.0, 0.99))
LOUDEST_PER_COLUMN = (
    2  # dependencies per column that are worth a count over all records when the sample is not the whole
)
MOST_COUNTED = 16


@dataclass(frozen=True)
class DependencyCounts:
    """A sample of records, and how often values go together over all records.

    Parameters
    ----------
    sampled : Sampled
    dependencies : tuple of Dependency
        Found in the sample.
    tables : tuple of pyarrow.Table
        One per dependency: the left side as ``key_0``, ``key_1``, then ``value`` and ``n``.
    """

    sampled: Sampled
    dependencies: tuple[Dependency, ...]
    tables: tuple[pa.Table, ...]

    def merge(self, other: "DependencyCounts | Sampled") -> "DependencyCounts":
        """Counts of the dependencies found first; records of a bare sample join the sample alone."""
        if isinstance(other, Sampled):
            return DependencyCounts(self.sampled.merge(other), self.dependencies, self.tables)
        more = dict(zip(other.dependencies, other.tables, strict=True))
        tables = tuple(
            _summed(table, more.get(held)) for held, table in zip(self.dependencies, self.tables, strict=True)
        )
        return DependencyCounts(self.sampled.merge(other.sampled), self.dependencies, tables)


def _summed(table: pa.Table, more: pa.Table | None) -> pa.Table:
    if more is None:
        return table
    keys = [name for name in table.column_names if name != "n"]
    summed = pa.concat_tables([table, more]).group_by(keys).aggregate([("n", "sum")]).rename_columns([*keys, "n"])
    return summed.sort_by([(name, "ascending") for name in keys])


State = Sampled | DependencyCounts


@dataclass(frozen=True)
class BrokenDependencies(Check):
    """A cell disagrees with what the rest of its record decides.

    Which columns decide which others (zip → city; state, test → average) is found in the data itself, tolerating slips:
    approximate functional dependencies with one or two columns on the left, scored beyond chance. Each record's group
    then votes with the record itself left out; several dependencies are weighed against one another, so that the cell
    they accuse together is blamed, and not the ones it stands beside. A cell left blank where its group agrees is a
    finding too.

    Why it hurts: the same thing carries two values, so joins fail, groups split and a model learns both.

    Source: Kivinen and Mannila (1995), approximate inference of functional dependencies; Goodman and Kruskal (1954),
    tau.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "semantic consistency"

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Two columns are needed."""
        return None if len(dependency_columns(schema)) > 1 else DoesNotApply("one column cannot depend on another")

    def learn(self, block: Block) -> Sampled:
        """A sample of whole records; all of a small table."""
        return Sampled.of(block)

    def next_pass(self, state: State) -> Sequence[Grouping]:
        """The counts behind each dependency, where the sample is not the whole."""
        if isinstance(state, DependencyCounts) or state.whole:
            return ()
        return [Grouping(held.left, held.right) for held in _wide(state)]

    def learn_groups(self, state: Sampled, groups: Mapping[Grouping, pa.Table]) -> DependencyCounts:
        """The sample with those counts."""
        held = _wide(state)
        return DependencyCounts(state, tuple(held), tuple(groups[Grouping(one.left, one.right)] for one in held))

    def judge(self, state: State, block: Block, before: object = None) -> pa.Table | DoesNotApply:
        """Cells that dependencies accuse."""
        if len(_sampled(state).sample.rows) < FEWEST_RECORDS:
            return DoesNotApply(f"{FEWEST_RECORDS} records wanted to learn dependencies from")
        court = court_of(state)
        stands = court.values.read(block)
        parts = [self._cells(court, stands, block, name, trial) for name, trial in court.judge(stands).items()]
        return pa.concat_tables([self.found(0, confidence=0.0, message=""), *parts])

    def total(self, state: State, schema: Schema) -> int:
        """Cells of columns that others decide."""
        return _sampled(state).sample.records * len(court_of(state).deciding)

    def _cells(self, court: Court, stands: Coded, block: Block, name: str, trial: Trial) -> pa.Table:
        told = np.flatnonzero((trial.guilt >= WORTH_SAYING) & (trial.best >= 0))
        at = pa.array(trial.at[told])
        suggestion = court.values.values[name].take(pa.array(trial.best[told]))
        confidence = np.round(_sure(trial.guilt[told], stands.codes[name][trial.at[told]] == BLANK), 4)
        return self.found(
            len(told),
            row=block.rows[trial.at[told]],
            column=name,
            value=block.text(name).take(at),
            suggestion=suggestion,
            confidence=confidence,
            message=_words(court, block, stands, name, trial, told),
        )


def _words(court: Court, block: Block, stands: Coded, name: str, trial: Trial, told: np.ndarray) -> list[str]:
    """The evidence behind some verdicts, dependency by dependency."""
    out = [""] * len(told)
    others = len(court.deciding[name]) - 1
    more = f" ({others} other dependencies heard)" if others else ""
    for witness in np.unique(trial.witness[told]).tolist():
        held, here = court.dependencies[witness], np.flatnonzero(trial.witness[told] == witness)
        at, best = trial.at[told][here], trial.best[told][here]
        backed, voters = court.votes[witness].backing(stands.key(held.left)[at], best)
        lefts = zip(*(block.text(left).take(pa.array(at)).to_pylist() for left in held.left), strict=True)
        meant = court.values.values[name].take(pa.array(best)).to_pylist()
        for place, left, value, n, of in zip(
            here.tolist(), lefts, meant, backed.tolist(), voters.tolist(), strict=True
        ):
            beside = " and ".join(f"{column} {text!r}" for column, text in zip(held.left, left, strict=True))
            out[place] = f"{name} is {value!r} beside {beside}" + (f" in {n:,} of {of:,} records" if of else "") + more
    return out


def _sure(guilt: np.ndarray, blank: np.ndarray) -> np.ndarray:
    """Guilt as the share of such cells that were wrong where the truth is known; a gap more often than a value."""
    value, gap = (np.interp(guilt, *np.array(curve).T) for curve in (VALUE_CURVE, GAP_CURVE))
    sure: np.ndarray = np.where(blank, gap, value)
    return sure


def _sampled(state: State) -> Sampled:
    return state if isinstance(state, Sampled) else state.sampled


def court_of(state: State) -> Court:
    """The dependencies of a state with their votes; found once per state."""
    if isinstance(state, Sampled):
        return derived(state, "court", lambda: Court.convene(Coded.of(state.block)))
    return derived(state, "court", lambda: court_of(state.sampled).recounted(state.dependencies, state.tables))


def _wide(state: Sampled) -> list[Dependency]:
    """The dependencies whose groups are too small in the sample: a few per column, not many in all."""
    court = court_of(state)
    wide: list[Dependency] = []
    for places in court.deciding.values():
        thin = [place for place in places if court.thin(place)]
        missing = max(0, LOUDEST_PER_COLUMN - (len(places) - len(thin)))
        wide += [court.dependencies[place] for place in thin[:missing]]
    return sorted(wide, key=lambda held: -held.weight)[:MOST_COUNTED]
