"""Commands about a run that is there: apply, why, verify, lift; and the demonstration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from karat.cli.app import app
from karat.cli.by_kind import require_on_run
from karat.cli.commands import Budget, How, Json, Key, Metric, Out, Quiet, Seed, Workers, reads_data
from karat.cli.say import say
from karat.core.errors import GateError, InputError, OptionError
from karat.core.words import many
from karat.flow.private_files import require_no_links

Run = Annotated[Path, typer.Argument(help="a run folder", metavar="RUN")]


def run_folder(run: Path) -> Path:
    """A folder that ``karat`` made. Raises InputError for any other."""
    if not (run / "run.json").exists():
        raise InputError(
            f"{run} is not a run folder: " + ("it has no run.json" if run.is_dir() else "there is no such folder"),
            "Make one with karat run DATA",
        )
    require_no_links(run)
    return run


@app.command()
@reads_data
def apply(
    run: Run,
    new: Annotated[str, typer.Argument(help="new records with the same columns", metavar="NEW")],
    out: Annotated[Path | None, typer.Option(help="its folder; default RUN/applied/<name of the input>")] = None,
    quiet: Quiet = False,
    how: How = None,
) -> None:
    """Fix new records with what a run learned."""
    from karat.flow.applying import apply_run
    from karat.flow.job import data_name

    require_on_run("apply", run_folder(run))
    home = out or run / "applied" / data_name(new)
    done = apply_run(run, new, home, how)
    if not quiet:
        say(f"{_records(done)}\n{_findings(done)}\ndata       {home / 'data.parquet'}")


def _records(done: Mapping[str, int]) -> str:
    """Where the records went: the numbers add up."""
    removed = done["in"] - done["kept"] - done["quarantined"]
    parts = [f"{done['kept']:,} kept", *([f"{removed:,} removed"] if removed else [])]
    return " · ".join([f"{many(done['in'], 'record')} in", *parts, f"{done['quarantined']:,} quarantined"])


def _findings(done: Mapping[str, int]) -> str:
    """How the findings ended: the numbers add up."""
    review = f"{done['review']:,} {'needs' if done['review'] == 1 else 'need'} review"
    line = f"{many(done['findings'], 'finding')} · {done['fixed']:,} fixed · {review}"
    return line + (f" (and {many(done['suspicions'], 'suspicion')} below 0.5)" if done["suspicions"] else "")


@app.command()
def why(
    run: Run,
    row: Annotated[int, typer.Argument(help="a record's number", metavar="ROW")],
    column: Annotated[str | None, typer.Argument(help="one of its columns", metavar="COLUMN")] = None,
) -> None:
    """Say what touched a record or cell, and why."""
    from karat.show.why import why as explained

    say("\n".join(explained(run_folder(run), row, column)))


@app.command()
def verify(run: Run) -> None:
    """Check a run folder: its files, accounting and versions agree."""
    from karat.flow.verifying import verify as faults_of

    faults = faults_of(run)
    if faults:
        raise GateError(f"{run}: {'; '.join(faults)}", "Run the command that made it again, or restore a version")
    say(f"{run}: every file is as published, accounting adds up, the ledger leads from version to version")


@app.command()
@reads_data
def lift(
    before: Annotated[str | None, typer.Argument(help="data before", metavar="A")] = None,
    after: Annotated[str | None, typer.Argument(help="data after", metavar="B")] = None,
    target: Annotated[str, typer.Option(help="the column to predict")] = "",
    truth: Annotated[str, typer.Option(help="the same records, clean")] = "",
    test: Annotated[str, typer.Option(help="records that are in neither")] = "",
    key: Key = "",
    metric: Metric = "",
    seed: Seed = 0,
    workers: Workers = 0,
    budget: Budget = "",
    out: Out = None,
    json: Json = False,
    quiet: Quiet = False,
    full: Annotated[bool, typer.Option("--full", help="also dose and response, record values and forecasts")] = False,
    rerun: Annotated[
        Path | None, typer.Option(help="measure a certificate again; exit 1 when other digits come out")
    ] = None,
    command: Annotated[str, typer.Option(help="any program, with {data} and {seed}")] = "",
    reads: Annotated[str, typer.Option(help="the JSON file with the metric that the program writes")] = "",
    how: How = None,
) -> None:
    """Measure what a change of data was worth."""
    from karat.cli.lifting import compared, rerun_certificate, shown
    from karat.cli.progress import Progress

    if rerun is not None:
        say(rerun_certificate(rerun, workers))
        return
    if before is None or after is None:
        raise OptionError(
            "karat lift needs two data sets",
            "Write karat lift A B --target COLUMN, or two versions of a corpus without a target",
        )
    bar = Progress(quiet=quiet)
    bar.enter("lift")
    try:
        certificate, home = compared(
            before,
            after,
            target=target,
            truth=truth,
            test=test,
            key=key,
            metric=metric,
            seed=seed,
            workers=workers,
            budget=budget,
            out=out,
            full=full,
            command=command,
            reads=reads,
            how={name: value for name, value in (how or {}).items() if value} or None,
            progress=bar.tick,
        )
    finally:
        bar.stop()
    if not quiet:
        (print if json else say)(shown(certificate, home, json=json))


@app.command()
def demo(
    name: Annotated[str, typer.Argument(help="which demonstration", metavar="NAME")] = "table",
    out: Out = None,
    workers: Workers = 0,
    quiet: Quiet = False,
) -> None:
    """Show everything on real data with planted errors."""
    from karat.cli.demo import demonstrate

    demonstrate(name, out, workers=workers, quiet=quiet)
