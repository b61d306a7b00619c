"""Late answers are joined by id; what does not fit is counted, and nothing is lost."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError, OptionError
from karat.flow.late_answers import joined_blocks, late_records, outcomes, with_target
from tests.flow.drift_data import SCHEMA, records


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs") / "people"
    karat.clean(records(300, 0).table, target="y", out=place, workers=1)
    (place / "served").mkdir()
    new = records(40, 1).table.to_pylist()
    lines = []
    for at, row in enumerate(new):
        row.pop("y")
        label = "yes" if at % 2 else "no"
        hours = f"2024-01-01T{23 - at // 2:02d}:00:00.000+00:00"
        lines.append(json.dumps({"served_id": f"r{at}", "served_at": hours, **row, "served_label": label}))
    (place / "served" / "a.jsonl").write_text("\n".join(lines) + "\n")
    return place


def answers(tmp_path, pairs):
    path = tmp_path / "late.parquet"
    pq.write_table(pa.table({"id": [p[0] for p in pairs], "y": [p[1] for p in pairs]}), path)
    return path


def schema_of(run):
    from karat.core.schema import Schema
    from karat.flow.folder import read_json

    return Schema.from_json(read_json(run / "schema.json"))


def test_every_answer_is_counted_once(run, tmp_path):
    pairs = [("r1", "yes"), ("r2", "no"), ("r2", "yes"), ("r3", "no"), ("r3", "no"), ("r0", None), ("stranger", "yes")]
    late = late_records(run, answers(tmp_path, pairs), "id", schema_of(run))
    assert {
        k: late.counts[k] for k in ("answers", "served", "joined", "unknown", "contradictory", "repeated", "blank")
    } == {
        "answers": 7,
        "served": 40,
        "joined": 2,
        "unknown": 1,
        "contradictory": 1,
        "repeated": 1,
        "blank": 1,
    }
    assert outcomes(late.block).to_pylist() == ["no", "yes"]  # in the order of time, which is not that of the file


def test_outcomes_of_one_side_alone_are_told(run, tmp_path):
    approved = late_records(run, answers(tmp_path, [(f"r{at}", "yes") for at in range(1, 40, 2)]), "id", schema_of(run))
    assert approved.selected == "no"
    all_of_them = late_records(run, answers(tmp_path, [(f"r{at}", "yes") for at in range(40)]), "id", schema_of(run))
    assert all_of_them.selected == ""


def test_wrong_columns_and_nothing_served_are_errors(run, tmp_path):
    with pytest.raises(OptionError, match="idd"):
        late_records(run, answers(tmp_path, [("r1", "yes")]), "idd", schema_of(run))
    with pytest.raises(InputError, match="no served records"):
        late_records(tmp_path, answers(tmp_path, [("r1", "yes")]), "id", SCHEMA)


def test_an_identifier_that_no_request_has_holds_no_record_back(tmp_path):
    place = tmp_path / "people"
    table = records(300, 0).table
    karat.clean(table.add_column(0, "number", pa.array(range(300))), target="y", out=place, workers=1)
    (place / "served").mkdir()
    lines = [
        json.dumps({"served_id": f"r{at}", "served_at": f"2024-01-01T00:00:{at:02d}", **row})
        for at, row in enumerate(table.drop_columns("y").slice(0, 40).to_pylist())
    ]
    (place / "served" / "a.jsonl").write_text("\n".join(lines) + "\n")
    late = late_records(place, answers(tmp_path, [(f"r{at}", "yes") for at in range(40)]), "id", schema_of(place))
    assert (late.counts["joined"], late.counts["held"], len(late.block)) == (40, 0, 40)
    assert late.block.schema.names[0] == "number"


def test_blocks_are_joined_and_outcomes_exchanged():
    first, second = records(3, 0), records(2, 1)
    both = joined_blocks(first, second)
    assert both.rows.tolist() == [0, 1, 2, 3, 4]
    assert outcomes(with_target(second, pa.array(["yes", "yes"]))).to_pylist() == ["yes", "yes"]


def test_outcomes_are_joined_by_an_id_of_the_records_own(run, tmp_path):
    own = json.loads((run / "served" / "a.jsonl").read_text().splitlines()[3])
    name = next(name for name in own if not name.startswith("served_") and own[name] is not None)
    lines = (run / "served" / "a.jsonl").read_text().splitlines()
    alike = sum(json.loads(line)[name] == own[name] for line in lines)
    path = tmp_path / "own.parquet"
    pq.write_table(pa.table({name: [str(own[name])], "y": ["yes"]}), path)
    assert late_records(run, path, name, schema_of(run)).counts["joined"] == alike
    pq.write_table(pa.table({name: ["r3"], "y": ["yes"]}), path)
    assert late_records(run, path, name, schema_of(run)).counts["joined"] == 1
