"""The accepted repairs of a run as Python and SQL."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

from karat.core.patch import changes
from karat.core.schema import Column, Role, Schema
from karat.flow.code import write_code


def test_both_files_mend_what_the_ledger_mended(tmp_path: Path) -> None:
    schema = Schema((Column("city", Role.CATEGORY), Column("age", Role.NUMBER, "int64")))
    (tmp_path / "schema.json").write_text(json.dumps(schema.to_json()), encoding="utf-8")
    ledger = changes(
        2, row=[1, 2], column="city", action="set", before=["Oslo ", "Oslo "], after="Oslo", check="S", confidence=0.99
    )
    pq.write_table(ledger, tmp_path / "ledger.parquet")
    python, sql = write_code(tmp_path)
    assert (python, sql) == (tmp_path / "repairs.py", tmp_path / "repairs.sql")
    assert "'Oslo '" in sql.read_text(encoding="utf-8")
    assert "karat" not in [
        line.split()[1]
        for line in python.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    ]
    (tmp_path / "in.csv").write_text("city,age\nBergen,1\nOslo ,2\nOslo ,3\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(python), "in.csv", "out.csv"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines() == [
        "city,age,_row",
        "Bergen,1,0",
        "Oslo,2,1",
        "Oslo,3,2",
    ]


def test_nothing_changed_is_no_repair(tmp_path: Path) -> None:
    schema = Schema((Column("city", Role.CATEGORY),))
    (tmp_path / "schema.json").write_text(json.dumps(schema.to_json()), encoding="utf-8")
    pq.write_table(changes(0, action=[], check=[]), tmp_path / "ledger.parquet")
    python, _ = write_code(tmp_path)
    compile(python.read_text(encoding="utf-8"), "repairs.py", "exec")
