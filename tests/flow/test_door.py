"""What a run has learned, for records that it has not seen."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import karat
from karat.core.block import Block
from karat.core.errors import InputError
from karat.flow.door import RequestDoor, learned_in, lessons_in

CITIES = ["Oslo", "Bergen", "Oslo ", "Oslo"] * 20
TABLE = pa.table({"age": [str(20 + k % 41) for k in range(80)], "city": CITIES, "y": ["a", "b"] * 40})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "people"
    karat.clean(TABLE, target="y", out=place, workers=1)
    return place


def test_what_a_run_has_learned_stands_in_its_folder(run: Path, tmp_path: Path) -> None:
    learned = learned_in(run)
    assert learned.checks
    assert set(learned.checks) <= set(learned.states)
    assert all(check.at_the_door for check in learned.checks.values())
    assert lessons_in(run) is None
    with pytest.raises(InputError, match="is not a run folder"):
        learned_in(tmp_path)


def test_records_are_judged_and_fixed_and_nothing_is_said_of_a_column_that_is_not_there(run: Path) -> None:
    door = RequestDoor.of(run)
    schema = door.schema
    columns = tuple(column for column in schema if column.name != "y")
    table = pa.table({"age": ["21", "x"], "city": ["Oslo ", None]}).select([column.name for column in columns])
    block = Block(np.array([5, 9]), table, type(schema)(columns, schema.kind))
    findings, ledger, mended = door.judge(block)
    assert set(findings["column"].to_pylist()) <= {"age", "city"}
    assert ledger.select(["row", "column", "after"]).to_pylist() == [{"row": 5, "column": "city", "after": "Oslo"}]
    assert mended.table["city"].to_pylist() == ["Oslo", None]
    assert mended.schema.names == block.schema.names
