"""The path, written once: collect → clean → label → store → prepare → train → evaluate → deploy."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from karat.core.registry import units
from karat.flow import cleaning, collecting, versions
from karat.flow.decisions import ignored_checks
from karat.flow.documents import DocumentRooms
from karat.flow.folder import RunFolder, write_json, write_text
from karat.flow.instructions import DOCUMENT, LINES
from karat.flow.job import Job
from karat.flow.journal import APPENDED, Change
from karat.flow.kinds import kind_of
from karat.flow.record_scores import FILE as RECORD_SCORES
from karat.flow.records import RecordRooms
from karat.flow.run_record import record
from karat.flow.run_state import Rooms, Walk
from karat.flow.settings import written
from karat.flow.weighing import FILE as WEIGHTS
from karat.kinds import Layout

ROOMS = ("collect", "clean", "label", "store", "prepare", "train", "evaluate", "deploy")
# what each room leaves for other programs, as CONTRACT.md names it
PUBLISHED = {
    "collect": ("quarantine.parquet", "schema.json"),
    "clean": (
        "findings.parquet",
        RECORD_SCORES,
        "scores.json",
        "accounting.json",
        "ledger.parquet",
        "review.parquet",
        "checks.json",
        "lessons.json",
        "data.parquet",
        WEIGHTS,
        LINES,
        DOCUMENT,
        "schema.json",
        "corpus.json",
    ),
    "prepare": ("splits.parquet", "shards"),
    "evaluate": ("lift.json", "evaluation.json"),
    "deploy": ("model", "forecast.parquet", "croissant.json"),
}
LAYOUTS: Mapping[Layout, Callable[[Walk], Rooms]] = {Layout.BLOCKS: RecordRooms, Layout.PARTS: DocumentRooms}


def walk(job: Job) -> Walk:
    """Walk the rooms a job asks for, publish what they left, and return what each said.

    Raises
    ------
    InputError, OptionError, GateError, MachineError
    """
    job = _without_switched_off(job)
    recognised = kind_of(job)
    folder = RunFolder.open(job.out, job.fingerprint())
    started = folder.started_at()
    on = Walk(job, folder, recognised=recognised)
    rooms = LAYOUTS[recognised.kind.layout](on)
    on.enter("collect", rooms.collect, collecting.in_words, rooms.intact)
    if job.upto == "assess":
        on.enter("clean", rooms.assess, cleaning.in_words)
    else:
        on.enter("clean", rooms.clean, cleaning.in_words)
        waiting = on.rooms["clean"]["waiting"]
        on.enter("label", lambda _: {"waiting": waiting}, lambda summary: cleaning.needs_review(summary["waiting"]))
        on.enter("store", rooms.store, versions.in_words, on.intact_store)
        rooms.go_on()
    publish(on, started)
    return on


def _without_switched_off(job: Job) -> Job:
    """The job with the checks ignored that people have switched off on the review page of its run folder."""
    codes = ignored_checks(job.out) & units("check").keys()
    if codes <= set(job.settings.clean.ignore):
        return job
    clean = job.settings.clean.model_copy(update={"ignore": tuple(sorted({*job.settings.clean.ignore, *codes}))})
    return replace(job, settings=job.settings.model_copy(update={"clean": clean}))


def publish(on: Walk, started: str) -> None:
    """Put everything where CONTRACT says it lies, run.json last: a folder with one is whole."""
    folder, job = on.folder, on.job
    change = Change(folder.path)
    if job.upto == "run":  # a certificate of other data is worse than none
        change.remove("lift.json")
    change.remove(APPENDED)  # of records that are no longer there
    for room, names in PUBLISHED.items():
        known = folder.digests_of(room)
        for name in names:
            change.take(folder.work / room / name, name, known.get(name))
    write_text(change.path("karat.toml"), written(job.settings))
    write_json(change.path("run.json"), record(on, started))
    stored = on.rooms.get("store", {})
    named = {label: stored[label] for label in ("raw", "refined") if stored.get(label) is not None}
    change.commit(named | ({"head": named["refined"]} if named else {}))
    versions.describe(on, started)
