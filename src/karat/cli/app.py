"""The Typer application that the commands join."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from karat.cli.say import say
from karat.core.release import VERSION

Function = TypeVar("Function", bound=Callable[..., Any])


class Command(TyperCommand):
    """A command whose usage line names what it needs plainly: DATA, and [B] where it can be left out."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Typer's pieces, without its braces around what has to be given."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


# In the order in which a person meets them
ORDER = (
    *("look", "assess", "clean", "run", "apply", "lift", "review", "label", "link", "why", "verify"),
    *("serve", "watch", "drift", "learn", "store", "train", "list", "demo", "doctor", "mcp"),
)


class CommandList(TyperGroup):
    """Commands in the order in which a person meets them; others behind."""

    def list_commands(self, ctx: Any) -> list[str]:
        names = super().list_commands(ctx)
        return sorted(names, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))


class Commands(typer.Typer):
    """A Typer application whose commands are all of that class."""

    def command(self, *names: Any, **options: Any) -> Callable[[Function], Function]:
        """As Typer's."""
        return super().command(*names, **{"cls": Command, **options})


app = Commands(
    cls=CommandList,
    help="Karat turns raw data into data a model can learn from, and proves what that was worth.",
    rich_markup_mode=None,
    epilog="Begin with karat look FILE, or see karat demo. karat COMMAND --help shows a command's options.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        say(f"karat {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """What comes before a command."""
