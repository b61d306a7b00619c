"""The corridor, written once: collect → clean → label → store → prepare → train → evaluate → deploy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from karat.flow import cleaning, collecting, masking, versions
from karat.flow.folder import RunFolder, write_json, write_text
from karat.flow.instructions import DOCUMENT, LINES, with_test_sets, write_chat
from karat.flow.job import Job, read_now
from karat.flow.kinds import kind_of
from karat.flow.run_record import record, started_at
from karat.flow.run_state import Walk
from karat.flow.settings import written
from karat.flow.typed import write_data

ROOMS = ("collect", "clean", "label", "store", "prepare", "train", "evaluate", "deploy")


def walk(job: Job) -> Walk:
    """Walk the rooms a job asks for, publish what they made, and return what each said.

    Raises
    ------
    InputError, OptionError, GateError, MachineError
    """
    recognised = kind_of(job)
    if recognised.kind.in_parts:
        from karat.flow.corpus.walk import walk as walk_corpus

        return walk_corpus(job, recognised)
    folder = RunFolder.open(job.out, job.fingerprint())
    started = started_at(folder)
    on = Walk(job, folder)
    on.enter("collect", lambda place: collecting.collect(job, place), collecting.in_words)
    data = collecting.raw_data(on.place("collect"), read_now(job.settings.now) or read_now(started))
    data = with_test_sets(data, job.settings.clean.test_sets)
    if data.schema.target is not None:
        from karat.flow import modelling

        data = modelling.with_out_of_fold(on, data)
    if job.upto == "assess":
        on.enter("clean", lambda place: _assessed(on, data, place), cleaning.in_words)
    else:
        on.enter("clean", lambda place: _cleaned(on, data, place), cleaning.in_words)
        on.enter("label", lambda _: {"waiting": on.rooms["clean"]["waiting"]}, _label_line)
        on.enter("store", lambda _: versions.commit(on, data), versions.in_words)
        if job.upto == "run":
            from karat.flow import modelling

            modelling.prove_and_deploy(on, data)
    publish(on, started)
    return on


def _label_line(summary: Mapping[str, Any]) -> str:
    return cleaning.needs_review(summary["waiting"])


def _assessed(on: Walk, data: Any, place: Path) -> Mapping[str, Any]:
    summary = dict(cleaning.assess(on.job, data, place))
    records = on.rooms["collect"]["records"]
    summary |= {"records": records, "kept": records, "removed": {}}
    cleaning.account(place, summary, on.rooms["collect"]["quarantined"])
    return summary


def _cleaned(on: Walk, data: Any, place: Path) -> Mapping[str, Any]:
    summary = cleaning.clean(on.job, data, place)
    summary = {**summary, "masked": masking.recorded(on.place("collect"), place)}
    cleaning.account(place, summary, on.rooms["collect"]["quarantined"])
    schema = write_data(cleaning.refined_data(place, data), place / "data.parquet")
    write_chat(data, on.rooms["collect"]["sources"], place)
    write_json(place / "schema.json", schema.to_json())
    return summary


def publish(on: Walk, started: str) -> None:
    """Put everything where CONTRACT says it lies, run.json last: a folder with one is whole."""
    folder, job = on.folder, on.job
    folder.publish("collect", "quarantine.parquet", "schema.json")
    folder.publish(
        "clean",
        "findings.parquet",
        "scores.json",
        "accounting.json",
        "ledger.parquet",
        "review.parquet",
        "checks.json",
        "lessons.json",
        "data.parquet",
        LINES,
        DOCUMENT,
        "schema.json",
    )
    for room, names in (
        ("prepare", ("splits.parquet",)),
        ("evaluate", ("lift.json", "evaluation.json")),
        ("deploy", ("model", "forecast.parquet", "croissant.json")),
    ):
        folder.publish(room, *names)
    write_text(folder.path / "karat.toml", written(job.settings))
    write_json(folder.path / "run.json", record(on, started))
    versions.describe(on, started)
