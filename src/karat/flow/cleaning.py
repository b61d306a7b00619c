"""Room 2: judge every record, mend what can be mended surely, and account for all of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import ROW, Block
from karat.core.finding import FINDINGS, SURE
from karat.core.patch import LEDGER, no_changes
from karat.core.registry import units
from karat.core.schema import Schema
from karat.core.state import freeze
from karat.core.unit import Check, Fix
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.flow.engine import Learned
from karat.flow.folder import read_json, write_json, write_table, write_text
from karat.flow.guard import Guard
from karat.flow.job import Job
from karat.flow.refine import all_fixes, joined, patched, propose
from karat.flow.review import answered, case_table, read_answers
from karat.flow.scores import score


def chosen_units(job: Job) -> tuple[list[Check], list[Fix]]:
    """All checks and fixes but those the settings ignore. Raises OptionError for an unknown code."""
    from karat.core.errors import OptionError

    ignored = set(job.settings.clean.ignore)
    known = units("check").keys() | units("fix").keys()
    for code in ignored - known:
        raise OptionError.unknown("check or fix", code, known, "[clean] ignore")
    checks = [check for check in engine.all_checks() if check.code() not in ignored]
    fixes = [fix for fix in all_fixes() if fix.code() not in ignored]
    return checks, fixes


@dataclass
class _Counted:
    """Slim findings by check, for the measures: row, column and confidence alone."""

    parts: dict[str, list[pa.Table]] = field(default_factory=dict)
    sure: int = 0

    def see(self, found: pa.Table) -> None:
        slim = found.select(["row", "column", "confidence", "check"])
        self.sure += slim.filter(pc.greater_equal(slim["confidence"], SURE)).num_rows
        for code in pc.unique(slim["check"]).to_pylist():
            self.parts.setdefault(code, []).append(slim.filter(pc.equal(slim["check"], code)))

    def by_check(self, learned: Learned) -> dict[str, pa.Table]:
        empty = FINDINGS.empty_table().select(["row", "column", "confidence", "check"])
        return {code: pa.concat_tables([empty, *self.parts.get(code, [])]) for code in learned.checks}


def assess(job: Job, data: Dataset, place: Path) -> Mapping[str, Any]:
    """Findings and scores of the raw records; leaves findings.parquet, scores.json and the checks' states."""
    learned, counted = _judged(job, data, place, lambda block, found: None)
    scores = score(learned, data.schema, counted.by_check(learned))
    write_json(place / "scores.json", {"before": scores})
    return {"findings": counted.sure, "scores": scores, "skipped": learned.skipped}


def clean(job: Job, data: Dataset, place: Path) -> Mapping[str, Any]:
    """Assess, mend, and assess again what came of it."""
    _, fixes = chosen_units(job)
    mending = _Mending(job, data, fixes, place)
    with mending:
        learned, counted = _judged(job, data, place, mending.see)
    before = score(learned, data.schema, counted.by_check(learned))
    mending.finish()
    refined = refined_data(place, data)
    after_learned, after = _judged(job, refined, None, lambda block, found: None)
    scores = {"before": before, "after": score(after_learned, data.schema, after.by_check(after_learned))}
    write_json(place / "scores.json", scores)
    return {"findings": counted.sure, "scores": scores, "skipped": learned.skipped, **mending.summary()}


def _judged(job: Job, data: Dataset, place: Path | None, see: Any) -> tuple[Learned, _Counted]:
    checks, _ = chosen_units(job)
    learned = engine.learn(data, checks, workers=job.workers, tick=job.listener.tick)
    concluded = engine.conclude(learned, data.schema)
    counted = _Counted()
    counted.see(concluded)
    if place is not None:
        write_text(place / "checks.json", freeze({code: (learned.checks[code], learned.states[code]) for code in learned.checks}))
    writer = pq.ParquetWriter(place / "findings.parquet", FINDINGS, compression="zstd") if place else None
    try:
        if writer and concluded.num_rows:
            writer.write_table(concluded)
        for block, found in engine.judge(data, learned, workers=job.workers, tick=job.listener.tick):
            counted.see(found)
            if writer and found.num_rows:
                writer.write_table(found)
            see(block, found)
    finally:
        if writer:
            writer.close()
    if place is not None:
        (place / "findings.parquet").chmod(0o600)
    return learned, counted


class _Mending:
    """Proposes and applies patches block by block, and keeps the books."""

    def __init__(self, job: Job, data: Dataset, fixes: list[Fix], place: Path) -> None:
        self.job, self.schema, self.fixes, self.place = job, data.schema, fixes, place
        schema, given = data.schema, job.settings.label.answers
        self.answers = read_answers(Path(given), schema, len(data)) if given else None
        self.guard, self.removed, self.ledgers = Guard(schema), dict[str, int](), list[pa.Table]()
        self.cases: list[pa.Table] = []
        self.records = self.kept = self.cells = 0

    def __enter__(self) -> "_Mending":
        names = pa.schema([(ROW, pa.int64()), *((c.name, pa.binary() if c.type == "binary" else pa.string()) for c in self.schema)])
        self.sink = pa.OSFile(str(self.place / "refined.arrow"), "wb")
        self.writer, self.names = pa.ipc.new_file(self.sink, names), names
        self.pending: list[pa.Table] = []
        return self

    def __exit__(self, *failure: object) -> None:
        self.writer.close()
        self.sink.close()

    def see(self, block: Block, found: pa.Table) -> None:
        """One block judged: propose, apply, write."""
        patches, waiting = propose(self.fixes, block, found)
        if self.answers is not None:
            found, patches, waiting = answered(block, self.answers, found, patches, waiting)
        ledger = joined(patches)
        self.guard.count(block)
        for family, patch in patches.items():
            self.guard.see(block, patch, family)
        self.cases.append(case_table(block, found, waiting, ledger))
        self.ledgers.append(ledger)
        mended = patched(block, ledger)
        self.records += len(block)
        self.kept += len(mended)
        table = mended.table.add_column(0, ROW, pa.array(mended.rows, pa.int64()))
        self.writer.write_table(table.cast(self.names), max_chunksize=len(block))

    def finish(self) -> None:
        """Books closed: the guard speaks, the ledger, review and accounting are written."""
        self.guard.verdict(set(self.job.settings.clean.allow))
        ledger = pa.concat_tables([no_changes(), *self.ledgers])
        write_table(self.place / "ledger.parquet", ledger)
        write_table(self.place / "review.parquet", pa.concat_tables(self.cases))
        gone = ledger.filter(pc.is_in(ledger["action"], pa.array(["drop"])))
        counts = gone.group_by("check").aggregate([("row", "count_distinct")]).to_pylist()
        self.removed = {c["check"]: c["row_count_distinct"] for c in sorted(counts, key=lambda c: str(c["check"]))}
        self.cells = ledger.num_rows - gone.num_rows

    def summary(self) -> dict[str, Any]:
        waiting = sum(case.num_rows for case in self.cases)
        return {"records": self.records, "kept": self.kept, "removed": self.removed, "cells": self.cells, "waiting": waiting}


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
    line = f"{summary['findings']:,} findings"
    if "cells" in summary:
        removed = " · ".join(f"{count:,} records dropped ({check})" for check, count in summary["removed"].items())
        line += f": {summary['cells']:,} cells mended" + (f" · {removed}" if removed else "")
        line += f" · {summary['waiting']:,} wait for a person" if summary["waiting"] else ""
    return line
