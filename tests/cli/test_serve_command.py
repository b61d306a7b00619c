"""``karat serve``: options overrule settings, which overrule what is sane."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from karat.cli import serve_command  # noqa: F401  registers the command
from karat.cli.app import app
from karat.core.errors import InputError, OptionError


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What ``serve`` is asked for by options, in a run folder with settings of its own."""
    (tmp_path / "run.json").write_text('{"kind": "table"}')
    (tmp_path / "schema.json").write_text('{"columns": [], "kind": "table"}')
    (tmp_path / "karat.toml").write_text("[serve]\nmax_records = 5\nport = 9000\nchecks = false\n")
    seen: list[dict[str, Any]] = []
    monkeypatch.setattr("karat.cli.serve_command.require_on_run", lambda *_: None)
    monkeypatch.setattr("karat.deploy.serve.serve", lambda run, **how: seen.append(how))
    monkeypatch.delenv("KARAT_TOKEN", raising=False)

    def ask(*options: str) -> dict[str, Any]:
        done = CliRunner().invoke(app, ["serve", str(tmp_path), *options])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return seen[-1] | {"said": done.stderr}

    return ask


def test_settings_of_the_run_are_overruled_by_options(asked: Any, tmp_path: Path) -> None:
    how = asked("--port", "9001", "--max-body-mb", "2", "--allowed-host", "a.example", "--allowed-host", "b.example")
    assert (how["place"].port, how["limits"].max_records, how["limits"].max_body_mb) == (9001, 5, 2)
    assert how["checks"] is False
    assert {"a.example", "b.example"} <= how["place"].access.hosts
    assert asked("--checks")["checks"] is True
    other = tmp_path / "other.toml"
    other.write_text("[serve]\nmax_records = 6\n")
    assert asked("--settings", str(other))["limits"].max_records == 6


def test_a_token_comes_from_a_file_and_is_missed_where_others_may_ask(asked: Any, tmp_path: Path) -> None:
    assert asked()["said"] == ""
    assert "Set a token with --token-file" in asked("--host", "0.0.0.0")["said"]
    token = tmp_path / "token"
    token.write_text("0123456789abcdef")
    how = asked("--host", "0.0.0.0", "--token-file", str(token))
    assert how["place"].access.token == "0123456789abcdef"
    assert how["said"] == ""


def test_what_cannot_be_is_told(asked: Any) -> None:
    with pytest.raises(OptionError, match=r"serve\.max_records is 0"):
        asked("--max-records", "0")
    with pytest.raises(InputError, match="not found"):
        asked("--settings", "none.toml")
