"""Proposes fixes block by block, hears the guard, people and the proof, applies what ships, and keeps the books."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat import kinds
from karat.clean.drop_documents import DropDocuments
from karat.clean.edit_documents import EditDocuments
from karat.core.block import ROW, Block
from karat.core.finding import FACT, SURE
from karat.core.patch import LEDGER, no_changes
from karat.core.unit import Fix
from karat.flow.dataset import Dataset
from karat.flow.decisions_applied import all_answers, settled
from karat.flow.grouped_parquet import GroupedParquet
from karat.flow.guard import Guard, Limits, Stop, without
from karat.flow.job import Job
from karat.flow.refine import joined, patched, propose
from karat.flow.review import (
    ANSWERS,
    LICENSED,
    REVIEW,
    answered,
    case_count,
    case_table,
    oddities,
    one_each,
    read_answers,
)
from karat.flow.spilled import Spilled
from karat.flow.weighing import NO_WEIGHTS, LabelWeights

if TYPE_CHECKING:
    from karat.clean.by_example.lessons import Lessons

UNASKED = ["dimension", "span_start", "span_end"]  # of a finding, by review
FINDINGS, WAITING = "findings", "waiting"
DECIDED = (DropDocuments.family, EditDocuments.family)  # the guard speaks before documents are compared
Put = Callable[[int, Block, pa.Table], int]  # block number, block, its ledger: how many records stay
Sink = Callable[[Path], AbstractContextManager[Put]]


@dataclass(frozen=True)
class Beforehand:
    """What is known before records are judged block by block: nothing, where each is judged for itself.

    Parameters
    ----------
    stops : tuple of Stop
        What the guard has stopped already.
    asked_alone : frozenset of str
        Checks of whole records: what they find is asked only where its removal was stopped, one case a record.
    heard : callable
        Findings of a block, once more is known of its records.
    sink : callable or None
        Opens what the refined records are written to, in a folder; None: ``refined.arrow``.
    """

    stops: tuple[Stop, ...] = ()
    asked_alone: frozenset[str] = frozenset()
    heard: Callable[[Block, pa.Table], pa.Table] = lambda _, findings: findings
    sink: Sink | None = None


class Fixing:
    """What is done about the findings of one data set."""

    def __init__(self, job: Job, data: Dataset, fixes: list[Fix], place: Path, beforehand: Beforehand) -> None:
        self.job, self.data, self.fixes, self.place, self.beforehand = job, data, fixes, place, beforehand
        self.kind = kinds.of(data.schema.kind)
        self.guard = Guard(data.schema, Limits.of(job.settings))
        self.stops: list[Stop] = []
        self.patches, self.cases = Spilled(place / "patches"), Spilled(place / "cases")
        self.families: tuple[str, ...] = ()
        self.proposed: set[str] = set()
        self.effects: list[dict[str, Any]] = []
        self.weights, self.power = NO_WEIGHTS, 1.0
        self.removed: dict[str, int] = {}
        self.kept = self.cells = self.waiting = self.facts = 0
        self.expected_broken = 0.0
        answers_path = job.settings.label.answers
        read = read_answers(Path(answers_path), data.schema, len(data)) if answers_path else None
        self.answers = all_answers(read, job.out, data.schema)
        for line in oddities(self.answers, data.schema) if self.answers is not None else ():
            job.listener.note("clean", line)
        self.decided = settled(job.out, data.schema)

    def see(self, block: Block, findings: pa.Table, lessons: "Lessons | None") -> None:
        """One block judged: what could be done about it."""
        patches, waiting = propose(self.fixes, block, findings)
        patches = patches if lessons is None else lessons.repair(findings, patches, self.fixes)
        patches = {family: self._verified(block, patch) for family, patch in patches.items()}
        patches, unsure = self._sure_enough(patches)
        waiting = pa.concat_tables([waiting, unsure])
        if self.answers is not None:
            findings, patches, waiting = answered(block, self.answers, findings, patches, waiting)
        if self.decided is not None:
            findings, patches, waiting = self.decided.taken_in(block, findings, patches, waiting)
        self.guard.count(block)
        for family, patch in patches.items():
            if family not in (ANSWERS, LICENSED, *DECIDED):
                self.guard.see(block, patch)
        self.proposed |= set(patches)
        self.patches.append(patches)
        asked = pc.or_(
            pc.and_(pc.greater_equal(findings["confidence"], SURE), pc.is_valid(findings["row"])),
            pc.is_in(findings["row"], waiting["row"].combine_chunks()),
        )
        self.cases.append({FINDINGS: findings.filter(asked).drop_columns(UNASKED), WAITING: waiting})

    def _sure_enough(self, patches: dict[str, pa.Table]) -> tuple[dict[str, pa.Table], pa.Table]:
        """The patches without changes of fact below the user's ``min_confidence``, and those."""
        least = self.job.settings.clean.min_confidence
        if not least:
            return patches, no_changes()
        low = {
            family: pc.and_(pc.equal(patch["kind"], FACT), pc.less(pc.fill_null(patch["confidence"], 1.0), least))
            for family, patch in patches.items()
            if family not in DECIDED
        }
        unsure = [patches[family].filter(here) for family, here in low.items()]
        sure = patches | {family: patches[family].filter(pc.invert(here)) for family, here in low.items()}
        return sure, pa.concat_tables([no_changes(), *unsure])

    def _verified(self, block: Block, patch: pa.Table) -> pa.Table:
        """The patch without removals whose keeper, in another block, differs after all: a hash alone drops nothing."""
        keepers = pc.fill_null(patch["keeper"], -1).to_numpy()
        exact = np.asarray(pc.equal(patch["check"], "DuplicateRecords"))  # others are alike
        far = np.flatnonzero(exact & (keepers >= 0) & ~np.isin(keepers, block.rows))
        if not len(far):
            return patch
        from karat.clean.drop_duplicate_records import unequal
        from karat.quality.consistency.record_hash import whole

        dropped = block.table.take(pa.array(np.searchsorted(block.rows, patch["row"].to_numpy()[far])))
        keep = np.ones(patch.num_rows, bool)
        keep[far] = ~unequal(dropped, self.data.records(keepers[far]), whole(self.data.schema))
        return patch.filter(pa.array(keep))

    def finish(self) -> pa.Table:
        """The guard speaks, the proof chooses, and what ships is applied and written; returns the ledger.

        What it removes from the data is left out of what is returned.
        """
        pa.default_memory_pool().release_unused()  # what judging took
        self.stops = [*self.beforehand.stops, *self.guard.stopped(self.job.settings.clean.allow)]
        self._choose()
        done = [no_changes()]
        sink = self.beforehand.sink or self._blocks
        with (
            sink(self.place) as put,
            GroupedParquet(self.place / "ledger.parquet", LEDGER, "before") as ledgers,
            GroupedParquet(self.place / "review.parquet", REVIEW, "message") as review,
        ):
            for at in range(self.data.block_count):
                patches, findings, waiting = self._allowed(at)
                ledger = _once(joined(patches, self.families))
                self.kept += put(at, self.data.block(at), ledger)
                ledgers.write(ledger)
                cases = self._cases(findings, waiting, ledger)
                self.waiting += case_count(cases)
                review.write(cases)
                done.append(_without_records(ledger))
        for spilled in (self.patches, self.cases):
            shutil.rmtree(spilled.place, ignore_errors=True)
        ledger = pa.concat_tables(done)
        self._count(ledger)
        return ledger

    @contextmanager
    def _blocks(self, place: Path) -> Iterator[Put]:
        """Writes the refined records to ``refined.arrow``, block by block."""
        kinds_of = ((c.name, pa.binary() if c.type == "binary" else pa.string()) for c in self.data.schema)
        names = pa.schema([(ROW, pa.int64()), *kinds_of])
        with pa.ipc.new_file(str(place / "refined.arrow"), names) as writer:

            def put(_: int, block: Block, ledger: pa.Table) -> int:
                refined = patched(block, ledger)
                table = refined.table.add_column(0, ROW, pa.array(refined.rows, pa.int64())).cast(names)
                writer.write_batch(table.combine_chunks().to_batches()[0] if table.num_rows else _no_records(names))
                return len(refined)

            yield put

    def _allowed(self, at: int) -> tuple[dict[str, pa.Table], pa.Table, pa.Table]:
        """Patches of a block, its findings, and what needs review: what the guard stopped does instead."""
        patches, cases = self.patches[at], self.cases[at]
        if not self.stops:
            return patches, cases[FINDINGS], cases[WAITING]
        free = (ANSWERS, LICENSED)
        parted = {name: without(patch, self.stops) for name, patch in patches.items() if name not in free}
        waiting = pa.concat_tables([cases[WAITING], *(stopped for _, stopped in parted.values())])
        return patches | {name: allowed for name, (allowed, _) in parted.items()}, cases[FINDINGS], waiting

    def _cases(self, findings: pa.Table, waiting: pa.Table, ledger: pa.Table) -> pa.Table:
        codes = pa.array(sorted(self.beforehand.asked_alone), pa.string())
        others = findings.filter(pc.invert(pc.is_in(findings["check"], codes)))
        cases = case_table(others, waiting, ledger, findings)
        return one_each(cases, codes) if len(codes) else cases

    def _choose(self) -> None:
        self.families = tuple(sorted(self.proposed))
        if self.job.proof is None or not self.kind.provable(self.data.schema):
            return
        allowed = [self._allowed(at)[0] for at in range(len(self.patches))]
        joint = {family: pa.concat_tables([p[family] for p in allowed if family in p]) for family in self.families}
        choice = self.job.proof.choose(self.data.whole(), joint, self.job, self.job.out / ".work" / "scores")
        self.families = (*choice.kept, ANSWERS)
        if getattr(choice, "weights", None) is not None:
            self.weights = LabelWeights.of_changes(choice.weights)
            self.weights.save(self.place)
            self.power = choice.power
        self.effects = [{"family": e.family, "lift": e.lift, "error": e.error, "kept": e.kept} for e in choice.effects]

    def _count(self, ledger: pa.Table) -> None:
        gone = ledger.filter(pc.equal(ledger["action"], "drop"))
        counts = gone.group_by("check").aggregate([("row", "count_distinct")]).to_pylist()
        self.removed = {c["check"]: c["row_count_distinct"] for c in sorted(counts, key=lambda c: str(c["check"]))}
        self.cells = ledger.num_rows - gone.num_rows
        facts = ledger.filter(pc.and_(pc.equal(ledger["kind"], FACT), pc.equal(ledger["who"], "karat")))
        facts = facts.filter(pc.is_in(facts["action"], pa.array(["set", "edit"])))
        self.facts, doubt = facts.num_rows, 1 - pc.fill_null(facts["confidence"], 1.0).to_numpy()
        self.expected_broken = round(float(doubt.sum()), 2)

    def summary(self) -> dict[str, Any]:
        """What was done, in figures."""
        left_off = [effect["family"] for effect in self.effects if not effect["kept"]]
        return {
            "records": len(self.data),
            "kept": self.kept,
            "removed": self.removed,
            "cells": self.cells,
            "waiting": self.waiting,
            "effects": self.effects,
            "left_off": left_off,
            "facts": self.facts,
            "expected_broken": self.expected_broken,
            "stopped": [stop.to_json() for stop in self.stops],
            "weighed": self.weights.summary() | ({"power": self.power} if len(self.weights.rows) else {}),
        }


def _no_records(names: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=names)


def _once(ledger: pa.Table) -> pa.Table:
    """The ledger in the order of the records; one that several fixes remove goes for the first."""
    ledger = ledger.take(pc.sort_indices(ledger, [("row", "ascending")]))
    gone = np.flatnonzero(pc.equal(ledger["action"], "drop").to_numpy())
    rows = ledger["row"].to_numpy()[gone]
    again = gone[1:][rows[1:] == rows[:-1]]
    return ledger.take(pa.array(np.delete(np.arange(ledger.num_rows), again))) if len(again) else ledger


def _without_records(ledger: pa.Table) -> pa.Table:
    """The ledger without the records it removed and the passages it cut: they may be as large as the data."""
    bulky = pc.or_(pc.equal(ledger["action"], "drop"), pc.is_in(ledger["check"], pa.array(sorted(EditDocuments.mends))))
    before = pc.if_else(bulky, pa.scalar(None, pa.string()), ledger["before"])
    return ledger.set_column(ledger.schema.get_field_index("before"), "before", before)
