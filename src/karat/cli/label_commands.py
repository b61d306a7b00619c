"""Commands about records and people: link, label."""

from pathlib import Path
from typing import Annotated

import typer

from karat.cli.app import app
from karat.cli.commands import Json, Out, Quiet
from karat.core.errors import InputError


@app.command()
def link(
    left: Annotated[str, typer.Argument(help="a table", metavar="A")],
    right: Annotated[
        str | None, typer.Argument(help="another; without it, A is searched for repeats", metavar="B")
    ] = None,
    one_to_one: Annotated[bool, typer.Option("--one-to-one", help="each record has at most one partner")] = False,
    out: Out = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Find the same real thing written twice."""
    from karat.cli.linking import linked

    found = linked(left, right, one_to_one=one_to_one, out=out)
    if not quiet:
        print(found.as_json() if json else found.in_words())


@app.command()
def label(
    run: Annotated[Path, typer.Argument(help="a run folder", metavar="RUN")],
    ask: Annotated[int, typer.Option(min=1, help="how many records to ask a person about")] = 20,
    quiet: Quiet = False,
) -> None:
    """Say which records to ask a person about."""
    from karat.flow.asking import ask_about

    if not (run / "findings.parquet").exists():
        raise InputError("a run folder wanted", "no findings in it", str(run), "make one with karat clean DATA")
    asked, place = ask_about(run, ask)
    if not quiet:
        for line in asked.to_pylist():
            print(f"row {line['row']:>8}  {line['why']}")
        print(
            f"\n{place} holds every cell of these records: write the right value where one is wrong, then\n"
            f"karat clean DATA --out {run} --answers {place}"
        )
