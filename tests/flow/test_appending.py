import json

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError
from karat.flow.appending import append, appending
from karat.flow.folder import read_json, write_json
from karat.store.versions import Store


@pytest.fixture(scope="module")
def whole(planted_csv):
    import io

    names = pyarrow.csv.read_csv(io.BytesIO(planted_csv)).column_names
    as_text = pyarrow.csv.ConvertOptions(
        column_types={n: pa.string() for n in names}, strings_can_be_null=True, null_values=[""]
    )
    return pyarrow.csv.read_csv(io.BytesIO(planted_csv), convert_options=as_text)


def test_rows_that_come_later_are_judged_by_what_is_known(whole, tmp_path):
    karat.clean(whole.slice(0, 180), out=tmp_path / "run", now="2024-06-01")
    before = json.loads((tmp_path / "run" / "scores.json").read_text())
    done = append(tmp_path / "run", whole.slice(180))
    books = json.loads((tmp_path / "run" / "accounting.json").read_text())
    assert books["in"] == books["kept"] + sum(books["removed"].values()) + books["quarantined"] == whole.num_rows
    assert done["first"] == 180
    data = pq.read_table(tmp_path / "run" / "data.parquet")
    assert data.num_rows == books["kept"]
    assert data["_row"].to_pylist() == sorted(data["_row"].to_pylist())
    after = json.loads((tmp_path / "run" / "scores.json").read_text())
    for name, held in before["before"]["dimensions"].items():
        grown = sum(m["total"] for m in after["before"]["dimensions"][name]["measures"] if m["unit"] == "cells")
        assert grown > sum(m["total"] for m in held["measures"] if m["unit"] == "cells") or name == "timeliness"
    table, rows = Store(tmp_path / "run" / "store").read()
    assert len(rows) == books["kept"]
    assert table.num_rows == books["kept"]


def test_a_repeat_of_an_old_record_is_found_and_dropped(whole, tmp_path):
    karat.clean(whole.slice(0, 200), out=tmp_path / "run", now="2024-06-01")
    kept = json.loads((tmp_path / "run" / "accounting.json").read_text())["kept"]
    append(tmp_path / "run", whole.slice(20, 3))
    ledger = pq.read_table(tmp_path / "run" / "ledger.parquet").to_pylist()
    gone = [(c["row"], c["keeper"]) for c in ledger if c["action"] == "drop" and c["row"] >= 200]
    assert gone == [(200, 20), (201, 21), (202, 22)]
    assert json.loads((tmp_path / "run" / "accounting.json").read_text())["kept"] == kept


def test_other_columns_are_refused(whole, tmp_path):
    karat.clean(whole.slice(0, 100), out=tmp_path / "run", now="2024-06-01")
    with pytest.raises(InputError, match=r"has other columns than .*: 'city'"):
        append(tmp_path / "run", whole.drop_columns(["city"]).slice(0, 5))
    with pytest.raises(InputError, match="is not a run folder"):
        append(tmp_path, whole)


def test_an_append_whose_end_nobody_saw_is_not_repeated(whole, tmp_path):
    run = tmp_path / "run"
    karat.clean(whole.slice(0, 150), out=run, now="2024-06-01")
    more = whole.slice(150, 20)
    left = run / ".work" / "appending" / "new.arrow"  # of one that was killed while it read
    left.parent.mkdir()
    left.touch()
    killed = appending(run, more)
    done = killed.__enter__()  # the process ends here, before it has told anybody
    killed.gen.close()
    assert pq.read_table(run / "data.parquet").num_rows > 150
    with appending(run, more) as again:
        assert again == done
    assert read_json(run / "accounting.json")["in"] == 170
    assert not (run / "appended.json").exists()
    assert not left.parent.exists()
    append(run, more)  # on purpose: the caller knew of the first
    assert read_json(run / "accounting.json")["in"] == 190


def test_nothing_is_added_to_a_run_that_was_altered(whole, tmp_path):
    run = tmp_path / "run"
    karat.clean(whole.slice(0, 100), out=run, now="2024-06-01")
    write_json(run / "accounting.json", read_json(run / "accounting.json") | {"kept": 99})
    with pytest.raises(InputError, match=r"accounting\.json is not the file that was published"):
        append(run, whole.slice(100, 5))
