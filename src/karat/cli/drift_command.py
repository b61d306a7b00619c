"""``karat drift``: what has changed since a run, and what it costs the model."""

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_run
from karat.cli.commands import Json, Quiet
from karat.cli.run_commands import Run, run_folder
from karat.cli.say import say
from karat.core.errors import InputError
from karat.core.words import many

if TYPE_CHECKING:
    from karat.flow.drift import ColumnDrift, WindowDrift

MOST_SAID = 5  # display: columns of a window


@app.command()
def drift(
    run: Run,
    data: Annotated[str, typer.Argument(help="records that came later; default RUN/served", metavar="[DATA]")] = "",
    window: Annotated[int | None, typer.Option(help="records of a window")] = None,
    alarms_per_day: Annotated[float | None, typer.Option(help="false alarms a day that are put up with")] = None,
    cost: Annotated[float | None, typer.Option(help="rise of the expected loss that alarms, as a share of it")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say which columns have drifted since the run, and alarm where that costs the model."""
    from karat.flow.drift_windows import DriftWindows, live_settings, read_windows
    from karat.flow.watch_folder import DRIFT
    from karat.show.masking import masked

    require_on_run("drift", run_folder(run))
    settings = live_settings(run, window=window, alarms_per_day=alarms_per_day, cost=cost)
    source = data or str(run / "served")
    if not data and not (run / "served").is_dir():
        raise InputError(f"{run} has no served records", "Start karat serve RUN --record, or name DATA")
    windows = DriftWindows.of_run(
        run, run / DRIFT, settings, masked, say=lambda window: tell_window(window, quiet=quiet)
    )
    records = 0
    for block, times in read_windows(source, windows.monitor.reference.block.schema):
        records += len(block)
        windows.add(block, times)
    summary = windows.summary()
    if json:
        print(json_format.dumps({"records": records} | summary, ensure_ascii=False))
    elif not quiet:
        _say_end(summary, records, run / DRIFT)


def _say_end(summary: dict[str, Any], records: int, place: Path) -> None:
    if not summary["judged"]:
        say(f"{many(records, 'record')}, fewer than a window of {summary['window']:,}: nothing to say yet")
        return
    with_alarms = f"{many(summary['alarms'], 'window')} with alarms"
    say(f"{many(records, 'record')} · {many(summary['judged'], 'window')} · {with_alarms}\ndrift      {place}")


def tell_window(window: "WindowDrift", *, quiet: bool) -> None:
    """One line on stderr for a window in which something has drifted, and for each alarm."""
    if quiet or not window.drifted:
        return
    if window.alarms:
        for column in sorted(window.alarms, key=lambda column: -_mean(column))[:MOST_SAID]:
            say(f"ALARM window {window.window}: {column_words(column, window.loss)}", error=True)
        return
    names = [column_words(column, window.loss) for column in window.drifted[:MOST_SAID]]
    more = f" and {len(window.drifted) - MOST_SAID} more" if len(window.drifted) > MOST_SAID else ""
    say(f"window {window.window}: {'; '.join(names)}{more}", error=True)


def _mean(column: "ColumnDrift") -> float:
    return column.cost.mean if column.cost else 0.0


def column_words(column: "ColumnDrift", loss: float | None) -> str:
    """A drifted column in words, personal data masked."""
    from karat.show.masking import masked

    shift = column.shift
    where = (
        "missing"
        if shift.at is None
        else f"{masked(shift.at)!r}"
        if isinstance(shift.at, str)
        else f"up to {shift.at:g}"
    )
    moved = f"{where} {shift.before:.0%} → {shift.after:.0%} of records"
    return f"{column.column!r} drifted, {cost_words(column, loss)} ({moved})"


def cost_words(column: "ColumnDrift", loss: float | None) -> str:
    """What the change of a column costs, in words."""
    cost = column.cost
    if cost is None or not loss:
        return "cost unknown"
    share = f"expected loss {cost.mean / loss:+.0%} [{cost.low / loss:+.0%}, {cost.high / loss:+.0%}], estimated"
    return share if column.alarm else f"harmless: {share}"
