"""Room 2: judge every record, mend what can be mended surely, and account for all of it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat import kinds
from karat.core.block import ROW, Block
from karat.core.finding import FACT, FINDINGS, SURE
from karat.core.patch import no_changes
from karat.core.registry import units
from karat.core.state import freeze
from karat.core.unit import Check, Fix
from karat.core.words import many
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.flow.decisions_applied import all_answers, settled
from karat.flow.engine import Learned
from karat.flow.folder import read_json, write_json, write_table, write_text
from karat.flow.guard import ALL, Guard, Limits, Stop, without
from karat.flow.job import Job
from karat.flow.parameters import known_checks, with_parameters
from karat.flow.refine import all_fixes, joined, patched, propose
from karat.flow.review import ANSWERS, LICENSED, REVIEW, answered, case_table, oddities, read_answers, taught
from karat.flow.scores import score
from karat.flow.teaching import lessons_from, opposites
from karat.flow.unseen import Unseen, suspects, unseen

if TYPE_CHECKING:
    from karat.clean.by_example.lessons import Lessons


def chosen_units(job: Job) -> tuple[list[Check], list[Fix]]:
    """All checks and fixes but those the settings ignore. Raises OptionError for an unknown code, allowed ones too."""
    from karat.core.errors import OptionError

    ignored = set(job.settings.clean.ignore)
    known = units("check").keys() | units("fix").keys()
    for code in sorted(ignored - known):
        raise OptionError.unknown("check or fix", code, known, "[clean] ignore")
    for step in job.settings.clean.allow:
        if step != ALL and step.partition(":")[0] not in known:
            raise OptionError.unknown("check", step.partition(":")[0], known, "--allow")
    chosen = job.settings.quality
    known_checks(chosen)
    checks = [
        with_parameters(check, chosen.get(check.code(), {}))
        for check in engine.all_checks()
        if check.code() not in ignored
    ]
    fixes = [fix for fix in all_fixes() if fix.code() not in ignored]
    return checks, fixes


See = Callable[[Block, pa.Table, "Lessons | None"], None]
SHOWN_CHECKS = 6  # of those that removed records, in the line of the summary
UNASKED = ["dimension", "span_start", "span_end"]  # of a finding, by review


@dataclass
class _Counted:
    """Slim findings by check, for the measures: row, column, confidence and kind of what is sure."""

    parts: dict[str, list[pa.Table]] = field(default_factory=dict)
    sure: int = 0
    suspected: Counter[str] = field(default_factory=Counter)

    def see(self, findings: pa.Table, learned: Learned) -> None:
        self.suspected += suspects(learned, findings)
        slim = findings.select(["row", "column", "confidence", "kind", "check"])
        slim = slim.filter(pc.greater_equal(slim["confidence"], SURE))
        self.sure += slim.num_rows
        for code in pc.unique(slim["check"]).to_pylist():
            mine = slim.filter(pc.equal(slim["check"], code)).drop_columns("check")
            self.parts.setdefault(code, []).append(mine)

    def by_check(self, learned: Learned) -> dict[str, pa.Table]:
        empty = FINDINGS.empty_table().select(["row", "column", "confidence", "kind"])
        return {code: pa.concat_tables([empty, *self.parts.get(code, [])]) for code in learned.checks}


def assess(job: Job, data: Dataset, place: Path) -> Mapping[str, Any]:
    """Findings and scores of the raw records; leaves findings.parquet, scores.json and the checks' states."""
    learned, counted = _judged(job, data, place)
    parts = counted.by_check(learned)
    scores = score(learned, data.schema, parts, len(data), unseen=_unseen(learned, data, counted))
    write_json(place / "scores.json", {"before": scores})
    return {"findings": counted.sure, "scores": scores, "skipped": learned.skipped}


def clean(job: Job, data: Dataset, place: Path) -> Mapping[str, Any]:
    """Assess, mend, and assess again what came of it."""
    _, fixes = chosen_units(job)
    mending = _Mending(job, data, fixes, place)
    learned, counted = _judged(job, data, place, mending.see, mending.answers)
    parts = counted.by_check(learned)
    hidden = _unseen(learned, data, counted)
    before = score(learned, data.schema, parts, len(data), unseen=hidden)
    ledger = mending.finish()
    scores = {"before": before, "after": score(learned, data.schema, parts, len(data), ledger, hidden)}
    write_json(place / "scores.json", scores)
    return {"findings": counted.sure, "scores": scores, "skipped": learned.skipped, **mending.summary()}


def _unseen(learned: Learned, data: Dataset, counted: _Counted) -> Unseen:
    """What is thought of the records of a table beside the findings."""
    if not kinds.of(data.schema.kind).of_cells or not len(data):
        return Unseen()
    suspected = max(counted.suspected.values(), default=0) / len(data)
    return replace(unseen(learned, data, counted.by_check(learned)), suspected=suspected)


