"""Tomorrow's file mended with what was learned today; nothing new is learned."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import karat
from karat.core.errors import InputError
from karat.flow.applying import apply_run, resolved_by

CITIES = ["Oslo", "Bergen", "Oslo ", "Oslo"] * 20
TABLE = pa.table({"age": [str(20 + k % 41) for k in range(80)], "city": CITIES})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "people"
    karat.clean(TABLE, out=place, workers=1)
    return place


def test_new_records_are_mended_judged_and_counted(run: Path, tmp_path: Path) -> None:
    new = pa.table({"city": ["Oslo ", "Bergen", None], "age": ["21", "x", "33"]})
    done = apply_run(run, new, tmp_path / "out")
    data = pq.read_table(tmp_path / "out" / "data.parquet")
    assert data["city"].to_pylist() == ["Oslo", "Bergen", None]
    assert data["_row"].to_pylist() == [0, 1, 2]
    assert (done["in"], done["kept"], done["quarantined"]) == (3, 3, 0)
    ledger = pq.read_table(tmp_path / "out" / "ledger.parquet")
    assert done["cells"] == ledger.num_rows
    assert [entry["before"] for entry in ledger.to_pylist() if entry["column"] == "city"] == ["Oslo "]
    findings = pq.read_table(tmp_path / "out" / "findings.parquet")
    assert done["findings"] == findings.num_rows
    assert {0, 1} <= set(findings["row"].to_pylist())
    books = json.loads((tmp_path / "out" / "accounting.json").read_text(encoding="utf-8"))
    assert books == {"in": 3, "kept": 3, "removed": {}, "quarantined": 0}
    assert not (tmp_path / "out" / ".apply.arrow").exists()


def test_a_record_alone_gets_the_same_answer_as_in_company(run: Path, tmp_path: Path) -> None:
    apply_run(run, TABLE, tmp_path / "all")
    apply_run(run, TABLE.slice(2, 1), tmp_path / "one")
    whole = pq.read_table(tmp_path / "all" / "data.parquet").slice(2, 1)
    alone = pq.read_table(tmp_path / "one" / "data.parquet")
    assert alone.drop_columns(["_row"]).to_pydict() == whole.drop_columns(["_row"]).to_pydict()


def test_lines_that_cannot_be_read_are_set_aside(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("age,city\n21,Oslo\n22\n23,Bergen\n", encoding="utf-8")
    done = apply_run(run, path, tmp_path / "out")
    assert (done["in"], done["kept"], done["quarantined"]) == (3, 2, 1)
    assert pq.read_table(tmp_path / "out" / "quarantine.parquet")["line"].to_pylist() == [3]


def test_a_missing_column_is_refused_unless_it_is_the_target(run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="lacks columns of .*: 'city'".replace(".*", r".*")):
        apply_run(run, TABLE.select(["age"]), tmp_path / "out")


def test_the_new_file_may_be_read_in_another_way(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("age;city\n21;Oslo \n22;Bergen\n", encoding="utf-8")
    apply_run(run, path, tmp_path / "out", {"delimiter": ";", "encoding": ""})
    assert pq.read_table(tmp_path / "out" / "data.parquet")["city"].to_pylist() == ["Oslo", "Bergen"]


def test_every_finding_is_fixed_or_needs_review_or_is_a_suspicion():
    findings = pa.table(
        {
            "row": [1, 1, 1, 2, 3, 4, 11],
            "column": ["a", "a", "b", None, "a", "a", "a"],
            "confidence": [0.9, 0.2, 0.9, 0.9, 0.9, 0.2, 0.5],
        }
    )
    ledger = pa.table({"row": [1, 2, 3], "column": ["a", None, "b"], "action": ["set", "drop", "set"]})
    assert resolved_by(findings, ledger) == {"fixed": 3, "review": 3, "findings": 6, "suspicions": 1}
    assert resolved_by(findings[:0], ledger[:0]) == {"fixed": 0, "review": 0, "findings": 0, "suspicions": 0}
