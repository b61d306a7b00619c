"""Commands about a run that is there: what they say, and what they refuse."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import karat
from karat.cli import commands, run_commands  # noqa: F401  register commands
from karat.cli.app import app
from karat.cli.run_commands import run_folder
from karat.core.errors import GateError, InputError, OptionError

CITIES = ["Oslo", "Bergen", "Oslo ", "Oslo"] * 20
TABLE = pa.table({"age": [str(20 + k % 41) for k in range(80)], "city": CITIES})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "people"
    karat.clean(TABLE, out=place, workers=1)
    return place


def said(*words: object) -> list[str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.stdout.splitlines()


def test_what_is_norun_folder_is_told(tmp_path: Path, run: Path) -> None:
    assert run_folder(run) == run
    with pytest.raises(InputError, match=r"is not a run folder: it has no run\.json"):
        said("why", tmp_path, "1")
    with pytest.raises(InputError, match="there is no such folder"):
        said("serve", tmp_path / "none")


def test_new_records_are_mended_with_what_was_learned(run: Path, tmp_path: Path) -> None:
    pyarrow.csv.write_csv(TABLE.slice(0, 8), tmp_path / "new.csv")
    counts, findings, data = said("apply", run, tmp_path / "new.csv", "--out", tmp_path / "out")
    assert counts == "8 records in · 8 kept · 0 quarantined"
    assert findings == "2 findings · 2 fixed · 0 need review"
    assert data == f"data       {tmp_path / 'out' / 'data.parquet'}"
    assert (
        pq.read_table(tmp_path / "out" / "data.parquet")["city"].to_pylist() == ["Oslo", "Bergen", "Oslo", "Oslo"] * 2
    )
    assert said("apply", run, tmp_path / "new.csv", "--quiet") == []
    assert (run / "applied" / "new" / "data.parquet").exists()


def test_what_became_of_records_and_findings_adds_up() -> None:
    done = {"in": 9, "kept": 6, "quarantined": 1, "findings": 56, "fixed": 31, "review": 25, "suspicions": 0}
    assert run_commands._records(done) == "9 records in · 6 kept · 2 removed · 1 quarantined"
    assert run_commands._findings(done) == "56 findings · 31 fixed · 25 need review"
    one = {"findings": 2, "fixed": 1, "review": 1, "suspicions": 3}
    assert run_commands._findings(one) == "2 findings · 1 fixed · 1 needs review (and 3 suspicions below 0.5)"


def test_why_a_cell_was_changed(run: Path) -> None:
    text = "\n".join(said("why", run, "2", "city"))
    assert "'Oslo '" in text or "Oslo␣" in text or "Oslo " in text
    assert "Whitespace" in text


def test_a_folder_that_was_altered_does_not_pass(run: Path, tmp_path: Path) -> None:
    import shutil

    (line,) = said("verify", run)
    assert line.startswith(f"{run}: every file is as published")
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    (copy / "scores.json").write_text("{}", encoding="utf-8")
    with pytest.raises(GateError, match=r"scores\.json is not the file that was published"):
        said("verify", copy)


@pytest.mark.parametrize("words", [(), ("a.csv",)])
def test_a_lift_takes_two_data_sets(words: tuple[str, ...]) -> None:
    with pytest.raises(OptionError, match="karat lift needs two data sets"):
        said("lift", *words)


def test_a_certificate_that_is_not_there_cannot_be_measured_again(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no certificate at"):
        said("lift", "--rerun", tmp_path / "lift.json")


def test_an_unknown_demonstration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="demonstration 'tabel' not found"):
        said("demo", "tabel", "--out", tmp_path / "x")


def test_a_run_without_a_model_cannot_be_served(run: Path) -> None:
    with pytest.raises(InputError, match=r"schema\.json not found"):
        said("serve", run, "--port", "0")
