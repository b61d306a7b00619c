"""A corpus whose run is killed goes on where it was: nothing is made again, and every file has the same bits."""

import hashlib
import subprocess
import sys

import pytest

KILL = """
import os, signal, sys
from karat.flow.{module} import {owner}
whole, left = {owner}.{method}, [{after}]
def dying(self, *given):
    made = whole(self, *given)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return made
{owner}.{method} = dying
from karat.cli.main import main
main()
"""
PLAIN = "from karat.cli.main import main; main()"
SAME = ("data.parquet", "findings.parquet", "ledger.parquet", "quarantine.parquet", "scores.json", "corpus.json")
POINTS = [
    {"module": "part_store", "owner": "PartStore", "method": "put", "after": 2},
    {"module": "refined_documents", "owner": "RefinedDocuments", "method": "refined", "after": 3},
]


def clean(code, data, out):
    call = [sys.executable, "-c", code, "clean", str(data), "--kind", "corpus", "--out", str(out), "--workers", "1"]
    return subprocess.run(
        [*call, "--quiet", "--allow", "all"], capture_output=True, text=True, check=False, timeout=300
    )


def digests(out):
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in SAME}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, corpus):
    place = tmp_path_factory.mktemp("files")
    lines = corpus.read_text().splitlines(keepends=True)
    for at in range(4):
        (place / f"{at}.jsonl").write_text("".join(lines[at * 60 : at * 60 + 60]))
    return place


@pytest.mark.parametrize("point", POINTS, ids=["while reading", "while writing"])
def test_a_killed_run_goes_on_and_ends_in_the_same_bits(point, folder, tmp_path):
    out = tmp_path / "killed"
    killed = clean(KILL.format(**point), folder, out)
    assert killed.returncode == -9, killed.stderr
    parts = {path.name: path.stat().st_ino for path in out.glob(".work/pieces-*/0*-0*")}
    assert len(parts) == (2 if point["method"] == "put" else 4)
    done = clean(PLAIN, folder, out)
    assert done.returncode == 0, done.stderr
    after = {path.name: path.stat().st_ino for path in out.glob(".work/pieces-*/0*-0*")}
    assert {name: after[name] for name in parts} == parts
    whole = tmp_path / "whole"
    assert clean(PLAIN, folder, whole).returncode == 0
    assert digests(out) == digests(whole)
