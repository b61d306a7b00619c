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
        (None, (), "found nothing"),
        ("", (), "empty"),
        ("a,b,c\n", (), "header"),
        (np.random.default_rng(0).bytes(5000), (), "x.csv"),
        (GOOD, ("--target", "incme"), "Did you mean 'income'"),
        ("a,y\n" + "1,yes\n" * 30, ("--target", "y"), "y"),
        ("a,y\n" + "1,\n" * 30, ("--target", "y"), "y"),
        ("a,a,y\n" + "1,2,3\n" * 30, (), "'a' in columns 1 and 2"),
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
    assert "completeness of at least 0.99" in done.stderr


def test_quiet_says_nothing_but_errors(karat, tmp_path):
    done = karat("assess", make(tmp_path, "x.csv", GOOD), "--out", tmp_path / "run", "--quiet")
    assert done.returncode == 0
    assert (done.stdout, done.stderr) == ("", "")


def test_json_is_json(karat, tmp_path):
    done = karat("assess", make(tmp_path, "x.csv", GOOD), "--out", tmp_path / "run", "--json")
    assert json.loads(done.stdout)["rooms"]["collect"]["records"] == 60
