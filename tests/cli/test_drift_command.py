"""``karat drift`` and the drift of ``karat watch`` from the command line."""

import json
import sys

import pyarrow.csv as pa_csv
import pytest

import karat
from karat.cli.main import main
from tests.flow.drift_data import records


def called(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["karat", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs") / "people"
    karat.clean(records(900, 0).table, target="y", out=place, workers=1)
    return place


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    place = tmp_path_factory.mktemp("data") / "new.csv"
    pa_csv.write_csv(records(400, 1, lambda t: {"x": t["x"] * 0 + 3, "z": t["z"] + 9}).table.drop(["y"]), place)
    return place


def test_a_costly_column_alarms_and_a_harmless_one_is_told(run, spoilt, monkeypatch, capsys):
    assert called(monkeypatch, "drift", run, spoilt, "--window", 200) == 0
    out, err = capsys.readouterr()
    assert "400 records · 2 windows · " in out
    assert "ALARM window 1: 'x' drifted, expected loss +" in err
    values = json.loads((run / "drift.json").read_text())
    last = {column["column"]: column["alarm"] for column in values["windows"][-1]["drifted"]}
    assert last["x"]
    assert not last["z"]


def test_json_and_too_few_records(run, spoilt, monkeypatch, capsys):
    assert called(monkeypatch, "drift", run, spoilt, "--window", 500, "--json", "--quiet") == 0
    assert json.loads(capsys.readouterr().out)["judged"] == 0
    assert called(monkeypatch, "drift", run, spoilt, "--window", 500) == 0
    assert "fewer than a window of 500" in capsys.readouterr().out


def test_nothing_served_is_an_error(run, monkeypatch, capsys):
    assert called(monkeypatch, "drift", run) == 2
    assert "has no served records" in capsys.readouterr().err


def test_a_watched_stream_tells_its_drift(run, spoilt, tmp_path, monkeypatch, capsys):
    words = ("watch", spoilt, run, "--once", "--wait", "0.05", "--out", tmp_path / "w", "--window", 200)
    assert called(monkeypatch, *words) == 0
    assert "ALARM window" in capsys.readouterr().err
    assert json.loads((tmp_path / "w" / "drift.json").read_text())["judged"] == 2
    assert called(monkeypatch, *words, "--quiet") == 0  # goes on; nothing has come
    assert json.loads((tmp_path / "w" / "drift.json").read_text())["judged"] == 2
