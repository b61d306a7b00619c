"""The Typer application that the commands join."""

import typer

app = typer.Typer(
    help="Karat turns raw data into data a model can learn from, and proves what that was worth.",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
