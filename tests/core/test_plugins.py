"""Broken and missing units of other packages: one warning each, and every command goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

CHECK = '''
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.unit import Check
from karat.core.counts import ValueCounts


@dataclass(frozen=True)
class Seven(Check):
    """Every seven is reported.

    A check for tests.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY

    def learn(self, block: Block) -> ValueCounts:
        {learn}
        return ValueCounts.of(block)

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        {judge}
        at = np.flatnonzero(block.numbers("a") == 7)
        return self.found(len(at), row=block.rows[at], column="a", value="7", confidence=0.9, message="a seven")
'''


@pytest.fixture
def karat(tmp_path):
    """The command line with a package of one check installed: rc, stdout, stderr."""
    (tmp_path / "x.csv").write_text("a,b\n" + "".join(f"{at % 9},{at}\n" for at in range(90)))

    def install(source: str, points: str = "Seven = seven_check:Seven") -> None:
        info = tmp_path / "karat_seven-1.2.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: karat-seven\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[karat.units]\n{points}\n")
        (tmp_path / "seven_check.py").write_text(source)

    def call(*args: object) -> subprocess.CompletedProcess[str]:
        paths = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2] / "src")])
        command = [sys.executable, "-m", "karat", *map(str, args)]
        return subprocess.run(
            command, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False, cwd=tmp_path
        )

    call.install = install
    return call


def warned(done: "subprocess.CompletedProcess[str]") -> list[str]:
    assert "Traceback" not in done.stderr
    return [line for line in done.stderr.splitlines() if line.startswith("Warning: ")]


@pytest.mark.parametrize(
    ("source", "points", "words"),
    [
        ("1 / 0\n", "Seven = seven_check:Seven", "seven_check.py line 1: ZeroDivisionError"),
        ("", "Seven = no_such_module:Seven", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("", "Seven = seven_check:Seven", "AttributeError"),
        ("Seven = 7\n", "Seven = seven_check:Seven", "is a int, not a class"),
        ("raise SystemExit(3)\n", "Seven = seven_check:Seven", "SystemExit"),
    ],
    ids=["raises at import", "missing module", "missing class", "no class", "exits"],
)
def test_a_package_that_cannot_be_loaded_is_one_warning(karat, source, points, words):
    karat.install(source, points)
    done = karat("list", "check")
    assert done.returncode == 0
    assert "MissingValues" in done.stdout
    (line,) = warned(done)
    assert "unit 'Seven' of karat-seven 1.2 was left out" in line
    assert words in line


def test_a_unit_with_a_name_of_ours_is_left_out(karat):
    karat.install(
        CHECK.format(learn="", judge="").replace("class Seven", "class MissingValues"), "M = seven_check:MissingValues"
    )
    done = karat("list", "check")
    assert done.returncode == 0
    (line,) = warned(done)
    assert "two units are named MissingValues" in line


@pytest.mark.parametrize("verb", ["learn", "judge"])
def test_a_check_that_raises_is_one_warning_and_the_run_goes_on(karat, tmp_path, verb):
    raises = {"learn": "", "judge": ""} | {verb: "raise ValueError('no\\nway')"}
    karat.install(CHECK.format(**raises))
    done = karat("clean", "x.csv", "--out", "run", "--workers", 1)
    assert done.returncode == 0, done.stderr
    (line,) = warned(done)
    assert f"check Seven of seven_check failed at {verb} and was left out" in line
    assert "seven_check.py line " in line
    assert "ValueError: no way" in line
    found = pq.read_table(tmp_path / "run" / "findings.parquet")
    assert "Seven" not in found["check"].to_pylist()


def test_a_check_that_works_warns_nobody_until_its_package_is_gone(karat, tmp_path):
    karat.install(CHECK.format(learn="", judge=""))
    done = karat("clean", "x.csv", "--out", "run", "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert warned(done) == []
    assert pq.read_table(tmp_path / "run" / "findings.parquet")["check"].to_pylist().count("Seven") == 10
    (tmp_path / "seven_check.py").unlink()
    (tmp_path / "karat_seven-1.2.dist-info" / "entry_points.txt").unlink()
    done = karat("apply", "run", "x.csv", "--out", "new")
    assert done.returncode == 0, done.stderr
    (line,) = warned(done)
    assert "unit 'Seven', with which this run was made, was left out: seven_check:Seven cannot be imported" in line
    assert warned(karat("apply", "run", "x.csv", "--out", "other", "--quiet")) == []
