"""``karat watch``: a stream judged with what a run has learned."""

import json as json_format
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_run
from karat.cli.commands import Json, Quiet
from karat.cli.run_commands import Run, run_folder
from karat.cli.say import say
from karat.core.addresses import without_secrets
from karat.core.words import many

if TYPE_CHECKING:
    from karat.core.block import Block
    from karat.flow.watch_folder import WatchState
    from karat.flow.watching import Watch

INTERRUPTED = 130  # definition: 128 + SIGINT (2), as shells report it (POSIX)
SAY_SECONDS = 5.0  # display: between two lines of progress
WORDS = {
    "held": "held",
    "rejected": "rejected",
    "dead": "unreadable",
    "late": "late",
    "out_of_order": "out of order",
    "ahead": "ahead of the clock",
    "missing": "with missing columns",
    "extra": "with unknown columns",
    "retyped": "cells of another type",
}


@dataclass
class _Teller:
    """A line of progress on stderr every few seconds."""

    quiet: bool
    before: int
    said_at: float = field(default_factory=time.monotonic)

    def line(self, text: str) -> None:
        """Say something that happened."""
        if not self.quiet:
            say(text, error=True)

    def progress(self, state: "WatchState") -> None:
        """Say how far it is, now and then."""
        now = time.monotonic()
        if now - self.said_at >= SAY_SECONDS:
            rate = (state.records - self.before) / (now - self.said_at)
            self.line(" · ".join([many(state.records, "record"), f"{rate:,.0f}/s", *_counts(state.counts)]))
            self.said_at, self.before = now, state.records


def _counts(counts: Mapping[str, int]) -> list[str]:
    return [f"{counts[name]:,} {words}" for name, words in WORDS.items() if counts.get(name)]


@app.command()
def watch(
    source: Annotated[
        str, typer.Argument(help="a growing file or folder, an address, or - for stdin", metavar="SOURCE")
    ],
    run: Run,
    out: Annotated[Path | None, typer.Option(help="its folder; default RUN/watched/<name of the source>")] = None,
    batch: Annotated[int, typer.Option(help="messages of a batch at most")] = 1000,
    wait: Annotated[float, typer.Option(help="seconds after which a batch is judged as it is")] = 1.0,
    policy: Annotated[str, typer.Option(help="records that the checks are sure about: pass, hold or reject")] = "pass",
    once: Annotated[bool, typer.Option("--once", help="stop when nothing has come for --wait seconds")] = False,
    event_time: Annotated[str, typer.Option(help="the column with the time of the event")] = "",
    lateness: Annotated[float, typer.Option(help="seconds that an event may take to arrive")] = 0.0,
    window: Annotated[
        int | None, typer.Option(help="records of a window that is compared with the run: drift is measured")
    ] = None,
    max_message_mb: Annotated[float, typer.Option(help="size of a message; longer ones are set aside")] = 8.0,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Judge and fix a stream with what a run learned: nothing lost, nothing twice."""
    from karat.collect.streams.opening import stream_of
    from karat.flow import watching
    from karat.flow.watch_folder import WatchFolder, slug

    require_on_run("watch", run_folder(run))
    schema = watching.watched_schema(run)
    settings = watching.WatchSettings(
        batch, wait, policy, watching.event_time(schema, event_time), lateness, once, round(max_message_mb * (1 << 20))
    ).checked()
    name = without_secrets(source) if "://" in source or source == "-" else str(Path(source).resolve())
    home = out or run / "watched" / slug(re.sub(r"^.*/", "", source.rstrip("/")) or "stdin")
    stream = stream_of(source, schema.names, f"karat-{slug(str(home.resolve()))[-8:]}")
    judge = watching.judge_of(run, settings)
    left = watching.left_out(schema)
    follow = None if window is None else _drift_of(run, home, window, quiet=quiet)
    with WatchFolder.entered(home, name) as folder:
        teller = _Teller(quiet, folder.state.records)
        teller.line(_begin(source, left, settings.event_time))
        watch = watching.Watch(stream, judge, folder, settings, teller.line, teller.progress)
        if follow is not None:
            watch.after = follow
        began = time.monotonic()
        with _stopping(watch):
            state = watch.run()
    _end(state, home, left, time.monotonic() - began, json=json, quiet=quiet)
    if watch.stop:
        raise typer.Exit(INTERRUPTED)


def _drift_of(run: Path, home: Path, window: int, *, quiet: bool) -> "Callable[[Block], None]":
    """What takes the records of each batch and says which columns have drifted."""
    from karat.cli.drift_command import tell_window
    from karat.flow.drift_windows import DriftWindows, came_at, live_settings
    from karat.flow.watch_folder import DRIFT
    from karat.show.masking import masked

    settings = live_settings(run, window=window)
    told = DriftWindows.of_run(run, home / DRIFT, settings, masked, say=lambda found: tell_window(found, quiet=quiet))
    told.resume()
    return lambda block: told.add(block, came_at(block.table, block.schema))


def _begin(source: str, left: Mapping[str, Any], column: str) -> str:
    names = left["not_on_a_stream"]
    time_words = f"event time is column {column!r}" if column else "no event time (set one with --event-time)"
    return (
        f"watching {without_secrets(source)}; {time_words}\n{len(names)} of {left['checks']} checks need more than one "
        f"record and do not run on a stream: {', '.join(names)}"
    )


def _end(state: "WatchState", home: Path, left: Mapping[str, Any], seconds: float, *, json: bool, quiet: bool) -> None:
    if json:
        counts = {name: state.counts.get(name, 0) for name in ("messages", "findings", "changed", *WORDS)}
        values = {"records": state.records, **counts, "places": state.places, "seconds": round(seconds, 3)}
        print(json_format.dumps(values | {"folder": str(home), **left}, ensure_ascii=False))
    elif not quiet:
        findings = many(state.counts.get("findings", 0), "finding")
        changed = f"{many(state.counts.get('changed', 0), 'cell')} changed"
        say(" · ".join([many(state.records, "record"), findings, changed, *_counts(state.counts)]))
        say(f"data       {home / 'data'}")


@contextmanager
def _stopping(watch: "Watch") -> Iterator[None]:
    """Ctrl-C and SIGTERM end the watch after the batch under way; a second one ends it at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: Any) -> None:
        if watch.stop:
            signal.default_int_handler(number, frame)
        watch.stop = True
        print("ending after the batch under way", file=sys.stderr, flush=True)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
