"""When a run began, and what it says of itself."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from karat.flow.folder import RunFolder
from karat.flow.run_record import record
from karat.flow.run_state import Walk


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.open(tmp_path / "run", "f" * 64)


@pytest.mark.parametrize(("now", "shown"), [("", "2020-01-02T03:04:05"), ("2024-01-01", "2024-01-01")])
def test_what_a_run_leaves_behind_about_itself(folder: RunFolder, now: str, shown: str) -> None:
    settings = SimpleNamespace(now=now, seed=7)
    job = SimpleNamespace(name="loans", upto="clean", settings=settings, clock=time.perf_counter() - 5)
    rooms = {"collect": {"kind": "table", "kind_reason": "columns", "records": 3}, "clean": {}}
    report = record(Walk(job, folder, rooms), "2020-01-02T03:04:05")
    assert (report["now"], report["ingested"]) == (shown, "2020-01-02T03:04:05")
    assert (report["name"], report["upto"], report["seed"], report["fingerprint"]) == ("loans", "clean", 7, "f" * 64)
    assert (report["kind"], report["kind_reason"], report["reading"]) == ("table", "columns", {})
    assert report["rooms"] == rooms
    assert 5 <= report["cost"]["seconds"] < 60
    assert report["cost"]["cpu_seconds"] > 0
    assert report["cost"]["peak_memory_bytes"] > 10 << 20  # this process holds NumPy and Arrow
    assert set(report["versions"]) == {"karat", "code", "python"}
