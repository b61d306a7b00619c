"""Bad input: exit status 2, one clear line, no traceback; or success with balanced books."""

import gzip
import json
import sys
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.cli.main import main

GOOD = (
    "age,income,y\n" + "\n".join(f"{20 + i % 40},{1000 + 7 * i},{'yes' if i % 3 else 'no'}" for i in range(60)) + "\n"
)


@pytest.fixture
def karat(monkeypatch, capsys):
    """The command line in this process: its exit status, stdout and stderr."""

    def call(*args):
        monkeypatch.setattr(sys, "argv", ["karat", *map(str, args)])
        with pytest.raises(SystemExit) as done:
            main()
        said = capsys.readouterr()
        return SimpleNamespace(returncode=done.value.code, stdout=said.out, stderr=said.err)

    return call


def make(tmp_path, name, content):
    place = tmp_path / name
    place.write_bytes(content if isinstance(content, bytes) else content.encode())
    return place


def half_a_parquet(tmp_path):
    pq.write_table(pa.table({"a": np.arange(1000)}), tmp_path / "whole.parquet")
    whole = (tmp_path / "whole.parquet").read_bytes()
    return make(tmp_path, "half.parquet", whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (None, (), "not found"),
        ("", (), "empty"),
        ("a,b,c\n", (), "header"),
        (np.random.default_rng(0).bytes(5000), (), "x.csv"),
        (GOOD, ("--target", "incme"), "Did you mean 'income'"),
        ("a,y\n" + "1,yes\n" * 30, ("--target", "y"), "y"),
        ("a,y\n" + "1,\n" * 30, ("--target", "y"), "y"),
        ("a,a,y\n" + "1,2,3\n" * 30, (), "two columns named 'a': columns 1 and 2"),
        (GOOD, ("--workers", "-1"), "workers"),
        (GOOD, ("--no-such-option",), "no-such-option"),
        (GOOD, ("--now", "yesterday"), "--now"),
        (GOOD, ("--kind", "cube"), "kind"),
        (GOOD, ("--fail-under", "beauty=0.5"), "beauty"),
        (b"PK\x03\x04" + bytes(200), (), "x.csv"),
    ],
)
def test_refused_in_one_line(karat, tmp_path, content, options, words):
    place = tmp_path / "x.csv" if content is None else make(tmp_path, "x.csv", content)
    done = karat("assess", place, "--out", tmp_path / "run", *options)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert words.lower() in last.lower()


