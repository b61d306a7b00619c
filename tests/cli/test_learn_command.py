"""``karat learn`` from the command line: joined, tested, shipped, led to, and gone back from."""

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.cli.main import main
from karat.deploy.judging import Service
from tests.flow.drift_data import records


def called(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["karat", *map(str, words)])
    with pytest.raises(SystemExit) as left:
        main()
    return left.value.code


@pytest.fixture
def run(tmp_path):
    place = tmp_path / "people"
    karat.clean(records(500, 0).table, target="y", out=place, workers=1)
    (place / "served").mkdir()
    lines = []
    for at, row in enumerate(records(700, 1).table.to_pylist()):
        row.pop("y")
        lines.append(json.dumps({"served_id": f"r{at}", "served_at": f"2024-01-01T00:00:00.{at:03d}+00:00", **row}))
    (place / "served" / "a.jsonl").write_text("\n".join(lines) + "\n")
    return place


def answers(tmp_path, changed):
    rows = records(700, 1).table.to_pylist()
    texts = [("yes" if float(row["z"]) > 0 else "no") if changed else row["y"] for row in rows]
    pq.write_table(pa.table({"case": [f"r{at}" for at in range(700)], "y": texts}), tmp_path / "late.parquet")
    return tmp_path / "late.parquet"


def test_a_better_model_is_served_behind_the_link_and_the_old_one_again(run, tmp_path, monkeypatch, capsys):
    link = tmp_path / "current"
    link.symlink_to("people")
    words = ("learn", run, "--answers", answers(tmp_path, changed=True), "--key", "case", "--link", link)
    assert called(monkeypatch, *words) == 0
    out = capsys.readouterr().out
    assert "700 answers · 700 served records of 700 with an outcome" in out
    assert "over shuffled outcomes" in out
    assert link.resolve() == run / "learned" / "1"
    service = Service.load(link.resolve())
    assert service.predictor.signature.model == "people-learned"
    assert json.loads((run / "learned" / "1" / "learned.json").read_text())["ships"]
    link.unlink()
    link.symlink_to("people")
    assert link.resolve() == run


def test_a_second_round_starts_from_the_model_that_the_first_has_shipped(run, tmp_path, monkeypatch, capsys):
    words = ("learn", run, "--answers", answers(tmp_path, changed=True), "--key", "case")
    assert called(monkeypatch, *words) == 0
    served = run / "learned" / "1" / "served"
    served.mkdir()
    lines, late = [], {"case": [f"r{at}" for at in range(700)], "y": ["yes"] * 700}
    for at, row in enumerate(records(600, 2).table.to_pylist()):
        row.pop("y")
        lines.append(json.dumps({"served_id": f"s{at}", "served_at": f"2024-01-02T00:00:00.{at:03d}+00:00", **row}))
        late["case"].append(f"s{at}")
        late["y"].append("yes" if float(row["z"]) < 0 else "no")
    (served / "b.jsonl").write_text("\n".join(lines) + "\n")
    pq.write_table(pa.table(late), tmp_path / "late.parquet")
    capsys.readouterr()
    assert called(monkeypatch, *words) == 0
    out = capsys.readouterr().out
    assert "600 served records of 1,300 with an outcome" in out
    assert "700 learned from before" in out
    second = json.loads((run / "learned" / "2" / "learned.json").read_text())
    assert second["ships"]
    assert second["retrained"]
    assert second["until"].startswith("2024-01-02")
    from karat.flow.learned_models import model_folder

    asked = [Service.load(model_folder(run.with_name(f"people@{k}"))) for k in (1, 2)]
    assert [service.predictor.signature.version for service in asked] == ["1", "2"]


def test_nothing_new_ships_nothing_and_is_recorded(run, tmp_path, monkeypatch, capsys):
    assert (
        called(monkeypatch, "learn", run, "--answers", answers(tmp_path, changed=False), "--key", "case", "--json") == 0
    )
    values = json.loads(capsys.readouterr().out)
    assert not values["ships"]
    assert values["counts"]["joined"] == 700
    assert not (run / "learned" / "1" / "model").exists()


def test_a_folder_in_place_of_a_link_is_an_error(run, tmp_path, monkeypatch, capsys):
    words = ("learn", run, "--answers", answers(tmp_path, changed=True), "--key", "case", "--link", tmp_path)
    assert called(monkeypatch, *words) == 2
    assert "is not a link" in capsys.readouterr().err
