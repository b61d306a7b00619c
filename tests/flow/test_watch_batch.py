"""Batches of any size say the same as ``karat apply``, and nothing of a record is lost."""

import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import karat
from karat.collect.streams.message import Message
from karat.flow.applying import apply_run
from karat.flow.door import RequestDoor
from karat.flow.watch_batch import BatchJudge

ORDER = [(name, "ascending") for name in ("row", "column", "check")]


def records(count: int, seed: int) -> list[dict]:
    chance = random.Random(seed)
    out = []
    for at in range(count):
        age = 20 + chance.randrange(50)
        row = {"age": age, "city": chance.choice(["Oslo", "Bergen", "Paris"]), "income": age * 100 + at % 900}
        row |= {"height": round(chance.gauss(170, 8), 1), "y": "yes" if age > 45 else "no"}
        defect = chance.random()
        if defect < 0.03:
            row["age"] = chance.choice([-5, 999, "x"])
        elif defect < 0.06:
            row["city"] = chance.choice(["Oslo ", "Olso", None])
        out.append(row)
    return out


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "people"
    (place.parent / "people.jsonl").write_text("".join(json.dumps(row) + "\n" for row in records(600, 0)))
    karat.clean(place.parent / "people.jsonl", target="y", out=place, workers=1)
    return place


def judge_of(run: Path, policy: str = "pass") -> BatchJudge:
    door = RequestDoor.of(run)
    return BatchJudge(door, door.schema, policy, 1 << 20)


def collected(judge: BatchJudge, messages: list[Message], size: int) -> dict[str, pa.Table]:
    tables: dict[str, list[pa.Table]] = {}
    row = 0
    for start in range(0, len(messages), size):
        judged = judge.judge(messages[start : start + size], row)
        row += judged.records
        for (folder, _), table in judged.tables.items():
            tables.setdefault(folder, []).append(table)
    return {folder: pa.concat_tables(parts).combine_chunks() for folder, parts in tables.items()}


@pytest.mark.parametrize("partitions", [1, 3])
def test_findings_and_changes_are_those_of_apply_at_any_batch_size(run, tmp_path, partitions):
    rows = records(150, 1)
    rows += rows[:20]  # some twice
    place = tmp_path / "new.jsonl"
    place.write_text("".join(json.dumps(row) + "\n" for row in rows))
    apply_run(run, place, tmp_path / "out")
    findings = pq.read_table(tmp_path / "out/findings.parquet")
    ledger = pq.read_table(tmp_path / "out/ledger.parquet")
    data = pq.read_table(tmp_path / "out/data.parquet")
    assert findings.num_rows
    assert ledger.num_rows
    messages = [Message(f"p{at % partitions}", str(at), json.dumps(row).encode()) for at, row in enumerate(rows)]
    for size in (1, 100, 10_000):
        here = collected(judge_of(run), messages, size)
        said = here["findings"].select(findings.column_names).sort_by(ORDER)
        assert said.equals(findings.sort_by(ORDER).combine_chunks())
        order = [("row", "ascending"), ("column", "ascending")]
        assert here["ledger"].select(ledger.column_names).sort_by(order).equals(ledger.sort_by(order).combine_chunks())
        kept = here["data"].sort_by("_row")
        assert kept["_row"].to_pylist() == list(range(170))
        assert kept["city"].to_pylist() == data["city"].to_pylist()


def test_policies_move_records_that_a_check_is_sure_about(run):
    rows = records(40, 2)
    messages = [Message("p", str(at), json.dumps(row).encode()) for at, row in enumerate(rows)]
    for policy, folder in (("hold", "held"), ("reject", "rejected")):
        here = collected(judge_of(run, policy), messages, 100)
        sure = here["findings"].filter(pc.greater_equal(here["findings"]["confidence"], 0.5))["row"].to_pylist()
        changed = set(here["ledger"]["row"].to_pylist()) if "ledger" in here else set()
        assert here[folder].num_rows
        assert set(sure) - changed <= set(here[folder]["_row"].to_pylist()) <= set(sure)
        assert sorted(here[folder]["_row"].to_pylist() + here["data"]["_row"].to_pylist()) == list(range(40))
    assert "held" not in collected(judge_of(run), messages, 100)


def test_nothing_of_an_odd_record_is_lost(run):
    row = records(1, 3)[0]
    bodies = [b"broken", {**row, "new": 5}, {k: v for k, v in row.items() if k != "age"}, {**row, "height": "tall"}]
    bodies += [{k: v for k, v in row.items() if k != "y"}]
    messages = [
        Message("p", str(at), body if isinstance(body, bytes) else json.dumps(body).encode())
        for at, body in enumerate(bodies)
    ]
    judged = judge_of(run).judge(messages, 7)
    assert [(message.offset, "no JSON" in error) for message, error in judged.dead] == [("0", True)]
    data = judged.tables["data", "p"].to_pylist()
    assert [(line["_row"], line["_offset"]) for line in data] == [(7, "1"), (8, "2"), (9, "3"), (10, "4")]
    assert json.loads(data[0]["_extra"]) == {"new": "5"}
    assert data[1]["age"] is None
    assert (data[2]["height"], json.loads(data[2]["_as_written"])) == (None, {"height": "tall"})
    assert data[3]["y"] is None
    assert {name: judged.counts[name] for name in ("extra", "missing", "retyped", "dead")} == {
        "extra": 1,
        "missing": 1,
        "retyped": 1,
        "dead": 1,
    }
    assert judged.odd == {"new": "not known", "age": "missing"}
    findings = judged.tables["findings", "p"]
    assert "y" not in findings.filter(pa.array([r == 10 for r in findings["row"].to_pylist()]))["column"].to_pylist()
