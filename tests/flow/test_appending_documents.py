"""Documents that come later: only they are read, all of them are judged, and their numbers go on."""

import json

import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError
from karat.core.schema import Schema
from karat.flow.appending import append
from karat.flow.folder import read_json
from karat.flow.part_reading import PartReader
from karat.flow.undoing import undone
from karat.flow.verifying import verify

OFF = {"identify_languages": False, "kind": "text", "workers": 1}


def text(number):
    places = ("harbour", "market", "station", "library", "museum", "garden")
    lines = [
        f"The {places[(number + at) % 6]} of town {number} was built in the year {1700 + number + at}, and "
        f"{(number * 7 + at) % 90 + 10} people work there every day of the week."
        for at in range(8)
    ]
    return "\n".join(lines)


def written(path, texts):
    path.write_text("".join(json.dumps({"text": one}) + "\n" for one in texts))
    return path


@pytest.fixture
def run(tmp_path):
    first = written(tmp_path / "first.jsonl", [text(n) for n in range(40)])
    return karat.clean(first, out=tmp_path / "run", **OFF).path


def test_only_the_new_documents_are_read_and_all_are_judged(run, tmp_path, monkeypatch):
    (tmp_path / "first.jsonl").unlink()
    orders = []
    plain = PartReader.do
    monkeypatch.setattr(PartReader, "do", lambda self, order: (orders.append(order), plain(self, order))[1])
    new = written(tmp_path / "new.jsonl", [text(100), text(3), text(101), text(100)])
    done = append(run, new)
    assert [order["read"] for order in orders if "read" in order] == [1]
    assert (done["first"], done["in"], done["kept"], done["quarantined"], done["cells"]) == (40, 4, 2, 0, 0)
    assert pq.read_table(run / "data.parquet")["_row"].to_pylist() == [*range(41), 42]
    ledger = pq.read_table(run / "ledger.parquet").to_pylist()
    assert [(entry["row"], entry["keeper"]) for entry in ledger] == [(41, 3), (43, 40)]
    assert read_json(run / "accounting.json")["in"] == 44
    assert verify(run) == []
    schema = Schema.from_json(read_json(run / "schema.json"))
    back = undone(run, schema, pq.read_table(run / "ledger.parquet"), None)
    assert back["text"].to_pylist() == [*(text(n) for n in range(40)), text(100), text(3), text(101), text(100)]
    again = append(run, written(tmp_path / "newer.jsonl", [text(101), text(102)]))
    assert (again["first"], again["in"], again["kept"]) == (44, 2, 1)
    assert again["version"] > done["version"]


def test_what_was_appended_is_what_one_run_of_all_gives(run, tmp_path):
    new = [text(100), text(3), text(101)]
    append(run, written(tmp_path / "new.jsonl", new))
    whole = karat.clean(
        written(tmp_path / "all.jsonl", [*(text(n) for n in range(40)), *new]), out=tmp_path / "whole", **OFF
    )
    for name in ("data.parquet", "ledger.parquet", "findings.parquet"):
        assert pq.read_table(run / name).equals(pq.read_table(whole.path / name)), name
    assert read_json(run / "scores.json") == read_json(whole.path / "scores.json")


def test_documents_in_another_column_and_a_lost_store_are_refused(run, tmp_path):
    new = tmp_path / "new.jsonl"
    new.write_text(json.dumps({"body": text(100)}) + "\n")
    with pytest.raises(InputError, match="no column 'text'"):
        append(run, new)
    assert pq.read_table(run / "data.parquet").num_rows == 40
    for plan in (run / ".work").glob("pieces-*/plan.json"):
        plan.unlink()
    with pytest.raises(InputError, match="Run karat clean on all"):
        append(run, written(new, [text(100)]))
