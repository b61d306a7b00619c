"""Twenty answered records through the Python calls: the table, tomorrow's file, and the code that runs without Karat."""

import csv
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from karat.cli.commands import app
from karat.core.schema import Column, Role, Schema
from karat.flow.applying import apply_run
from karat.flow.asking import ask_about
from karat.flow.dataset import Dataset
from karat.flow.door import lessons_in
from karat.flow.engine import learn
from karat.flow.teaching import lessons_from, opposites

NAMES = ["name", "born", "number"]


def people(size, seed):
    """Records clean, and with dates re-ordered in half of them."""
    chance = np.random.default_rng(seed)
    clean, dirty = [], []
    for at in range(size):
        year, month, day = 1950 + chance.integers(60), 1 + chance.integers(12), 1 + chance.integers(28)
        name = "".join(chance.choice(list("abcdefghijklmnop"), 7)).title()
        clean.append([name, f"{year}-{month:02d}-{day:02d}", str(10_000 + 7 * at)])
        dirty.append([name, f"{day:02d}/{month:02d}/{year}" if at % 2 else clean[-1][1], clean[-1][2]])
    return clean, dirty


def written(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([NAMES, *rows])
    return path


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    home = tmp_path_factory.mktemp("taught")
    clean, dirty = people(200, 0)
    data, run = written(home / "in.csv", dirty), home / "run"
    assert CliRunner().invoke(app, ["clean", str(data), "--out", str(run), "--quiet"]).exit_code == 0
    asked, sheet = ask_about(run, 20)
    rows = asked["row"].to_pylist()
    with sheet.open("w", newline="", encoding="utf-8") as file:
        lines = [(row, name, clean[row][at]) for row in rows for at, name in enumerate(NAMES)]
        csv.writer(file).writerows([["row", "column", "value"], *lines])
    more = ["--answers", str(sheet), "--emit-code", "--quiet"]
    assert CliRunner().invoke(app, ["clean", str(data), "--out", str(run), *more]).exit_code == 0
    return run, data, clean, rows


def test_the_table_is_as_the_person_wants_it(taught):
    run, _, clean, _ = taught
    assert [str(day) for day in pq.read_table(run / "data.parquet")["born"].to_pylist()] == [row[1] for row in clean]
    changed = pq.read_table(run / "ledger.parquet").to_pylist()
    assert {(one["check"], one["kind"]) for one in changed if one["check"] != "Answer"} == {
        ("LearnedFromExamples", "form")
    }


def test_tomorrows_file_is_repaired_alike(taught, tmp_path):
    run = taught[0]
    clean, dirty = people(30, 1)
    apply_run(run, written(tmp_path / "new.csv", dirty), tmp_path / "new")
    done = pq.read_table(tmp_path / "new" / "data.parquet")["born"].to_pylist()
    assert [str(day) for day in done] == [row[1] for row in clean]


def test_the_code_repairs_this_file_and_the_rules_another(taught, tmp_path):
    run, data, clean, _ = taught
    command = [sys.executable, "-I", str(run / "repairs.py")]
    subprocess.run([*command, str(data), str(tmp_path / "out.csv")], check=True)
    new_clean, new_dirty = people(30, 2)
    new = written(tmp_path / "new.csv", new_dirty)
    subprocess.run([*command, "--rules", str(new), str(tmp_path / "new_out.csv")], check=True)
    for name, wanted in (("out.csv", clean), ("new_out.csv", new_clean)):
        with (tmp_path / name).open(newline="", encoding="utf-8") as file:
            assert [line[:3] for line in csv.reader(file)][1:] == wanted


def test_answered_records_are_not_asked_about_again(taught):
    run, _, _, rows = taught
    assert set(lessons_in(run).checked) == set(rows)
    assert not set(ask_about(run, 20)[0]["row"].to_pylist()) & set(rows)


def test_answers_in_both_directions_are_said_and_teach_no_rule():
    table = pa.table({"a": ["yes", "no"] * 20, "b": [str(at) for at in range(40)]})
    schema = Schema((Column("a", Role.CATEGORY), Column("b", Role.ID)))
    data = Dataset(schema, table=table, rows=np.arange(40))
    given = pa.table({"row": [0, 1, 2, 3], "column": ["a"] * 4, "value": ["no", "yes", "no", "yes"]})
    lessons = lessons_from(data, learn(data, []), given, 1)
    assert lessons.rules == ()
    assert (
        opposites(lessons)
        == "Answers go both ways, so no rule was learned from them: 'no' to 'yes' and back in column a"
    )
    assert lessons_from(data, learn(data, []), given.slice(0, 0), 1) is None
