"""Cells that break a dependency between columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import FACT, FORM, Dimension, DoesNotApply
from karat.core.record_cells import Doubts
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check, Grouping
from karat.quality.consistency._blame import Blame, ColumnVerdict
from karat.quality.consistency._dependencies import FEWEST_RECORDS, Coded, dependency_columns
from karat.quality.consistency._edges import Edge
from karat.quality.consistency._misspelt import typo_weights
from karat.quality.consistency._spelling_odds import raised, spelt
from karat.quality.sampled import Sampled

HEARD, WORTH_SAYING = 0.05, 0.3  # display: how likely wrong a cell is that is looked at, and that is told
# unproven: score of a value that all groups use (a laboratory all classes use is no class's room); of such findings
OWN = 0.15  # .80 are right on tables left out (calibration.json): that is said, and asks; fixes begin far above
# flat from 0.802 to 0.942 (benchmarks/constants.md): at most, where no dependency speaks clearly, fewer than three
# others do, or most say otherwise
ASKED = 0.89
FEWEST_OTHERS = 3  # flat from 1 to 6 (benchmarks/constants.md): two may share one error
# log-odds that the weights miss, with one dependency that speaks clearly and with several; chosen in sight of
# facilities and the lakes (2,056 of 2,062 suggestions scored .8 to .89 were right, all but two of 1,229 scored .6 to
# .8 by several) and of 92 untouched tables, where one dependency alone reached .57 and several were never heard;
# .8 for one alone breaks 6 cells of 327 package tables, .4 none
BEYOND_WEIGHTS = np.array([0.0, 0.4, 2.2])  # benchmarks/dependencies.md
# log-odds of a typing error that make a second witness: three to one; flat from 0.55 to 2.2 (benchmarks/constants.md)
STRONG = 1.1
SUGGESTED = 0.5  # unproven: how well a value must fit to be proposed
LOUDEST_PER_COLUMN, MOST_COUNTED = 2, 16  # cost: dependencies that are counted over all records


@dataclass(frozen=True)
class DependencyCounts:
    """A sample of records, and how often values go together over all records.

    Parameters
    ----------
    pairs : tuple of tuple of str
        Left and right column of dependencies found in the sample.
    tables : tuple of pyarrow.Table
        One per pair: the left column as ``key_0``, then ``value`` and ``n``.
    """

    sampled: Sampled
    pairs: tuple[tuple[str, str], ...]
    tables: tuple[pa.Table, ...]

    def merge(self, other: "DependencyCounts | Sampled") -> "DependencyCounts":
        """Counts of the dependencies found first; records of a bare sample join the sample alone."""
        if isinstance(other, Sampled):
            return DependencyCounts(self.sampled.merge(other), self.pairs, self.tables)
        more = dict(zip(other.pairs, other.tables, strict=True))
        tables = tuple(_summed(table, more.get(pair)) for pair, table in zip(self.pairs, self.tables, strict=True))
        return DependencyCounts(self.sampled.merge(other.sampled), self.pairs, tables)


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

    Which columns decide which others (zip → city) is found in the data itself: a dependency is one true value per group
    with errors at one rate, against several values that belong there, so that correlations and groups with true
    exceptions do not count. The other records of each group then speak about a record; of the cells that do not go
    together those are blamed that explain the most. A blank is a finding only in columns that have other errors.

    Why it hurts: the same thing carries two values, so joins fail, groups split and a model learns both.

    Source: Kivinen and Mannila (1995), approximate inference of functional dependencies; Zhang, Guo and Rekatsinas
    (2020), A statistical perspective on discovering functional dependencies in noisy data.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    by_order: ClassVar[str] = "what deviates in record after record changed for a reason, errors do not"
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
        return [Grouping((left,), right) for left, right in _wide(state)]

    def learn_groups(self, state: Sampled, groups: Mapping[Grouping, pa.Table]) -> DependencyCounts:
        """The sample with those counts."""
        pairs = _wide(state)
        return DependencyCounts(state, tuple(pairs), tuple(groups[Grouping((left,), right)] for left, right in pairs))

    def judge(self, state: State, block: Block, before: object = None) -> pa.Table | DoesNotApply:
        """Cells that dependencies accuse."""
        if len(_sampled(state).sample.rows) < FEWEST_RECORDS:
            return DoesNotApply(f"{FEWEST_RECORDS} records wanted to learn dependencies from")
        blame = blame_of(state)
        verdicts = blame.judge(blame.values.read(block))
        parts = [self._cells(blame, block, name, verdict) for name, verdict in verdicts.items()]
        return pa.concat_tables([self.found(0, confidence=0.0, message=""), *parts])

    def doubts(self, state: State, schema: Schema) -> Doubts | None:
        """No record where no column decides another."""
        if len(_sampled(state).sample.rows) >= FEWEST_RECORDS and blame_of(state).into:
            return None
        return lambda _: ()

    def total(self, state: State, schema: Schema) -> int:
        """Cells of columns that others decide."""
        return _sampled(state).sample.records * len(blame_of(state).into)

    def _cells(self, blame: Blame, block: Block, name: str, verdict: ColumnVerdict) -> pa.Table:
        verdict = verdict.take(verdict.wrong >= HEARD)
        cells = block.text(name).take(pa.array(verdict.at))
        values = blame.values.values[name].take(pa.array(verdict.best))
        typed, formed = spelt(cells.to_pylist(), values.to_pylist())
        typed *= verdict.rare & ~formed
        slips = derived(blame, f"typos in {name}", lambda: typo_weights(blame.usual(name))) if typed.any() else None
        weights = np.zeros(len(typed)) if slips is None else slips[typed]
        wrong = raised(verdict.wrong, weights)
        known = verdict.fits >= SUGGESTED
        witnesses = np.minimum(verdict.edges + (weights >= STRONG), 2)
        few = (verdict.others < FEWEST_OTHERS) | (2 * verdict.backers <= verdict.others)
        weak = few | verdict.joint | (witnesses < 1)
        confidence = raised(wrong * np.where(known, verdict.fits, 1), BEYOND_WEIGHTS[witnesses])
        confidence = np.round(np.where(weak, np.minimum(confidence, ASKED), confidence), 4)
        own = np.asarray(pc.is_in(cells, blame.shared(name))) & (typed == 0)
        confidence = np.where(own, np.minimum(confidence, OWN), confidence)
        said = np.flatnonzero(wrong >= WORTH_SAYING)
        return self.found(
            len(said),
            row=block.rows[verdict.at[said]],
            column=name,
            value=cells.take(pa.array(said)),
            suggestion=pc.if_else(pa.array(known), values, None).take(pa.array(said)),
            confidence=confidence[said],
            kind=np.where(formed, FORM, FACT)[said].tolist(),
            message=_words(blame, block, name, verdict.take(said), values.take(pa.array(said)).to_pylist()),
        )


def _words(blame: Blame, block: Block, name: str, said: ColumnVerdict, values: list[str]) -> list[str]:
    """The evidence behind some verdicts: the dependency that speaks loudest."""
    lefts = [blame.edges[at].left for at in said.witness.tolist()]
    texts = {left: block.text(left) for left in set(lefts)}
    return [
        f"{name} is {value!r} in {backers:,} of {others:,} other records with {left} {texts[left][at].as_py()!r}"
        for value, backers, others, left, at in zip(
            values, said.backers.tolist(), said.others.tolist(), lefts, said.at.tolist(), strict=True
        )
    ]


def _sampled(state: State) -> Sampled:
    return state if isinstance(state, Sampled) else state.sampled


def blame_of(state: State) -> Blame:
    """The dependencies of a state with their counts; found once per state."""
    if isinstance(state, Sampled):
        return derived(state, "blame", lambda: Blame.of(Coded.of(state.block), state.schema))
    tables = dict(zip(state.pairs, state.tables, strict=True))
    return derived(state, "blame", lambda: blame_of(state.sampled).recounted(tables))


def _wide(state: Sampled) -> list[tuple[str, str]]:
    """The dependencies whose groups are too small in the sample: a few per column, not many in all."""
    wide: list[Edge] = []
    edges = blame_of(state).edges
    for places in blame_of(state).into.values():
        thin = [edges[at] for at in places if edges[at].thin]
        wide += thin[: max(0, LOUDEST_PER_COLUMN - (len(places) - len(thin)))]
    ranked = sorted(wide, key=lambda edge: -edge.dependency.evidence)[:MOST_COUNTED]
    return [(edge.left, edge.right) for edge in ranked]
