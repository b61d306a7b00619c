"""The corridor as users meet it: whole runs of the command line in processes of their own."""

import hashlib
import json
import os
import signal
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from karat.core.registry import units

ROOMS = ("collect", "look", "clean", "store", "prepare", "train", "evaluate", "deploy")
SAME = (
    "findings.parquet",
    "ledger.parquet",
    "data.parquet",
    "review.parquet",
    "quarantine.parquet",
    "splits.parquet",
    "scores.json",
    "accounting.json",
    "schema.json",
    "evaluation.json",
    "croissant.json",
    "model/model.onnx",
)
KILL = """
import os, signal, sys
from karat.flow.folder import RunFolder
whole = RunFolder.room
def room(self, name, work, *intact):
    def dying(place):
        summary = work(place)
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGKILL)
        return summary
    return whole(self, name, dying, *intact)
RunFolder.room = room
from karat.cli.main import main
main()
"""


def karat(*args, code="from karat.cli.main import main; main()", check=True):
    told = [sys.executable, "-c", code, *map(str, args)]
    done = subprocess.run(told, capture_output=True, text=True, timeout=300, check=False)
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def csv(tmp_path_factory, planted_csv):
    place = tmp_path_factory.mktemp("data") / "customers.csv"
    place.write_bytes(planted_csv)
    return place


def bits(run):
    out = {name: hashlib.sha256((run / name).read_bytes()).hexdigest() for name in SAME if (run / name).exists()}
    lift = json.loads((run / "lift.json").read_text())
    out["lift"] = json.dumps({k: v for k, v in lift.items() if k not in ("cost", "rerun", "inputs")}, sort_keys=True)
    return out


@pytest.fixture(scope="module")
def finished(csv, tmp_path_factory):
    home = tmp_path_factory.mktemp("finished") / "run"
    karat("run", csv, "--target", "y", "--out", home, "--now", "2024-06-01", "--workers", "1")
    return home


def test_a_run_leaves_what_the_contract_names(finished):
    for name in (
        *SAME,
        "karat.toml",
        "run.json",
        "lift.json",
        "lineage.jsonl",
        "report.html",
        "report.md",
        "model/schema.json",
        "model/card.md",
    ):
        assert (finished / name).exists(), name
    books = json.loads((finished / "accounting.json").read_text())
    assert books["in"] == books["kept"] + sum(books["removed"].values()) + books["quarantined"]
    assert pq.read_metadata(finished / "data.parquet").num_rows == books["kept"]


def test_two_workers_give_the_same_bits(finished, csv, tmp_path):
    karat("run", csv, "--target", "y", "--out", tmp_path / "run", "--now", "2024-06-01", "--workers", "2")
    assert bits(tmp_path / "run") == bits(finished)


def test_killed_in_the_middle_of_every_room_the_answer_is_the_same(finished, csv, tmp_path):
    home = tmp_path / "run"
    told = ("run", csv, "--target", "y", "--out", home, "--now", "2024-06-01", "--workers", "1")
    for at, room in enumerate(ROOMS):
        done = karat(*told, code=KILL.format(name=room), check=False)
        assert done.returncode == -signal.SIGKILL, (room, done.stderr)
        work = next((home / ".work").glob("????????????????"))
        left = {path.name.removesuffix(".done.json") for path in work.glob("*.done.json")}
        assert set(ROOMS[:at]) <= left | {"look"}
        assert room not in left
    last = karat(*told)
    assert last.stderr.count("(done before)") >= len(ROOMS) - 2
    assert bits(home) == bits(finished)


def test_the_same_question_is_answered_at_once(finished, csv):
    before = (finished / "data.parquet").stat().st_mtime_ns
    again = karat("run", csv, "--target", "y", "--out", finished, "--now", "2024-06-01", "--workers", "1")
    assert "train" in again.stderr
    assert again.stderr.count("(done before)") == len(ROOMS)  # label has no work of its own, look has no line
    assert (finished / "data.parquet").stat().st_mtime_ns >= before


def test_the_input_is_never_written(csv, planted_csv, finished):
    assert finished.exists()
    assert csv.read_bytes() == planted_csv


def test_restore_gives_version_one_back_value_for_value(finished, csv, tmp_path):
    import shutil

    home = tmp_path / "run"
    shutil.copytree(finished, home)
    karat("store", "restore", home, "1")
    import pyarrow as pa
    import pyarrow.csv as pacsv

    as_text = pacsv.ConvertOptions(
        column_types={n: pa.string() for n in pacsv.read_csv(csv).column_names},
        strings_can_be_null=True,
        null_values=[""],
    )
    raw = pacsv.read_csv(csv, convert_options=as_text)
    from karat.store.versions import Store

    table, rows = Store(home / "store").read()
    assert table.to_pydict() == raw.to_pydict()
    assert rows.tolist() == list(range(raw.num_rows))


def test_list_shows_every_unit():
    said = karat("list").stdout
    for kind in ("check", "fix", "source", "learner", "metric", "transform", "exporter"):
        for code in units(kind):
            assert code in said


def test_disk_full_is_status_3_and_the_last_good_state_stands(finished, csv, tmp_path):
    code = """
import os
from karat.flow import folder
whole = folder.RunFolder.room
def room(self, name, work, *intact):
    if name == "store":
        raise OSError(28, "No space left on device", "somewhere")
    return whole(self, name, work, *intact)
folder.RunFolder.room = room
from karat.cli.main import main
main()
"""
    done = karat(
        "run",
        csv,
        "--target",
        "y",
        "--out",
        tmp_path / "run",
        "--now",
        "2024-06-01",
        "--workers",
        "1",
        code=code,
        check=False,
    )
    assert done.returncode == 3
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    karat("run", csv, "--target", "y", "--out", tmp_path / "run", "--now", "2024-06-01", "--workers", "1")
    assert bits(tmp_path / "run") == bits(finished)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission_is_status_3(csv, tmp_path):
    tmp_path.chmod(0o500)
    done = karat("assess", csv, "--out", tmp_path / "run", check=False)
    assert done.returncode == 3
    assert "no permission" in done.stderr
