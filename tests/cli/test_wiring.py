"""The corridor is handed the proof where it is asked for, and the report is written at the end."""

from pathlib import Path

import pyarrow as pa
import pytest

from karat.cli import wiring
from karat.cli.proof import LiftProof
from karat.cli.wiring import walked
from karat.core.errors import OptionError
from karat.flow.job import Job
from karat.flow.settings import made_settings

TABLE = pa.table({"x": [str(k) for k in range(60)], "city": ["Oslo", "Bergen", "Oslo"] * 20})


def test_a_report_stands_in_the_folder_when_the_walk_ends(tmp_path: Path) -> None:
    on = walked(Job(TABLE, tmp_path / "run", "assess", made_settings({"workers": 1}, "the test")))
    assert (tmp_path / "run" / "report.html").stat().st_size > 1000
    assert on.job.proof is None
    assert set(on.rooms) >= {"collect", "clean"}


def test_a_wrong_budget_is_told_before_the_work_begins(tmp_path: Path) -> None:
    settings = made_settings({"budget": "soon"}, "the test")
    with pytest.raises(OptionError):
        walked(Job(TABLE, tmp_path / "run", "run", settings))
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("upto", "proved"), [("assess", False), ("clean", False), ("run", True)])
def test_only_a_run_is_handed_the_proof(tmp_path: Path, monkeypatch, upto: str, proved: bool) -> None:
    def stopped(job: Job) -> None:
        raise StopAsyncIteration(isinstance(job.proof, LiftProof))

    monkeypatch.setattr(wiring, "walk", stopped)
    with pytest.raises(StopAsyncIteration) as seen:
        walked(Job(TABLE, tmp_path / "run", upto, made_settings({"budget": "5m"}, "the test")))
    assert seen.value.args == (proved,)
