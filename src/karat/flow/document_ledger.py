"""Writes data, ledger and findings of a corpus in one pass over its parts."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.clean.drop_documents import REMOVED, DropDocuments
from karat.core.finding import FINDINGS, no_findings
from karat.core.patch import LEDGER, no_changes
from karat.core.schema import Schema
from karat.flow import document_checks
from karat.flow.document_verdicts import Verdicts
from karat.flow.grouped_parquet import GroupedParquet
from karat.flow.part_store import Parts
from karat.flow.refined_documents import Part, Refined
from karat.flow.review import REVIEW
from karat.flow.typed import typed, typed_empty
from karat.quality.confidentiality.personal_data import PersonalData
from karat.quality.documents import DocumentCheck, DocumentFacts, Likeness

Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """What was written.

    Parameters
    ----------
    kept : int
        Documents that stay.
    removed : dict of str to int
        Documents that went, by check.
    edits, waiting : int
        Places changed, and cases that need review.
    """

    kept: int
    removed: dict[str, int]
    edits: int
    waiting: int


@dataclass(frozen=True)
class Recorder:
    """What is known when a corpus is written.

    Parameters
    ----------
    parts : Parts
    schema : Schema
    text : str
        The column that holds the documents.
    verdicts : Verdicts
    checks : list of DocumentCheck
    refiner : Refined
    """

    parts: Parts
    schema: Schema
    text: str
    verdicts: Verdicts
    checks: list[DocumentCheck]
    refiner: Refined

    def findings(self, place: Path, tick: Tick) -> dict[str, int]:
        """Write ``findings.parquet``; returns how many findings each check has."""
        counts: dict[str, int] = {}
        with GroupedParquet(place / "findings.parquet", FINDINGS, "message") as out:
            for at in range(len(self.parts)):
                found = self.refiner.people.judged(self._found(at))
                for code, count in _counted(found["check"]):
                    counts[code] = counts.get(code, 0) + count
                out.write(found)
                tick(at + 1, len(self.parts))
        return counts

    def refined(self, place: Path, stopped: Collection[str], tick: Tick) -> "Written":
        """Write ``data.parquet``, ``ledger.parquet`` and, for the stopped steps, ``review.parquet``."""
        edits, removed = 0, dict[str, int]()
        with (
            GroupedParquet(place / "data.parquet", typed_empty(self.schema), self.text) as data,
            GroupedParquet(place / "ledger.parquet", LEDGER, "before") as ledger,
            GroupedParquet(place / "review.parquet", REVIEW, "message") as review,
        ):
            for at in range(len(self.parts)):
                part = self.refiner.part(at)
                entries, cases = self._ledger(part, self.cases(at, stopped))
                gone = entries.filter(pc.equal(entries["action"], "drop"))
                edits += entries.num_rows - gone.num_rows
                for code, count in _counted(gone["check"]):
                    removed[code] = removed.get(code, 0) + count
                kept = ~np.isin(part.block.rows, gone["row"].to_numpy())
                ledger.write(entries)
                data.write(typed(part.table.filter(pa.array(kept)), part.block.rows[kept], self.schema))
                review.write(cases)
                tick(at + 1, len(self.parts))
            return Written(data.records, removed, edits, review.records)

    def _span(self, at: int) -> slice:
        return slice(int(self.parts.first_rows[at]), int(self.parts.first_rows[at + 1]))

    def _cuts(self, at: int) -> pa.Table:
        return self.refiner.cuts.within(int(self.parts.first_rows[at]), int(self.parts.first_rows[at + 1]))

    def _ledger(self, part: Part, cases: pa.Table) -> tuple[pa.Table, pa.Table]:
        """Removals and edits in the order of the documents, and the cases that people have not decided."""
        verdicts, rows = self.verdicts, part.block.rows
        gone = rows[~verdicts.kept[rows]]
        keeper = verdicts.keeper[gone]
        removed = {
            "row": gone,
            "check": verdicts.codes(gone),
            "measure": _numbers(verdicts.measure[gone]),
            "limit": _numbers(verdicts.limit[gone]),
            "keeper": pa.array(keeper, pa.int64(), mask=keeper < 0),
        }
        drops = DropDocuments().propose(replace(part.block, extra={REMOVED: pa.table(removed)}), no_findings())
        edits = part.edits.filter(pc.invert(pc.is_in(part.edits["row"], pa.array(gone))))
        if self.refiner.people:
            _, drops, _, cases = self.refiner.people.taken_in(part.block, drops, no_changes(), cases)
        both = pa.concat_tables([drops, part.own, edits])
        order = np.argsort(both["row"].to_numpy(), kind="stable")
        return both.take(pa.array(order)), cases

    def _facts(self, at: int) -> DocumentFacts:
        """All that was measured of the documents of a part, alone and in the company of the others."""
        span = self._span(at)
        alike = {}
        for check in document_checks.by_likeness(self.checks):
            some = self.verdicts.of_check(check.code()).between(span.start, span.stop)
            alike[check.code()] = Likeness(some.rows - span.start, some.measure, some.limit, some.keeper)
        places = [table.select(["row", "check", "span_start"]) for table in (self.parts.edits(at), self._cuts(at))]
        counted = pa.concat_tables(places).group_by(["row", "check"], use_threads=False).aggregate([("check", "count")])
        edited = {}
        for code in counted["check"].unique().to_pylist():
            mine = counted.filter(pc.equal(counted["check"], code)).sort_by("row")
            edited[code] = mine["row"].to_numpy(), mine["check_count"].to_numpy()
        return document_checks.facts_of(self.parts.facts(at), alike=alike, edited=edited)

    def _found(self, at: int) -> pa.Table:
        """What every check says of the documents of a part; in the order of the documents."""
        span, facts = self._span(at), self._facts(at)
        rows = np.arange(span.start, span.stop)
        made = [no_findings(), *(check.findings_about(facts, rows, self.text) for check in self.checks)]
        places, counts = facts.edited.get(PersonalData.code(), (np.zeros(0, np.int64), np.zeros(0, np.int64)))
        words = [f"personal data in {count:,} place{'s' if count != 1 else ''}" for count in counts.tolist()]
        made.append(
            PersonalData().found(len(places), row=rows[places], column=self.text, confidence=0.9, message=words)
        )
        whole = pa.concat_tables(made)
        return whole.take(pa.array(np.argsort(whole["row"].to_numpy(), kind="stable")))

    def cases(self, at: int, stopped: Collection[str]) -> pa.Table:
        """What the guard did not let a part lose: one case a document that stays, with all that speaks against it."""
        if not stopped:
            return REVIEW.empty_table()
        span, facts = self._span(at), self._facts(at)
        rows = np.arange(span.start, span.stop)
        made = [REVIEW.empty_table()]
        for check in self.checks:
            if check.code() in stopped:
                found = check.findings_about(facts, rows, self.text)
                here = found["row"].to_numpy()
                open_cases = self.verdicts.kept[here] & self.verdicts.in_reach(check.code(), here)
                made.append(_cases(found.filter(pa.array(open_cases))))
        return _one_each(pa.concat_tables(made))


def _cases(found: pa.Table) -> pa.Table:
    """Findings as questions whether the document should go; the value of a copy is the number of the one kept."""
    count = found.num_rows
    held = {name: found[name] for name in ("row", "check", "suggestion", "confidence", "message")}
    held |= {"column": pa.nulls(count, pa.string()), "action": pa.repeat(pa.scalar("drop"), count)}
    held |= {"value": found["keeper"].cast(pa.string())}
    return pa.table([held[name] for name in REVIEW.names], schema=REVIEW)


def _one_each(cases: pa.Table) -> pa.Table:
    """One case a document: the first, with what all say."""
    first = pc.ScalarAggregateOptions(skip_nulls=False)
    wanted = [(name, "first", first) for name in REVIEW.names if name not in ("row", "message")]
    grouped = cases.group_by("row", use_threads=False).aggregate([*wanted, ("message", "list")])
    held = {"row": grouped["row"], "message": pc.binary_join(grouped["message_list"], "\n")}
    held |= {name: grouped[f"{name}_first"] for name, _, _ in wanted}
    return pa.table([held[name] for name in REVIEW.names], schema=REVIEW).sort_by("row")


def _numbers(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _counted(codes: pa.ChunkedArray) -> list[tuple[str, int]]:
    held = pc.value_counts(codes.combine_chunks())
    return [(entry["values"], entry["counts"]) for entry in held.to_pylist()]
