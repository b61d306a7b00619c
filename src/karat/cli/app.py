"""The Typer application that the commands join."""

from importlib.metadata import version as version_of
from typing import Annotated

import typer

app = typer.Typer(
    help="Karat turns raw data into data a model can learn from, and proves what that was worth.",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        print(f"karat {version_of('karat')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """What comes before a command."""
