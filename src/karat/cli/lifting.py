"""``karat lift``: two versions compared, any program measured, a certificate measured again."""

import json as json_text
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from karat import kinds
from karat.core.addresses import without_secrets
from karat.core.block import Block
from karat.core.errors import GateError, InputError, OptionError
from karat.core.schema import Schema
from karat.flow.folder import read_json, write_json
from karat.flow.job import Job, data_name, input_hash, is_named
from karat.flow.kinds import kind_of
from karat.flow.loading import load, load_alike, plain_settings
from karat.flow.time_budget import seconds_of
from karat.kinds import Goal, Layout
from karat.lift.budget import said, within
from karat.lift.certificate import Certificate
from karat.lift.design import Design
from karat.lift.rerun import in_words, rerun
from karat.lift.versions import compare

Progress = Callable[[int, int], None] | None


def compared(before: Any, after: Any, *, out: Path | None = None, **asked: Any) -> tuple[Certificate, Path]:
    """The certificate of one data version over another, written to ``lift.json`` in a folder; returns both."""
    certificate = measured(before, after, **asked)
    home = out or Path("runs") / f"{data_name(before)}-{data_name(after)}-lift"
    home.mkdir(parents=True, exist_ok=True)
    place = home / "lift.json"
    options = {
        name: value if isinstance(value, str | int | float) else data_name(value)
        for name, value in asked.items()
        if is_named(value) and name not in ("progress", "workers")
    }
    hashes = {"before_hash": input_hash(before), "after_hash": input_hash(after)}
    inputs = {"before": str(before), "after": str(after), **options, **hashes}
    inputs = {name: without_secrets(value) if isinstance(value, str) else value for name, value in inputs.items()}
    certificate = replace(certificate, inputs=inputs, rerun=f"karat lift --rerun {place}")
    write_json(place, certificate.to_json())
    return certificate, place


def measured(
    before: Any,
    after: Any,
    *,
    target: str = "",
    truth: Any = "",
    test: Any = "",
    key: str = "",
    metric: str = "",
    seed: int = 0,
    workers: int = 0,
    budget: str = "",
    full: bool = False,
    command: str = "",
    reads: str = "",
    progress: Progress = None,
    how: Mapping[str, str] | None = None,
) -> Certificate:
    """The certificate, by the ``versions`` protocol or by the user's own program; of corpora without a target."""
    import os

    if budget and (command or not target):
        raise OptionError("--budget applies only to tables with a target", "Leave --budget out")
    if not (target or command):
        cores = workers or os.cpu_count() or 1
        asked = {"test": test, "key": key, "metric": metric, "full": full}
        return _untargeted(before, after, asked, {"seed": seed, "workers": cores, "progress": progress})
    a = load(before, plain_settings(target, how))
    b = load_alike(after, a, how)
    added = [name for name in b.table.column_names if name not in a.table.column_names]
    if added and not command:
        b = _with_roles(b, added, load(after, plain_settings(target, how)).schema)
    if command:
        from karat.lift.command import CommandLine, run_command

        if not reads:
            raise OptionError(
                "--command was given without --reads", "Name the JSON file that the program writes its metric to"
            )
        return run_command(a, b, CommandLine(command, Path(reads), metric), key=key, seed=seed, progress=progress)
    others = {
        name: load_alike(data, a, how) if is_named(data) else None for name, data in (("truth", truth), ("test", test))
    }
    plan, note = _plan(a, budget)
    certificate = compare(
        a,
        b,
        plan=plan,
        key=key,
        seed=seed,
        workers=workers or os.cpu_count() or 1,
        metric=metric or None,
        progress=progress,
        truth=others["truth"],
        test=others["test"],
        full=full,
    )
    return replace(certificate, notes=(*certificate.notes, note)) if note else certificate


def _with_roles(block: Block, added: list[str], schema: Schema) -> Block:
    """The records with the roles of columns that the first version does not have, as a run would infer them."""
    columns = tuple(column for column in schema if column.name in added)
    return Block(block.rows, block.table, replace(block.schema, columns=(*block.schema.columns, *columns)))


def _untargeted(before: Any, after: Any, asked: Mapping[str, Any], how: Mapping[str, Any]) -> Certificate:
    """The certificate of two versions in which there is nothing to predict: items are ranked, or texts modelled."""
    kind = kind_of(Job(before, Path(), "assess", plain_settings(""))).kind
    block = LOADS[kind.layout](before)
    goal = kinds.of(block.schema.kind).goal if block is not None else Goal.MODEL_TEXT
    return UNTARGETED.get(goal, _texts_compared)(before, after, block, asked, how)


