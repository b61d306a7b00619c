"""``karat look``: prints, saves with --yes, answers in JSON, and refuses what cannot be read."""

import json

import pytest

CONTENT = "Отчёт\nимя;сумма\n" + "".join(f"Иван;{at},5\n" for at in range(30))


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_bytes(CONTENT.encode("cp1251"))
    return "x.csv"


def test_without_a_terminal_it_prints_and_saves_nothing(command, place, tmp_path):
    done = command("look", place)
    assert done.status == 0
    assert "cp1251 (or " in done.stdout
    assert "Not saved." in done.stdout
    assert not (tmp_path / "runs").exists()


def test_with_yes_it_saves_what_the_other_commands_read(command, place):
    assert "karat run x.csv reads it the same way" in " ".join(command("look", place, "--yes").stdout.split())
    done = command("assess", place)
    assert "cp1251 (set) · semicolon (set) · header in line 2 (set)" in " ".join(done.stderr.split())
    changed = command("assess", place, "--decimal", ".")
    assert "decimal mark '.' (set)" in " ".join(changed.stderr.split()) or changed.status == 0


def test_json_is_all_that_stdout_holds(command, place):
    seen = json.loads(command("look", place, "--json", "--header-row", "2").stdout)
    assert seen["reading"]["header_row"]["value"] == "2"
    assert [column["name"] for column in seen["columns"]] == ["имя", "сумма"]


@pytest.mark.parametrize("words", [("none.csv",), ("x.csv", "--encoding", "xx"), ("x.csv", "--kind", "xx")])
def test_what_cannot_be_read_is_one_line(command, place, words):
    done = command("look", *words)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


def test_a_settings_file_without_data_is_refused(command, place, tmp_path):
    (tmp_path / "karat.toml").write_text("seed = 1\n")
    done = command("look", "karat.toml")
    assert done.status == 2
    assert "names no data" in done.stderr
