"""The application: a help page instead of a traceback."""

import typer
from typer.testing import CliRunner

from karat.cli import (  # noqa: F401  register commands
    commands,
    label_commands,
    language_model_commands,
    review_commands,
    run_commands,
    serve_command,
    store_commands,
)
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


def usages(application: typer.Typer, before: tuple[str, ...] = ()) -> list[str]:
    """The usage line of every command, without the program's name and its options."""
    names = [entry.name or entry.callback.__name__ for entry in application.registered_commands if entry.callback]
    lines = [CliRunner().invoke(app, [*before, name, "--help"]).output.splitlines()[0] for name in names]
    inside = [usages(group.typer_instance, (*before, str(group.name))) for group in application.registered_groups]
    return [line.partition("[OPTIONS]")[2] for line in lines] + [line for part in inside for line in part]


def test_usage_lines_write_what_they_want_in_capitals():
    lines = usages(app)
    assert {" DATA", " RUN", " A [B]", " [A] [B]", " RUN A B"} <= set(lines)
    assert [line for line in lines if not set(line) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ []")] == []