def test_a_parquet_file_cut_in_half(karat, tmp_path):
    done = karat("assess", half_a_parquet(tmp_path), "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "half.parquet" in done.stderr


def test_an_unknown_key_in_the_settings_names_the_nearest(karat, tmp_path):
    make(tmp_path, "x.csv", GOOD)
    spec = make(tmp_path, "karat.toml", '[collect]\ndata = "x.csv"\ntraget = "y"\n')
    done = karat("run", spec, "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "Did you mean 'collect.target'" in done.stderr


def test_a_folder_that_is_no_run_folder_is_refused(karat, tmp_path):
    (tmp_path / "mine").mkdir()
    make(tmp_path / "mine", "letter.txt", "dear")
    done = karat("assess", make(tmp_path, "x.csv", GOOD), "--out", tmp_path / "mine")
    assert done.returncode == 2
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize(
    "content",
    [
        "a,b,c\n" + "1,2,3\n" * 20 + "1,2\n" + "4,5,6,7\n" + "7,8,9\n",
        GOOD.encode() + "城市,北京,yes\n".encode("gb18030") + b"22,3,yes\n",
        GOOD.replace("1007", "10\x0007"),
        "a,b\n" + 'x,"' + "y" * 5_000_000 + '"\n' + "1,2\n" * 20,
        ",".join(f"c{i}" for i in range(2000)) + "\n" + (",".join("1" * 1 for _ in range(2000)) + "\n") * 30,
        "a\n" + "\n".join(str(i) for i in range(50)),
        "a;b\n1,5;2\n" * 20,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r"),
        '"unclosed,1,yes\n' + GOOD,
        gzip.compress(GOOD.encode(), mtime=0),
    ],
    ids=[
        "ragged",
        "mixed encodings",
        "NUL",
        "huge row",
        "wide",
        "one column",
        "semicolons",
        "BOM",
        "CRLF",
        "CR",
        "unclosed quote",
        "gzip",
    ],
)
def test_succeeds_or_quarantines_and_balances(karat, tmp_path, content):
    done = karat("assess", make(tmp_path, "x.csv", content), "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    books = json.loads((tmp_path / "run" / "accounting.json").read_text())
    assert books["in"] == books["kept"] + sum(books["removed"].values()) + books["quarantined"]
    assert books["kept"] > 0
    assert pq.read_metadata(tmp_path / "run" / "quarantine.parquet").num_rows == books["quarantined"]


def test_a_gate_that_is_not_met_is_status_1(karat, tmp_path):
    place = make(tmp_path, "x.csv", "a,b\n" + "1,\n2,\n2,3\n" * 20)
    done = karat("assess", place, "--out", tmp_path / "run", "--fail-under", "completeness=0.99")
    assert done.returncode == 1
    assert "below the 0.99 that --fail-under asks for" in done.stderr


def test_quiet_says_nothing_but_errors(karat, tmp_path):
    done = karat("assess", make(tmp_path, "x.csv", GOOD), "--out", tmp_path / "run", "--quiet")
    assert done.returncode == 0
    assert (done.stdout, done.stderr) == ("", "")


def test_json_is_json(karat, tmp_path):
    done = karat("assess", make(tmp_path, "x.csv", GOOD), "--out", tmp_path / "run", "--json")
    assert json.loads(done.stdout)["rooms"]["collect"]["records"] == 60


def error_of(done):
    """The one line of a command that was refused for its input."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1
    assert lines[0].endswith((".", "?"))
    assert "wanted" not in lines[0]
    return lines[0]


@pytest.mark.parametrize("kind", ["cube", "tabel"])
def test_an_unknown_kind_is_refused_with_those_there_are(karat, tmp_path, kind):
    line = error_of(karat("assess", make(tmp_path, "x.csv", GOOD), "--out", tmp_path / "run", "--kind", kind))
    assert repr(kind) in line
    assert "table" in line


@pytest.mark.parametrize("kind", ["image", "chat", "event", "series"])
def test_a_kind_that_the_data_cannot_be_is_refused(karat, tmp_path, kind):
    place = make(tmp_path, "x.csv", "a,b\n" + "1,2\n" * 30)
    line = error_of(karat("clean", place, "--out", tmp_path / "run", "--kind", kind))
    assert len(line) < 300


def test_an_unknown_check_to_ignore_names_the_nearest_and_loses_nothing(karat, tmp_path):
    make(tmp_path, "x.csv", GOOD)
    spec = make(tmp_path, "karat.toml", '[collect]\ndata = "x.csv"\n[clean]\nignore = ["MissingValue"]\n')
    assert karat("clean", tmp_path / "x.csv", "--out", tmp_path / "run").returncode == 0
    before = {path: path.read_bytes() for path in (tmp_path / "run").glob("*.parquet")}
    line = error_of(karat("clean", spec, "--out", tmp_path / "run"))
    assert line == "Error: check or fix 'MissingValue' not found ([clean] ignore). Did you mean 'MissingValues'?"
    assert {path: path.read_bytes() for path in (tmp_path / "run").glob("*.parquet")} == before
    assert (tmp_path / "x.csv").read_text() == GOOD


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (None, "not found"),
        ("", "is an empty file"),
        ("a,b\n1,2\n", "not row, column, value"),
        ("row,column,value\n²,age,3\n", "row '²' is not a row of this data. Use 0 to 59"),
        ("row,column,value\n-1,age,3\n", "line 2: row '-1'"),
        ("row,column,value\n3,aeg,3\n", "column 'aeg' not found"),
        (b"\xff\xfe\x00", "is not a CSV of answers"),
    ],
)
def test_answers_that_make_no_sense_are_refused(karat, tmp_path, answers, words):
    place = tmp_path / "answers.csv" if answers is None else make(tmp_path, "answers.csv", answers)
    data = make(tmp_path, "x.csv", GOOD)
    assert words in error_of(karat("clean", data, "--out", tmp_path / "run", "--answers", place))


@pytest.mark.parametrize(
    "command",
    [
        ("apply", "RUN", "x.csv"),
        ("why", "RUN", "3"),
        ("serve", "RUN"),
        ("label", "RUN", "--ask", "3"),
        ("review", "RUN"),
    ],
)
def test_a_folder_that_is_not_a_run_is_refused(karat, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    make(tmp_path, "x.csv", GOOD)
    (tmp_path / "mine").mkdir()
    args = [str(tmp_path / "mine") if part == "RUN" else part for part in command]
    assert "is not a run folder" in error_of(karat(*args))
    assert list((tmp_path / "mine").iterdir()) == []
