"""The application: a help page instead of a traceback."""

import typer
from typer.testing import CliRunner

from karat.cli import commands, store_commands  # noqa: F401  register commands
from karat.cli.app import app


def test_nothing_asked_shows_what_there_is():
    done = CliRunner().invoke(app, [])
    assert "Karat turns raw data into data a model can learn from" in done.output
    assert {"assess", "clean", "run", "store"} <= set(done.output.split())


def test_an_error_is_the_commands_own_and_no_shell_is_touched():
    assert isinstance(app, typer.Typer)
    assert app.pretty_exceptions_enable is False
    done = CliRunner().invoke(app, ["--install-completion"])
    assert done.exit_code == 2