def _judged(
    job: Job, data: Dataset, place: Path | None, see: See | None = None, answers: pa.Table | None = None
) -> tuple[Learned, _Counted]:
    """Learn, conclude and judge; ``findings.parquet`` and the states are left in ``place``, blocks go to ``see``."""
    learned = engine.learn(data, chosen_units(job)[0], workers=job.workers, tick=job.listener.tick)
    lessons = lessons_from(data, learned, answers, job.workers)
    if lessons is not None and (line := opposites(lessons)):
        job.listener.note("clean", line)
    decided = settled(job.out, data.schema)
    learned = taught(learned, data, answers)
    concluded = engine.conclude(learned, data.schema)
    counted = _Counted()
    counted.see(concluded, learned)
    with _writer(place) as write:
        write(concluded)
        for block, raw in engine.judge(data, learned, workers=job.workers, tick=job.listener.tick):
            findings = raw if lessons is None else lessons.judge(block, raw, counted=True)
            findings = findings if decided is None else decided.judged(findings)
            counted.see(findings, learned)
            write(findings)
            if see:
                see(block, findings, lessons)
    if place is not None:
        checks_and_states = {code: (learned.checks[code], learned.states[code]) for code in learned.checks}
        write_text(place / "checks.json", freeze(checks_and_states))
        write_text(place / "lessons.json", freeze(lessons))
    return learned, counted


@contextmanager
def _writer(place: Path | None) -> Iterator[Callable[[pa.Table], None]]:
    """Writes findings to ``findings.parquet`` in a folder, a row group at a time; nowhere without one."""
    if place is None:
        yield lambda _: None
        return
    path = place / "findings.parquet"
    with pq.ParquetWriter(path, FINDINGS, compression="zstd") as writer:
        yield lambda findings: writer.write_table(findings) if findings.num_rows else None
    path.chmod(0o600)


class _Mending:
    """Proposes patches block by block, lets the proof choose, applies what ships, and keeps the books."""

    def __init__(self, job: Job, data: Dataset, fixes: list[Fix], place: Path) -> None:
        self.job, self.data, self.fixes, self.place = job, data, fixes, place
        self.kind = kinds.of(data.schema.kind)
        wants = job.settings.clean
        limits = Limits(wants.max_removed, wants.max_changed, wants.max_broken)
        self.guard = Guard(data.schema, limits if self.kind.of_cells else Limits(1.0, 1.0, 1.0))
        self.stops: list[Stop] = []
        self.patches: list[dict[str, pa.Table]] = []
        self.cases: list[tuple[pa.Table, pa.Table]] = []
        self.families: tuple[str, ...] = ()
        self.effects: list[dict[str, Any]] = []
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
            if family not in (ANSWERS, LICENSED):
                self.guard.see(block, patch)
        self.patches.append(patches)
        asked = pc.or_(
            pc.and_(pc.greater_equal(findings["confidence"], SURE), pc.is_valid(findings["row"])),
            pc.is_in(findings["row"], waiting["row"].combine_chunks()),
        )
        self.cases.append((findings.filter(asked).drop_columns(UNASKED), waiting))

    def _sure_enough(self, patches: dict[str, pa.Table]) -> tuple[dict[str, pa.Table], pa.Table]:
        """The patches without changes of fact below the user's ``min_confidence``, and those."""
        least = self.job.settings.clean.min_confidence
        if not least:
            return patches, no_changes()
        low = {
            family: pc.and_(pc.equal(patch["kind"], FACT), pc.less(pc.fill_null(patch["confidence"], 1.0), least))
            for family, patch in patches.items()
        }
        unsure = [patch.filter(low[family]) for family, patch in patches.items()]
        sure = {family: patch.filter(pc.invert(low[family])) for family, patch in patches.items()}
        return sure, pa.concat_tables([no_changes(), *unsure])

    def _verified(self, block: Block, patch: pa.Table) -> pa.Table:
        """The patch without removals whose keeper, in another block, differs after all: a hash alone drops nothing."""
        keepers = pc.fill_null(patch["keeper"], -1).to_numpy()
        exact = np.asarray(pc.equal(patch["check"], "DuplicateRecords"))  # others are alike
        far = np.flatnonzero(exact & (keepers >= 0) & ~np.isin(keepers, block.rows))
        if not len(far):
            return patch
        from karat.clean.drop_duplicate_records import unequal
        from karat.quality.consistency._record_hash import whole

        dropped = block.table.take(pa.array(np.searchsorted(block.rows, patch["row"].to_numpy()[far])))
        keep = np.ones(patch.num_rows, bool)
        keep[far] = ~unequal(dropped, self.data.records(keepers[far]), whole(self.data.schema))
        return patch.filter(pa.array(keep))

    def finish(self) -> pa.Table:
        """The guard speaks, the proof chooses, and what ships is applied and written; returns the ledger."""
        self.stops = self.guard.stopped(self.job.settings.clean.allow)
        self._hold_back()
        self._choose()
        names = pa.schema(
            [
                (ROW, pa.int64()),
                *((c.name, pa.binary() if c.type == "binary" else pa.string()) for c in self.data.schema),
            ]
        )
        ledgers, cases = [no_changes()], [REVIEW.empty_table()]
        with pa.ipc.new_file(str(self.place / "refined.arrow"), names) as writer:
            for at, (patches, (findings, waiting)) in enumerate(zip(self.patches, self.cases, strict=True)):
                block, ledger = self.data.block(at), joined(patches, self.families)
                mended = patched(block, ledger)
                self.kept += len(mended)
                table = mended.table.add_column(0, ROW, pa.array(mended.rows, pa.int64())).cast(names)
                writer.write_batch(table.combine_chunks().to_batches()[0] if table.num_rows else _no_records(names))
                ledgers.append(ledger)
                cases.append(case_table(findings, waiting, ledger))
        ledger = pa.concat_tables(ledgers)
        self._books(ledger, pa.concat_tables(cases))
        return ledger

    def _hold_back(self) -> None:
        """What the guard stopped needs review instead."""
        if not self.stops:
            return
        for at, (patches, (findings, waiting)) in enumerate(zip(self.patches, self.cases, strict=True)):
            parts = {
                name: (patch, None) if name in (ANSWERS, LICENSED) else without(patch, self.stops)
                for name, patch in patches.items()
            }
            self.patches[at] = {family: allowed for family, (allowed, _) in parts.items()}
            stopped = [refused for _, refused in parts.values() if refused is not None]
            self.cases[at] = findings, pa.concat_tables([waiting, *stopped])

    def _choose(self) -> None:
        families = sorted({family for patches in self.patches for family in patches})
        self.families = tuple(families)
        optional = [family for family in families if family != ANSWERS]
        if self.job.proof is None or not self.kind.provable(self.data.schema) or not optional:
            return
        joint = {family: pa.concat_tables([p[family] for p in self.patches if family in p]) for family in optional}
        choice = self.job.proof.choose(self.data.whole(), joint, self.job, self.job.out / ".work" / "scores")
        self.families = (*choice.kept, ANSWERS)
        self.effects = [{"family": e.family, "lift": e.lift, "error": e.error, "kept": e.kept} for e in choice.effects]

    def _books(self, ledger: pa.Table, cases: pa.Table) -> None:
        write_table(self.place / "ledger.parquet", ledger)
        write_table(self.place / "review.parquet", cases)
        gone = ledger.filter(pc.equal(ledger["action"], "drop"))
        counts = gone.group_by("check").aggregate([("row", "count_distinct")]).to_pylist()
        self.removed = {c["check"]: c["row_count_distinct"] for c in sorted(counts, key=lambda c: str(c["check"]))}
        self.cells, self.waiting = ledger.num_rows - gone.num_rows, cases.num_rows
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
        }


