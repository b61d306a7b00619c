"""``karat serve``: the model of a run over HTTP, or a language model that completes prompts."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_run
from karat.cli.run_commands import Run, run_folder
from karat.cli.say import say
from karat.core.errors import InputError

RECORD = "record"  # the model of single records of a series


@app.command()
def serve(
    run: Run,
    host: Annotated[str | None, typer.Option(help="the address to bind; 127.0.0.1 by default")] = None,
    port: Annotated[int | None, typer.Option(help="the port; 8080 by default")] = None,
    model: Annotated[
        str,
        typer.Option(help="'scorecard' for points and reasons; 'record' for the model of single records of a series"),
    ] = "",
    settings: Annotated[Path | None, typer.Option(help="a karat.toml with a table [serve]; else the run's own")] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="file with the token requests must send; else the variable KARAT_TOKEN")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="PEM file of the certificate, for https")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM file of its key")] = None,
    allowed_host: Annotated[
        list[str] | None, typer.Option(help="a name with a dot that the server answers to; * for any")
    ] = None,
    allowed_origin: Annotated[list[str] | None, typer.Option(help="an origin whose pages may post; * for any")] = None,
    checks: Annotated[bool | None, typer.Option(help="validate records with the checks of training")] = None,
    policy: Annotated[
        str | None, typer.Option(help="records that the checks are sure about: pass, hold (answer, keep) or reject")
    ] = None,
    record: Annotated[
        bool | None, typer.Option(help="append served records to RUN/served, personal data masked")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="processes that answer; 1 by default")] = None,
    max_body_mb: Annotated[float | None, typer.Option(help="size of a request's body")] = None,
    max_nesting: Annotated[int | None, typer.Option(help="lists and objects inside one another in a request")] = None,
    max_records: Annotated[int | None, typer.Option(help="records of one request")] = None,
    max_request_seconds: Annotated[float | None, typer.Option(help="time an answer may take")] = None,
    max_arrival_seconds: Annotated[float | None, typer.Option(help="time a request may take to arrive")] = None,
    max_connections: Annotated[int | None, typer.Option(help="open connections; beyond: 503")] = None,
    max_waiting: Annotated[int | None, typer.Option(help="requests that wait; beyond: 503")] = None,
    max_cache_mb: Annotated[float | None, typer.Option(help="memory for values that come again")] = None,
    drain_seconds: Annotated[float | None, typer.Option(help="time after SIGTERM to still take requests")] = None,
    max_stop_seconds: Annotated[float | None, typer.Option(help="time after that for requests under way")] = None,
) -> None:
    """Serve the model; each request is validated with the same checks.

    The forecaster of a series takes raw history; a language model completes prompts.
    """
    from karat.deploy.hugging_face import is_language_model
    from karat.flow.learned_models import model_folder

    run = model_folder(run)
    options = {
        name: value
        for name, value in locals().items()
        if value is not None and name not in ("run", "model", "settings", "is_language_model", "model_folder")
    }
    gpt = next((place for place in (run, run / "model") if is_language_model(place)), None)
    if gpt is None:
        require_on_run("serve", run_folder(run))
        if (run / "corpus.json").exists():
            raise InputError(f"{run} has no language model", f"Make one with karat train {run}")
    wanted = _wanted(run, settings, options)
    place, limits = _place(wanted), _limits(wanted)
    if gpt is None and _is_forecast(run, model):
        _serve_history(run, place, limits)
        return
    if gpt is None:
        from karat.deploy.serve import serve as served
        from karat.show.masking import masked

        token = bool(place.access.token)
        part = "" if model == RECORD else model
        cells = _first_record(run)
        line = partial(_record_line, run / "model" / part / "schema.json", cells, token=token)
        ready = _told("records to {}/infer", line)
        kept = {"policy": wanted.policy, "record": wanted.record, "mask": masked, "cells": cells}
        kept["workers"] = wanted.workers
        served(run, limits=limits, ready=ready, part=part, place=place, checks=wanted.checks, **kept)
        return
    from karat.deploy.completion import serve as completed
    from karat.deploy.example_request import curl_line
    from karat.flow.language_model import completer

    name = gpt.parent.name if gpt.name == "model" else gpt.name
    prompt = {"prompt": "The", "max_tokens": 20}
    ready = _told("prompts", lambda address: curl_line(address, prompt, token=bool(place.access.token)))
    completed(completer(gpt, name), place.host, place.port, ready, place=place, limits=limits)


def _is_forecast(run: Path, model: str) -> bool:
    """Is the forecaster of a series asked for, which is what a series has by default?"""
    return model in ("", "forecast") and (run / "model" / "forecast" / "forecaster.json").is_file()


def _serve_history(run: Path, place: Any, limits: Any) -> None:
    from karat.deploy.example_request import curl_line
    from karat.deploy.history_service import serve_history
    from karat.flow.forecaster import history_service

    service, example = history_service(run, limits)
    token = bool(place.access.token)
    ready = _told("history to {}/infer", lambda address: curl_line(f"{address}/infer", example, token=token))
    serve_history(service, place, limits, ready)


def _told(what: str, line: Callable[[str], str]) -> Any:
    def ready(address: str) -> None:
        say(f"serving {address} · POST {what.format(address)} · Ctrl-C ends it", error=True)
        if example := line(address):
            print(f"try it in another terminal:\n{example}", file=sys.stderr, flush=True)  # whole, to be pasted

    return ready


def _record_line(place: Path, cells: Mapping[str, Any], address: str, *, token: bool) -> str:
    """The command that asks about a record; "" where no record can be sent."""
    from karat.deploy.example_request import curl_line, example_request
    from karat.deploy.signature import Signature

    asked = example_request(Signature.load(place), cells)
    return curl_line(f"{address}/infer", asked, token=token) if asked else ""


def _first_record(run: Path) -> dict[str, Any]:
    """Cells of the first record as it came in; numbers as numbers, a number that is personal data left out."""
    from karat.core.schema import Role
    from karat.flow.raw import found_records
    from karat.show.masking import masked

    data = found_records(run)
    if data is None or not len(data):
        return {}
    block, cells = data.block(0).take(np.array([0])), dict[str, Any]()
    for column in block.schema:
        if column.type == "binary":
            continue
        text = block.text(column.name)[0].as_py()
        cells[column.name] = shown = masked(text)
        if column.role is Role.NUMBER:
            cells[column.name] = float(block.numbers(column.name)[0]) if shown == text else None
    return cells


def _wanted(run: Path, settings: Path | None, options: dict[str, Any]) -> Any:
    """The settings of ``[serve]``: the run's own or those of a file, overruled by options."""
    from karat.flow.settings import made_settings, read_settings

    place = settings or run / "karat.toml"
    base = read_settings(place).serve.model_dump() if settings or place.is_file() else {}
    lists = {"allowed_host": "allowed_hosts", "allowed_origin": "allowed_origins"}
    plain = {lists.get(name, name): str(v) if isinstance(v, Path) else v for name, v in options.items()}
    return made_settings({"serve": base | plain}, "the options").serve


def _place(wanted: Any) -> Any:
    from karat.deploy.access import LOOPBACK, Access, token_from
    from karat.deploy.running import ServerPlace

    token = token_from(Path(wanted.token_file) if wanted.token_file else None)
    if not token and wanted.host not in LOOPBACK:
        say(
            f"Warning: anybody who reaches {wanted.host}:{wanted.port} may ask. Set a token with --token-file.",
            error=True,
        )
    access = Access.of(wanted.host, token, wanted.allowed_hosts, wanted.allowed_origins)
    certificate, key = (Path(name) if name else None for name in (wanted.tls_cert, wanted.tls_key))
    return ServerPlace(wanted.host, wanted.port, access, certificate, key)


def _limits(wanted: Any) -> Any:
    from dataclasses import fields

    from karat.deploy.limits import ServeLimits

    return ServeLimits(**{field.name: getattr(wanted, field.name) for field in fields(ServeLimits)})
