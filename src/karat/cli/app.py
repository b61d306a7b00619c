"""The Typer application that the commands join."""

from collections.abc import Callable
from importlib.metadata import version as version_of
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand

Function = TypeVar("Function", bound=Callable[..., Any])


class Command(TyperCommand):
    """A command whose usage line names what it needs plainly: DATA, and [B] where it can be left out."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Typer's pieces, without its braces around what has to be given."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


class Commands(typer.Typer):
    """A Typer application whose commands are all of that class."""

    def command(self, *names: Any, **options: Any) -> Callable[[Function], Function]:
        """As Typer's."""
        return super().command(*names, **{"cls": Command, **options})


app = Commands(
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
