"""``karat serve``: options overrule settings, which overrule what is sane."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from typer.testing import CliRunner

import karat
from karat.cli import serve_command
from karat.cli.app import app
from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role, Schema
from karat.deploy.signature import Signature


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


def test_a_line_to_try_it_holds_the_first_record_with_personal_data_masked(tmp_path: Path, capsys: Any) -> None:
    cells = {"age": ["41", "?"], "phone": ["13912345678", "13912345679"], "mail": ["a.b@example.com"] * 2, "y": "ab"}
    table = pa.table({name: pa.array(list(texts)) for name, texts in cells.items()})
    karat.assess(table, out=tmp_path / "run")
    work = next((tmp_path / "run" / ".work").glob("*/collect"))
    numbers = (Column("age", Role.NUMBER, "int64"), Column("phone", Role.NUMBER, "int64"))
    columns = (*numbers, Column("mail", Role.CATEGORY), Column("y", Role.TARGET))
    schema = Schema(columns)
    (work / "schema.json").write_text(json.dumps(schema.to_json()))
    first = serve_command._first_record(tmp_path / "run")
    assert (first["age"], first["phone"]) == (41.0, None)
    assert "a.b@example.com" not in str(first["mail"])
    assert {"age", "phone", "mail"} <= set(first)
    signature = Signature.of("people", "1", schema, ["age", "mail"], ["a", "b"], {})
    signature.save(tmp_path / "run" / "model" / "schema.json")
    place = tmp_path / "run" / "model" / "schema.json"
    told = serve_command._told("records to {}/infer", partial(serve_command._record_line, place, first, token=False))
    told("http://h/v2/models/people")
    serving, try_it, line = capsys.readouterr().err.splitlines()
    assert (
        serving
        == "serving http://h/v2/models/people · POST records to http://h/v2/models/people/infer · Ctrl-C ends it"
    )
    assert try_it == "try it in another terminal:"
    assert line.startswith("curl http://h/v2/models/people/infer -H")
    assert '"data": [41]' in line
    serve_command._told("prompts", lambda _: "")("http://h")
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert serve_command._first_record(tmp_path) == {}
