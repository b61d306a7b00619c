"""Sources that report on the same things and disagree."""

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
from karat.core.unit import Check, Grouping
from karat.quality.consistency._canonical import canonical
from karat.quality.consistency._dependencies import dependency_columns
from karat.quality.consistency._reported import (
    AllReports,
    AnsweredReports,
    State,
    facts_of,
    reports_of,
    sampled_of,
)
from karat.quality.consistency._sources import Fact, Reports
from karat.quality.sampled import Sampled

FEWEST_COLUMNS = 3  # definition: a thing, a source and what it says


@dataclass(frozen=True)
class SourceConflicts(Check):
    """A source says something else than the sources that are usually right, or nothing where they know.

    When a table holds one record per thing and source (flight × web site, product × shop), the columns that depend on
    the thing are reports. Sources are weighed by how often they are right and values by who claims them, in turns;
    copies count as one voice; times, numbers and words are compared however they are written, and the suggestion is
    written as most do.

    Why it hurts: a majority of sources can repeat one mistake; averaging over them keeps it.

    Source: Dong, Berti-Equille and Srivastava (2009), Integrating conflicting data: the role of source dependence.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data record consistency"

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """A thing, a source and a fact are needed."""
        few = len(dependency_columns(schema)) < FEWEST_COLUMNS
        return DoesNotApply("a thing, its source and a fact need three columns") if few else None

    def learn(self, block: Block) -> Sampled:
        """A sample of whole records; all of a small table."""
        return Sampled.of(block)

    def next_pass(self, state: State) -> Sequence[Grouping]:
        """All reports, where the sample is not the whole."""
        if not isinstance(state, Sampled) or state.whole:
            return ()
        reports = reports_of(state)
        if reports is None:
            return ()
        return [Grouping((reports.thing, reports.source), fact) for fact in reports.facts]

    def learn_groups(self, state: Sampled, groups: Mapping[Grouping, pa.Table]) -> AllReports:
        """The sample with those reports."""
        reports = reports_of(state)
        facts = reports.facts if reports else ()
        return AllReports(
            state, tuple(groups[Grouping((reports.thing, reports.source), fact)] for fact in facts if reports)
        )

    def learn_answers(self, state: State, checked: Block) -> State:
        """What a person says of a thing holds for all reports on it."""
        reports = reports_of(state)
        if reports is None or isinstance(state, AnsweredReports):
            return state
        things = checked.text(reports.thing)
        answers = (pa.table({"thing": things, "value": checked.text(fact)}) for fact in reports.facts)
        return AnsweredReports(state, tuple(answers))

    def judge(self, state: State, block: Block, before: object = None) -> pa.Table | DoesNotApply:
        """Cells that say something else than what is likeliest true."""
        reports = reports_of(state)
        if reports is None:
            return DoesNotApply("no column names a thing that several sources report on")
        parts = [self._cells(block, reports, name, fact) for name, fact in facts_of(state).items()]
        return pa.concat_tables([self.found(0, confidence=0.0, message=""), *parts])

    def doubts(self, state: State, schema: Schema) -> Doubts | None:
        """No record where no sources report."""
        return None if reports_of(state) else lambda _: ()

    def total(self, state: State, schema: Schema) -> int:
        """Cells that hold reports."""
        return sampled_of(state).sample.records * len(facts_of(state))

    def _cells(self, block: Block, reports: Reports, name: str, fact: Fact) -> pa.Table:
        place = pc.index_in(block.text(reports.thing), value_set=fact.things)
        truth = fact.texts.take(place)
        stands = block.text(name)
        differs = pc.and_(pc.is_valid(truth), pc.or_kleene(pc.is_null(stands), pc.not_equal(stands, truth)))
        at = np.flatnonzero(pc.fill_null(differs, False).to_numpy(zero_copy_only=False))
        where = pc.fill_null(place, 0).to_numpy(zero_copy_only=False)[at]
        confidence = np.round(fact.belief[where], 4)
        says = truth.take(pa.array(at)).to_pylist()
        things = block.text(reports.thing).take(pa.array(at)).to_pylist()
        messages = [
            f"{backers} of {speakers} sources, weighed by their record, say {value!r} for {reports.thing} {thing!r}"
            for backers, speakers, value, thing in zip(
                fact.backers[where], fact.speakers[where], says, things, strict=True
            )
        ]
        cells = stands.take(pa.array(at))
        return self.found(
            len(at),
            row=block.rows[at],
            column=name,
            value=cells,
            kind=_kinds(cells.to_pylist(), says),
            suggestion=says,
            confidence=confidence,
            message=messages,
        )


def _kinds(cells: list[str | None], truths: list[str]) -> list[str]:
    """Form where a cell says the same in another writing, else fact."""
    distinct = list({text for text in (*cells, *truths) if text is not None})
    keys = dict(zip(distinct, canonical(distinct), strict=True))
    return [FORM if cell and keys[cell] == keys[truth] else FACT for cell, truth in zip(cells, truths, strict=True)]
