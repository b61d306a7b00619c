"""``karat learn``: what came true later, and a model that has learned from it where that is proven to be better."""

import json as json_format
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_run
from karat.cli.commands import Json, Quiet
from karat.cli.run_commands import Run, run_folder
from karat.cli.say import say
from karat.core.errors import GateError, InputError
from karat.core.words import many

if TYPE_CHECKING:
    from karat.core.schema import Schema
    from karat.flow.late_answers import LateRecords
    from karat.flow.learned_models import InUse
    from karat.lift.challenger import Challenge
    from karat.lift.late_certificate import LateCertificate

MOST_OLD = 20_000  # cost: records of the run that champion and challengers learn from
COUNTED = {
    "unknown": "with an id that was never served",
    "learned": "learned from before",
    "contradictory": "ids with answers that differ, left out",
    "repeated": "said twice",
    "blank": "blank",
    "held": "records held back by checks",
    "fixed": "cells fixed",
}


@app.command()
def learn(
    run: Run,
    answers: Annotated[str, typer.Option(help="what came true: a column of ids, and one named as the target")],
    key: Annotated[str, typer.Option(help="the column of ids: one of the requests, or of served_id")] = "id",
    link: Annotated[
        Path | None, typer.Option(help="a link that a server serves: led to the new model where it ships")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Learn from outcomes of served records; a new model ships only where it is proven to be better."""
    from karat.flow.folder import write_json
    from karat.flow.late_answers import late_records
    from karat.flow.learned_models import home_of, next_folder, tried_until
    from karat.lift.challenger import Challenge

    home, number = home_of(run_folder(run))
    require_on_run("learn", home)
    if link is not None and link.exists() and not link.is_symlink():
        raise InputError(f"{link} is not a link", "Make one with ln -s RUN LINK, and serve it")
    schema, model = _in_use(home, link, number)
    late = late_records(home, answers, key, schema, model.since)
    if not quiet and not json:
        _say_join(late)
    before = tried_until(home)
    challenge = Challenge(model.records, late.block, sum(at > before for at in late.at), model.correction)
    certificate = challenge.certificate()
    place = next_folder(home)
    until = max(before, late.at[-1] if late.at else "")
    values = certificate.to_json() | {"counts": dict(late.counts), "selected_outcomes": late.selected, "until": until}
    if certificate.next_in_use is not None:
        since = until if certificate.retrained else model.since
        _shipped(home, place, challenge, replace(certificate.next_in_use, since=since))
    write_json(place / "learned.json", values)
    if certificate.ships and link is not None:
        _led(link, place)
    if json:
        print(json_format.dumps(values | {"folder": str(place)}, ensure_ascii=False))
    elif not quiet:
        _say_end(certificate, place, link)


def _in_use(home: Path, link: Path | None, number: int) -> tuple["Schema", "InUse"]:
    """The model that is served: the one that is named or that the link leads to, else the newest that has shipped."""
    from karat.core.schema import Schema
    from karat.flow.folder import read_json
    from karat.flow.learned_models import FOLDER, InUse, home_of, last_shipped, read_in_use
    from karat.flow.raw import raw_records

    schema = Schema.from_json(read_json(home / "schema.json"))
    led = link is not None and link.exists() and home_of(link)[0] == home
    number = home_of(link)[1] if led and link is not None else number or last_shipped(home)
    if not number:
        return schema, InUse(raw_records(home).spread(MOST_OLD))
    return schema, read_in_use(home / FOLDER / str(number), raw_records(home).schema)


def _say_join(late: "LateRecords") -> None:
    counts = late.counts
    more = [f"{counts[name]:,} {words}" for name, words in COUNTED.items() if counts.get(name)]
    joined = f"{many(counts['joined'], 'served record')} of {counts['served']:,} with an outcome"
    say(" · ".join([many(counts["answers"], "answer"), joined, *more]))
    if late.selected:
        say(
            f"SelectedOutcomes: outcomes of records predicted {late.selected!r} are hardly ever known; what is learned "
            "holds for the others alone",
            error=True,
        )


def _say_end(certificate: "LateCertificate", place: Path, link: Path | None) -> None:
    names = {"champion": "the model in use", "old_again": "old records again", "shuffled": "shuffled outcomes"}
    for name, gain in certificate.over.items():
        say(f"{certificate.metric} {gain.mean:+.4f} [{gain.low:+.4f}, {gain.high:+.4f}] over {names[name]}")
    if certificate.ships:
        say(f"ships      {place} → karat serve {link or place}")
    else:
        say(f"nothing ships: {certificate.why_not}\nrecord     {place / 'learned.json'}")


def _shipped(home: Path, place: Path, challenge: "Challenge", model: "InUse") -> None:
    """Write the challenger where ``karat serve`` finds it, proven equal to the Python model.

    Raises
    ------
    GateError
        The exported model answers otherwise.
    """
    from karat.deploy.agreement import verify_prepared
    from karat.deploy.onnx_model import Prepared
    from karat.flow.exporters import export_all
    from karat.flow.learned_models import save_in_use

    fit = challenge.fitted(model)
    name = f"{place.parent.parent.name}-learned"
    prepared = Prepared(name, place.name, challenge.old.schema, fit.prepared, fit.model, fit.recipe.classes)
    export_all(prepared, place / "model")
    agreement = verify_prepared(prepared, place / "model", challenge.late)
    if not agreement.whole:
        raise GateError(
            f"the exported model {place} answers otherwise than the trained one on {agreement.n - agreement.agree} of "
            f"{agreement.n} records",
            "Report this",
        )
    save_in_use(place, model)
    copies: Mapping[str, Any] = {"model/checks.json": place / "model", "scores.json": place, "schema.json": place}
    for source, target in {**copies, "run.json": place, "karat.toml": place}.items():
        if (home / source).is_file():
            shutil.copy(home / source, target)


def _led(link: Path, place: Path) -> None:
    """Lead a link elsewhere by one rename."""
    beside = link.with_name(f".{link.name}.next")
    beside.unlink(missing_ok=True)
    beside.symlink_to(os.path.relpath(place, link.parent.resolve()))
    beside.replace(link)