def _no_records(names: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=names)


def account(place: Path, summary: Mapping[str, Any], quarantined: int) -> dict[str, Any]:
    """``accounting.json``: in = kept + removed + quarantined, or a bug."""
    removed = dict(summary.get("removed", {}))
    kept = summary["kept"]
    total = summary["records"] + quarantined
    if total != kept + sum(removed.values()) + quarantined:
        raise AssertionError(f"{total} records in, but {kept} kept, {removed} removed, {quarantined} quarantined")
    books = {"in": total, "kept": kept, "removed": removed, "quarantined": quarantined}
    write_json(place / "accounting.json", books)
    return books


def load_scores(place: Path) -> dict[str, Any]:
    """What the room scored."""
    scores: dict[str, Any] = read_json(place / "scores.json")
    return scores


def refined_data(place: Path, raw: Dataset) -> Dataset:
    """What the room kept, as a data set."""
    return Dataset(raw.schema, path=place / "refined.arrow", extra=raw.extra_scalars())


def in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    line = many(summary["findings"], "finding")
    if "cells" in summary:
        ranked = sorted(summary["removed"].items(), key=lambda entry: (-entry[1], entry[0]))
        removed = " · ".join(f"{many(count, 'record')} removed ({check})" for check, count in ranked[:SHOWN_CHECKS])
        removed += f" · {len(ranked) - SHOWN_CHECKS} other checks" if len(ranked) > SHOWN_CHECKS else ""
        line += f": {many(summary['cells'], 'cell')} fixed" + (f" · {removed}" if removed else "")
        line += (
            f" · left off, they lowered the validation score: {', '.join(summary['left_off'])}"
            if summary["left_off"]
            else ""
        )
        line += f" · {needs_review(summary['waiting'])}" if summary["waiting"] else ""
    return line


def needs_review(cases: int) -> str:
    """How many cases need review, in words."""
    return f"{many(cases, 'case')} {'needs' if cases == 1 else 'need'} review" if cases else "nothing needs review"
