"""At the door a check says what it says of a whole file; what it has learned survives being written down."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from karat.core.errors import InputError
from karat.core.record_cells import QuickLook
from karat.core.registry import units
from karat.core.schema import Column, Role, Schema
from karat.deploy.protocol import Request
from karat.deploy.request_checks import Checks, Door, as_block, load_checks, save_checks
from karat.deploy.request_records import RequestRecords
from karat.quality.calibration import calibrated

N = 400
SCHEMA = Schema(
    (
        Column("city", Role.CATEGORY),
        Column("size", Role.NUMBER, "float64"),
        Column("on", Role.TIME, "timestamp"),
        Column("y", Role.TARGET),
    ),
    task="classification",
)


def _training() -> pa.Table:
    rng = np.random.default_rng(0)
    return pa.table(
        {
            "city": rng.choice(["北京", "上海", "Paris"], N).tolist(),
            "size": [f"{value:.2f}" for value in rng.normal(50, 5, N)],
            "on": [f"2024-0{m}-1{d}" for m, d in zip(rng.integers(1, 9, N), rng.integers(0, 9, N), strict=True)],
            "y": rng.choice(["a", "b"], N).tolist(),
        }
    )


def _odd() -> pa.Table:
    rows = [
        ("北京", "51.20", "2024-03-11"),
        (" 上海 ", "49.00", "2024-03-11"),
        ("Paris", "5000.00", "2024-03-11"),
        ("Paris", "51.20 kg", None),
        (None, None, "2024-03-11"),
        (" 上海 ", "5000.00", "2024-03-11"),
        ("åŒ—äº¬", "#N/A", "1900-01-01"),
    ]
    return pa.table(
        {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(("city", "size", "on"))}
    )


def _records(table: pa.Table) -> RequestRecords:
    return RequestRecords([Request("", table.to_pydict(), {}, quarantine=False)], SCHEMA)


@pytest.fixture(scope="module")
def checks() -> Checks:
    """Every check that can stand at the door and needs one pass, with its state."""
    block = as_block(_training(), SCHEMA)
    made = [unit() for unit in units("check").values() if unit.at_the_door and not unit.needs]
    return {
        unit.code(): (unit, unit.learn(block))
        for unit in made
        if unit.applies(SCHEMA) is None and not unit.next_pass(unit.learn(block))
    }


def test_as_on_a_whole_file(checks: Checks, tmp_path: Path) -> None:
    save_checks(checks, tmp_path / "model" / "checks.json")
    thawed = load_checks(tmp_path / "model" / "checks.json")
    assert thawed.keys() == checks.keys()
    assert len(checks) > 5
    door, found = Door(SCHEMA, thawed), Door(SCHEMA, checks).judge(_records(_odd()))
    assert {f["row"] for f in found if f["confidence"] >= 0.5} >= {1, 2, 5}
    assert {f["column"] for f in found if f["row"] == 2} == {"size"}
    for _ in range(2):  # the second time the door knows the texts already
        alone = [
            finding | {"row": at}
            for at in range(_odd().num_rows)
            for finding in door.judge(_records(_odd().slice(at, 1)))
        ]
        assert alone == found
    assert door.broken == {}


def test_as_the_checks_say(checks: Checks) -> None:
    block = as_block(_odd(), SCHEMA)
    expected = []
    for unit, state in checks.values():
        told = unit.judge(state, block, state if unit.ordered else None)
        expected += (
            [f for f in calibrated(unit.code(), told).to_pylist() if f["row"] is not None and f["column"] != "y"]
            if isinstance(told, pa.Table)
            else []
        )
    found = Door(SCHEMA, checks).judge(_records(_odd()))
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


def test_what_cannot_be_read() -> None:
    assert _records(_odd()).unreadable() == [(3, "size", "51.20 kg"), (6, "size", "#N/A")]


def test_no_checks_and_bad_checks(tmp_path: Path) -> None:
    assert load_checks(tmp_path / "none.json") == {}
    for text in ("", "[]", '{"$":"d","v":[["A",{"$":"o","c":"nowhere:A","v":{}}]]}'):
        (tmp_path / "checks.json").write_text(text)
        with pytest.raises(InputError, match="cannot be read as checks"):
            load_checks(tmp_path / "checks.json")


def test_a_column_that_was_not_sent_is_no_reason_to_look_twice(checks: Checks) -> None:
    door = Door(SCHEMA, {code: fitted for code, fitted in checks.items() if isinstance(fitted[0], QuickLook)})
    assert "MissingValues" in door.checks
    usual = _training().slice(0, 1).drop_columns(["y"])
    assert door._doubtful(_records(usual)) == []
    assert [start for start, _ in door._doubtful(_records(_odd().slice(4, 1)))] == [0]


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [("city", "Tokyo", "UnseenValues"), ("size", "1e300", "UnseenValues"), ("city", None, "MissingValues")],
)
def test_an_unseen_category_a_huge_number_and_a_blank_are_told(checks, column, value, check):
    row = {"city": "Paris", "size": "51.00", "on": "2024-03-11"} | {column: value}
    door = Door(SCHEMA, checks)
    said = door.judge(_records(pa.table({name: pa.array([text], pa.string()) for name, text in row.items()})))
    assert check in {finding["check"] for finding in said if finding["column"] == column}
    assert not door.broken