def _records(data: Any) -> Block | None:
    try:
        return load(data, plain_settings(""))
    except InputError:  # texts may come in forms that tables do not
        return None


def _texts_compared(before: Any, after: Any, _: Any, asked: Mapping[str, Any], how: Mapping[str, Any]) -> Certificate:
    from karat.cli.lifting_text import measured_text

    return measured_text(before, after, test=asked["test"], full=asked["full"], **how)


def _rankings_compared(_: Any, after: Any, block: Any, asked: Mapping[str, Any], how: Mapping[str, Any]) -> Certificate:
    if is_named(asked["test"]):
        raise OptionError("--test does not apply to events", "Leave --test out")
    from karat.lift.ranking_versions import compare_rankings

    return compare_rankings(block, load_alike(after, block), key=asked["key"], metric=asked["metric"] or None, **how)


LOADS: Mapping[Layout, Callable[[Any], Block | None]] = {Layout.BLOCKS: _records, Layout.PARTS: lambda _: None}
UNTARGETED = {Goal.RANK: _rankings_compared}  # without a target all others are texts


def _plan(a: Any, budget: str) -> tuple[Design | None, str]:
    """The plan cut to fit a budget and what was cut; none where no budget was given."""
    if not budget:
        return None, ""
    whole = replace(Design.of(a), repeats=5, inner_folds=0)
    cut = within(whole, a, seconds_of(budget))
    return cut, said(whole, cut, budget)


def rerun_certificate(path: Path, workers: int = 0) -> str:
    """Measure a certificate again; one line when the digits are the same. Raises GateError when they are not."""
    if not path.exists():
        raise InputError(f"there is no certificate at {path}", "Give the lift.json that karat wrote")
    differ = rerun(path, lambda certificate: _again(certificate, path, workers))
    if differ:
        raise GateError(
            f"{path} gives other digits when measured again: {in_words(differ)}",
            "Check whether the certificate, the data or the code was changed",
        )
    return f"{path}: the same digits"


def _again(certificate: Certificate, path: Path, workers: int) -> Certificate:
    inputs = dict(certificate.inputs)
    if certificate.protocol == "procedure":
        return _procedure(certificate, path, workers)
    for name in ("before", "after"):
        wanted = inputs.pop(f"{name}_hash", None)
        if input_hash(inputs[name]) != wanted:
            raise GateError(
                f"{inputs[name]} is not the data that was measured: its content has changed",
                "Restore the file the certificate was made from",
            )
    again = measured(inputs.pop("before"), inputs.pop("after"), workers=workers, **inputs)
    return replace(again, inputs=certificate.inputs, rerun=certificate.rerun)


def _procedure(certificate: Certificate, path: Path, workers: int) -> Certificate:
    """The run folder's proof once more, from the raw records, without what was kept of the first time."""
    from karat.cli.proof import LiftProof
    from karat.flow.collecting import raw_data
    from karat.flow.job import Job, read_now
    from karat.flow.proving import read_truth
    from karat.flow.settings import read_settings

    run = path.parent
    record = read_json(run / "run.json")
    place = run / ".work" / record["fingerprint"][:16]
    if not (place / "collect").is_dir():
        raise InputError(f"the intermediate files of the run at {run} are gone", "Run karat run again")
    settings = read_settings(run / "karat.toml").model_copy(update={"workers": workers})
    data = raw_data(place / "collect", read_now(record["now"]))
    named = certificate.inputs.get("truth")
    truth = read_truth(named, data) if named else None
    job = Job(None, run, "run", settings, full=bool(certificate.recipe.get("full")))
    proved: Certificate = LiftProof().prove(data.whole(), job, now=data.extra.get("now"), truth=truth)
    return proved


def shown(certificate: Certificate, place: Path, *, json: bool) -> str:
    """The certificate for a person, or whole as JSON."""
    if json:
        return json_text.dumps(certificate.to_json(), ensure_ascii=False, indent=2)
    from karat.cli.summary import lift_lines

    return "\n".join([*lift_lines(certificate.to_json()), f"{'lift.json':<10} {place}   again: {certificate.rerun}"])
