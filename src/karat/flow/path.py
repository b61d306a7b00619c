"""The corridor, written once: collect → clean → label → store → prepare → train → evaluate → deploy."""

import resource
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from karat.flow import cleaning, collecting, versions
from karat.flow.folder import RunFolder, read_json, write_json, write_text
from karat.flow.job import Job, code_version, read_now
from karat.flow.settings import written
from karat.flow.typed import write_data
from karat.flow.walking import Walk

ROOMS = ("collect", "clean", "label", "store", "prepare", "train", "evaluate", "deploy")


def walk(job: Job) -> Walk:
    """Walk the rooms a job asks for, publish what they made, and return what each said.

    Raises
    ------
    InputError, OptionError, GateError, MachineError
    """
    folder = RunFolder.open(job.out, job.fingerprint())
    started = _started(folder)
    on = Walk(job, folder)
    on.enter("collect", lambda place: collecting.collect(job, place), collecting.in_words)
    data = collecting.raw_data(on.place("collect"), read_now(job.settings.now) or read_now(started))
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
            modelling.prove_and_deploy(on, data)
    publish(on, started)
    return on


def _label_line(summary: Mapping[str, Any]) -> str:
    return f"{summary['waiting']:,} cases wait for a person" if summary["waiting"] else "nothing waits for a person"


def _assessed(on: Walk, data: Any, place: Path) -> Mapping[str, Any]:
    summary = dict(cleaning.assess(on.job, data, place))
    records = on.rooms["collect"]["records"]
    summary |= {"records": records, "kept": records, "removed": {}}
    cleaning.account(place, summary, on.rooms["collect"]["quarantined"])
    return summary


def _cleaned(on: Walk, data: Any, place: Path) -> Mapping[str, Any]:
    summary = cleaning.clean(on.job, data, place)
    cleaning.account(place, summary, on.rooms["collect"]["quarantined"])
    schema = write_data(cleaning.refined_data(place, data), place / "data.parquet")
    write_json(place / "schema.json", schema.to_json())
    return summary


def _started(folder: RunFolder) -> str:
    """The time this fingerprint's work first began: it stays the same when a killed run goes on."""
    mark = folder.work / "started.json"
    if not mark.exists():
        write_json(mark, datetime.now(UTC).replace(tzinfo=None, microsecond=0).isoformat())
    return str(read_json(mark))


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
        "data.parquet",
        "schema.json",
    )
    for room, names in (
        ("prepare", ("splits.parquet",)),
        ("evaluate", ("lift.json", "evaluation.json")),
        ("deploy", ("model", "croissant.json")),
    ):
        folder.publish(room, *names)
    write_text(folder.path / "karat.toml", written(job.settings))
    write_json(folder.path / "run.json", _record(on, started))
    versions.describe(on, started)


def _record(on: Walk, started: str) -> dict[str, Any]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    cost = {
        "seconds": time.perf_counter() - on.job.clock,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_memory_bytes": peak,
    }
    return {
        "name": on.job.name,
        "upto": on.job.upto,
        "fingerprint": on.folder.fingerprint,
        "now": on.job.settings.now or started,
        "ingested": started,
        "seed": on.job.settings.seed,
        "versions": {"karat": version("karat"), "code": code_version(), "python": sys.version.split()[0]},
        "cost": cost,
        "rooms": dict(on.rooms),
    }
