"""What sources reported, in the states of a check: the sample, all reports, and what people say of some things."""

from dataclasses import dataclass

import pyarrow as pa

from karat.core.state import derived
from karat.quality.consistency._dependencies import dependency_columns
from karat.quality.consistency._sources import PERSON, Fact, Reports, decide, find_reports
from karat.quality.sampled import Sampled

# errors of one rate give 1; 1 to 4 on columns that report nothing, 29 on flights; 2.5 does
# as well, 10 worse (benchmarks/constants.md)
UNLIKE = 5.0


@dataclass(frozen=True)
class AllReports:
    """A sample of records, and all that was reported.

    Parameters
    ----------
    tables : tuple of pyarrow.Table
        One per fact: thing as ``key_0``, source as ``key_1``, ``value`` and ``n``.
    """

    sampled: Sampled
    tables: tuple[pa.Table, ...]

    def merge(self, other: "AllReports | Sampled") -> "AllReports":
        """Reports of both; a bare sample adds none."""
        if isinstance(other, Sampled):
            return AllReports(self.sampled.merge(other), self.tables)
        joined = tuple(pa.concat_tables(pair) for pair in zip(self.tables, other.tables, strict=True))
        return AllReports(self.sampled.merge(other.sampled), joined)


@dataclass(frozen=True)
class AnsweredReports:
    """All that was reported, and what people who were asked say of some things.

    Parameters
    ----------
    answers : tuple of pyarrow.Table
        One per fact: ``thing`` and ``value``.
    """

    reported: Sampled | AllReports
    answers: tuple[pa.Table, ...]

    def merge(self, other: "Sampled | AllReports") -> "AnsweredReports":
        """Reports of both, the same answers."""
        merged = other.merge(self.reported) if isinstance(other, AllReports) else self.reported.merge(other)
        return AnsweredReports(merged, self.answers)


State = Sampled | AllReports | AnsweredReports


def sampled_of(state: State) -> Sampled:
    """The sample in a state."""
    reported = state.reported if isinstance(state, AnsweredReports) else state
    return reported if isinstance(reported, Sampled) else reported.sampled


def reports_of(state: State) -> Reports | None:
    """Thing, source and facts, found once per state."""
    sampled = sampled_of(state)
    return derived(sampled, "reports", lambda: find_reports(sampled.block, dependency_columns(sampled.schema)))


def facts_of(state: State) -> dict[str, Fact]:
    """What is true, by column; decided once per state. Columns where no source can be trusted are left out.

    None is left where the sources are all right equally often: then no column names sources.
    """

    def make() -> dict[str, Fact]:
        reports = reports_of(state)
        if reports is None:
            return {}
        reported = state.reported if isinstance(state, AnsweredReports) else state
        if isinstance(reported, Sampled):
            block = reported.block
            tables = [[block.text(name) for name in (reports.thing, reports.source, fact)] for fact in reports.facts]
        else:
            tables = [
                [table[name].combine_chunks() for name in ("key_0", "key_1", "value")] for table in reported.tables
            ]
        if isinstance(state, AnsweredReports):
            tables = [_with_answers(*pair) for pair in zip(tables, state.answers, strict=True)]
        decided = {name: decide(*parts) for name, parts in zip(reports.facts, tables, strict=True)}
        trusted = {name: fact for name, fact in decided.items() if fact is not None}
        unlike = sum(fact.unlike for fact in trusted.values()) / max(len(trusted), 1)
        return trusted if unlike >= UNLIKE else {}

    return derived(state, "facts", make)


def _with_answers(reported: list[pa.Array], answers: pa.Table) -> list[pa.Array]:
    person = pa.repeat(pa.scalar(PERSON), len(answers))
    said = (answers["thing"].combine_chunks(), person, answers["value"].combine_chunks())
    return [pa.concat_arrays([column, more]) for column, more in zip(reported, said, strict=True)]
