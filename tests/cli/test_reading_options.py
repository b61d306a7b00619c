"""How a file is read: set on the command line and in Python, said on the terminal and in run.json."""

import json
import sys
from types import SimpleNamespace

import pytest

import karat
from karat.cli.main import main

TEXT = "Отчёт\nимя;сумма\n" + "".join(f"{('Иван', 'Ольга', 'Пётр')[at % 3]};{at * 7},5\n" for at in range(30))


@pytest.fixture
def command(monkeypatch, capsys):
    """The command line in this process: its exit status, stdout and stderr."""

    def call(*args):
        monkeypatch.setattr(sys, "argv", ["karat", *map(str, args)])
        with pytest.raises(SystemExit) as done:
            main()
        said = capsys.readouterr()
        return SimpleNamespace(status=done.value.code, stdout=said.out, stderr=said.err)

    return call


@pytest.fixture
def place(tmp_path):
    (tmp_path / "x.csv").write_bytes(TEXT.encode("cp1251"))
    return tmp_path / "x.csv"


def test_what_was_assumed_is_one_line_and_in_the_record(command, place, tmp_path):
    done = command("assess", place, "--out", tmp_path / "run")
    assert done.status == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("read as")]
    assert "cp1251 (next: " in line
    assert "semicolon" in line
    assert "header in line 2" in line
    assert "decimal mark ','" in line
    reading = json.loads((tmp_path / "run" / "run.json").read_text())["reading"]
    assert {what: entry["value"] for what, entry in reading.items()} == {
        "encoding": "cp1251",
        "delimiter": ";",
        "header_row": "2",
        "decimal": ",",
    }
    assert all(set(entry) >= {"value", "runner_up", "clear"} for entry in reading.values())


def test_options_of_the_command_are_keywords_in_python_and_settings_for_later_files(command, place, tmp_path):
    set_by = ("--encoding", "koi8-r", "--delimiter", "semicolon", "--header-row", "2")
    done = command("clean", place, "--out", tmp_path / "run", *set_by)
    assert "koi8-r (set) · semicolon (set) · header in line 2 (set)" in done.stderr
    same = karat.clean(place, encoding="koi8-r", delimiter=";", header_row=2)
    assert same.schema.names == karat.clean(place, out=tmp_path / "run", encoding="koi8-r", header_row="2").schema.names
    wrong = command("apply", tmp_path / "run", place, "--out", tmp_path / "new", "--encoding", "cp1251")
    assert wrong.status == 2
    assert wrong.stderr.startswith("Error: ")
    right = command("apply", tmp_path / "run", place, "--out", tmp_path / "new")
    assert right.status == 0, right.stderr


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--encoding", "cp1252x", "Did you mean 'cp1252'"),
        ("--delimiter", "colons", "or one of comma"),
        ("--decimal", ";", "decimal"),
        ("--date-order", "mydate", "date_order"),
        ("--header-row", "99", "line 99"),
        ("--header-row", "first", "--header-row"),
        ("--sheet", "One", "Leave --sheet out"),
    ],
)
def test_an_option_that_does_not_fit_is_one_line_and_status_2(command, place, tmp_path, option, value, words):
    done = command("assess", place, "--out", tmp_path / "run", option, value)
    assert done.status == 2
    assert words in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr
