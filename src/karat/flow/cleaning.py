"""Room 2: judge every record, mend what can be mended surely, and account for all of it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from karat import kinds
from karat.core.block import WEIGHT, Block
from karat.core.finding import FINDINGS, SURE
from karat.core.plugins import is_foreign
from karat.core.registry import units
from karat.core.scoring_check import ScoringCheck
from karat.core.state import freeze, frozen
from karat.core.unit import Check, Fix
from karat.core.words import many
from karat.flow import document_checks, engine
from karat.flow.dataset import Dataset
from karat.flow.decisions_applied import settled
from karat.flow.engine import Learned
from karat.flow.fixing import Beforehand, Fixing
from karat.flow.folder import write_json, write_parts, write_text
from karat.flow.grouped_parquet import GroupedParquet
from karat.flow.guard import ALL
from karat.flow.job import Job
from karat.flow.parameters import known_checks, left_out, with_settings
from karat.flow.record_scores import RecordScoreFile
from karat.flow.refine import all_fixes
from karat.flow.review import taught
from karat.flow.scores import score
from karat.flow.teaching import lessons_from, opposites
from karat.flow.unseen import Unseen, suspects, unseen
from karat.quality.documents import DocumentCheck

if TYPE_CHECKING:
    from karat.clean.by_example.lessons import Lessons


def chosen_units(job: Job) -> tuple[list[Check], list[Fix]]:
    """All checks and fixes but those the settings ignore. Raises OptionError for an unknown code, allowed ones too.

    ``karat clean`` scores no records unless asked: that takes as long as all other checks of a small table together,
    and no fix reads it.
    """
    from karat.core.errors import OptionError

    ignored = left_out(job.settings)
    known = units("check").keys() | units("fix").keys()
    for step in job.settings.clean.allow:
        if step != ALL and step.partition(":")[0] not in known:
            raise OptionError.unknown("check", step.partition(":")[0], known, "--allow")
    known_checks(job.settings.quality)
    not_asked = (DocumentCheck, ScoringCheck) if job.upto == "clean" and not job.settings.clean.only else DocumentCheck
    others = [check for check in engine.all_checks() if not isinstance(check, not_asked)]
    checks = [with_settings(check, job.settings) for check in others if check.code() not in ignored]
    checks += document_checks.checks_of(job)
    fixes = [fix for fix in all_fixes() if fix.code() not in ignored]
    return checks, fixes


See = Callable[[Block, pa.Table, "Lessons | None"], None]
SHOWN_CHECKS = 6  # display: of those that removed records, in the line of the summary


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


def assess(job: Job, data: Dataset, place: Path, beforehand: Beforehand | None = None) -> Mapping[str, Any]:
    """Findings and scores of the raw records; leaves findings.parquet, scores.json and the checks' states."""
    learned, counted = _judged(job, data, place, beforehand or Beforehand())
    parts = counted.by_check(learned)
    scores = score(learned, data.schema, parts, len(data), unseen=_unseen(learned, data, counted))
    write_json(place / "scores.json", {"before": scores})
    return {"findings": counted.sure, "scores": scores, "skipped": learned.skipped}


def clean(job: Job, data: Dataset, place: Path, beforehand: Beforehand | None = None) -> Mapping[str, Any]:
    """Assess, fix, and assess again what came of it."""
    known = beforehand or Beforehand()
    fixing = Fixing(job, data, chosen_units(job)[1], place, known)
    learned, counted = _judged(job, data, place, known, fixing.see, fixing.answers)
    parts = counted.by_check(learned)
    hidden = _unseen(learned, data, counted)
    before = score(learned, data.schema, parts, len(data), unseen=hidden)
    ledger = fixing.finish()
    scores = {"before": before, "after": score(learned, data.schema, parts, len(data), ledger, hidden)}
    write_json(place / "scores.json", scores)
    return {"findings": counted.sure, "scores": scores, "skipped": learned.skipped, **fixing.summary()}


def _unseen(learned: Learned, data: Dataset, counted: _Counted) -> Unseen:
    """What is thought of the records of a table beside the findings."""
    if not kinds.of(data.schema.kind).cells(data.schema) or not len(data):
        return Unseen()
    suspected = max(counted.suspected.values(), default=0) / len(data)
    return replace(unseen(learned, data, counted.by_check(learned)), suspected=suspected)


def _judged(
    job: Job,
    data: Dataset,
    place: Path,
    beforehand: Beforehand,
    see: See | None = None,
    answers: pa.Table | None = None,
) -> tuple[Learned, _Counted]:
    """Learn, conclude and judge; ``findings.parquet`` and the states are left in ``place``, blocks go to ``see``."""
    checks = chosen_units(job)[0]
    learned = engine.learn(data, checks, workers=job.workers, tick=job.listener.tick)
    for check in checks:  # whoever wrote it wants to know why it says nothing
        if is_foreign(check) and check.code() in learned.skipped:
            job.listener.note("clean", f"{check.code()} does not apply: {learned.skipped[check.code()]}")
    lessons = lessons_from(data, learned, answers, job.workers)
    if lessons is not None and (line := opposites(lessons)):
        job.listener.note("clean", line)
    decided = settled(job.out, data.schema)
    learned = taught(learned, data, answers)
    concluded = engine.conclude(learned, data.schema)
    counted = _Counted()
    counted.see(concluded, learned)
    scores = RecordScoreFile()
    with GroupedParquet(place / "findings.parquet", FINDINGS, "message") as out:
        out.write(concluded)
        for block, raw in engine.judge(data, learned, workers=job.workers, tick=job.listener.tick):
            findings = raw if lessons is None else lessons.judge(block, raw, counted=True)
            findings = findings if decided is None else decided.judged(findings)
            findings = beforehand.heard(block, findings)
            counted.see(findings, learned)
            scores.see(block, learned)
            out.write(findings)
            if see:
                see(block, findings, lessons)
    scores.write(place)
    checks_and_states = {code: (learned.checks[code], learned.states[code]) for code in learned.checks}
    write_parts(place / "checks.json", frozen(checks_and_states))
    write_text(place / "lessons.json", freeze(lessons))
    return learned, counted


def account(place: Path, summary: Mapping[str, Any], quarantined: int) -> Mapping[str, Any]:
    """Write ``accounting.json``: in = kept + removed + quarantined, or a bug; gives the summary back."""
    removed = dict(summary.get("removed", {}))
    kept = summary["kept"]
    total = summary["records"] + quarantined
    if total != kept + sum(removed.values()) + quarantined:
        raise AssertionError(f"{total} records in, but {kept} kept, {removed} removed, {quarantined} quarantined")
    books = {"in": total, "kept": kept, "removed": removed, "quarantined": quarantined}
    write_json(place / "accounting.json", books)
    return summary


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
            f" · not applied because they lowered the validation score: {', '.join(summary['left_off'])}"
            if summary["left_off"]
            else ""
        )
        line += f" · {weighed_in_words(summary['weighed'])}" if summary.get("weighed") else ""
        line += f" · {needs_review(summary['waiting'])}" if summary["waiting"] else ""
    return line


def weighed_in_words(weighed: Mapping[str, int]) -> str:
    """How labels were weighed."""
    return f"{many(weighed['labels'], 'label')} weighted, {weighed['doubted']:,} of them below 0.5 (column {WEIGHT})"


def needs_review(cases: int) -> str:
    """How many cases need review, in words."""
    return f"{many(cases, 'case')} {'needs' if cases == 1 else 'need'} review" if cases else "nothing needs review"
