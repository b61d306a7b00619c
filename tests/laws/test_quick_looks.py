"""At request time checks look quickly first: a quick look never misses what the whole check would say."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.finding import DoesNotApply
from karat.core.parsing import PLAIN_NUMBER
from karat.core.record_cells import QuickLook
from karat.core.registry import units
from karat.core.schema import Column, Role, Schema
from karat.deploy.protocol import Request
from karat.deploy.request_checks import Door, as_block
from karat.deploy.request_records import RequestRecords
from karat.quality.by_value import ByValue
from karat.quality.distinct import Distinct

N = 600
SCHEMA = Schema(
    (
        Column("size", Role.NUMBER, "float64"),
        Column("weight", Role.NUMBER, "float64"),
        Column("length", Role.NUMBER, "float64"),
        Column("price", Role.NUMBER, "float64"),
        Column("marks", Role.NUMBER, "int64"),
        Column("total", Role.NUMBER, "int64"),
        Column("half", Role.NUMBER, "int64"),
        Column("city", Role.CATEGORY),
        Column("country", Role.CATEGORY),
        Column("y", Role.TARGET),
    ),
    task="classification",
)
MORE_NUMBERS = [
    f"{sign}{number}" for sign in ("", "-") for number in ("0", "1", "9", "99", "999", "1000", "12.5", "50")
]
CITIES = (("Oslo", "Norway"), ("Bergen", "Norway"), ("Paris", "France"), ("Lyon", "France"))


def _training() -> pa.Table:
    rng = np.random.default_rng(7)
    size = rng.normal(50, 9, N)
    at = rng.integers(0, 4, N)
    half = rng.integers(1, 400, N)
    columns = {
        "size": [f"{value:.2f}" for value in size],
        "weight": [f"{value:.2f}" for value in size * 2 + rng.normal(0, 0.5, N)],
        "length": [f"{value:.2f}" for value in size * 3 + rng.normal(0, 0.5, N)],
        "price": [f"{value:.1f}" for value in rng.lognormal(3, 1, N)],
        "marks": [str(value) for value in rng.integers(1, 7, N)],
        "total": [str(2 * value) for value in half],
        "half": [str(value) for value in half],
        "city": [CITIES[k][0] for k in at],
        "country": [CITIES[k][1] for k in at],
        "y": rng.choice(["a", "b"], N).tolist(),
    }
    columns["country"][3] = columns["size"][9] = None
    return pa.table(columns)


def _spoiled(table: pa.Table) -> pa.Table:
    """Every kind of slip, about one to a record."""
    rng = np.random.default_rng(8)
    columns = table.to_pydict()
    odd = ["-5", "1e300", "999", "-1", "", "N/A", "12 kg", " 7", "Oslo", "0", "3,5", "Norwy", "50.005", "1900-01-01"]
    for at in range(table.num_rows):
        name = rng.choice(SCHEMA.names)
        how = rng.integers(0, 5)
        text = columns[name][at] or "1"
        if how == 0:
            columns[name][at] = str(rng.choice(odd)) or None
        elif how == 1:
            columns[name][at] = columns[str(rng.choice(SCHEMA.names))][at]
        elif how == 2 and text.replace(".", "").isdigit():
            columns[name][at] = f"{float(text) * float(rng.choice([10, 100, 0.1, 2.54, -1])):g}"
        elif how == 3:
            columns["weight"][at], columns["length"][at] = columns["length"][at], columns["weight"][at]
    return pa.table(columns, schema=pa.schema([(name, pa.string()) for name in SCHEMA.names]))


TRAINING = as_block(_training(), SCHEMA)
SPOILED = _spoiled(_training())
CHECKS = {
    code: (unit(), unit().learn(TRAINING))
    for code, unit in sorted(units("check").items())
    if unit.__module__.startswith("karat.")
    and unit.at_the_door
    and not unit.needs
    and SCHEMA.suits(unit.kinds)
    and unit().applies(SCHEMA) is None
}
LOOKED = {
    code: (check, state)
    for code, (check, state) in CHECKS.items()
    if isinstance(check, QuickLook) and check.doubts(state, SCHEMA) is not None
}


def _records(table: pa.Table) -> RequestRecords:
    return RequestRecords([Request("", table.to_pydict(), {}, quarantine=False)], SCHEMA)


def test_there_is_something_to_look_at() -> None:
    assert {"ValuesInWrongColumn", "ImplausibleCombinations", "MissingValues"} <= LOOKED.keys()


@pytest.mark.parametrize("code", LOOKED)
def test_a_quick_look_misses_nothing(code: str) -> None:
    check, state = LOOKED[code]
    assert isinstance(check, QuickLook)
    look = check.doubts(state, SCHEMA)
    assert look is not None
    for table in (SPOILED, _training()):
        judged = check.judge(state, as_block(table, SCHEMA))
        rows = set() if isinstance(judged, DoesNotApply) else set(judged["row"].to_pylist())
        doubted = set(look(_records(table)))
        assert rows <= doubted
    assert len(set(look(_records(_training())))) < N / 2


@pytest.mark.parametrize("code", [code for code, (check, _) in CHECKS.items() if isinstance(check, ByValue)])
def test_plain_numbers_are_judged_as_any_other_text(code: str) -> None:
    check, state = CHECKS[code]
    for column in SCHEMA:
        if not column.numeric or not check.suits(column) or (rule := check.rule_for(state, column, SCHEMA)) is None:
            continue
        texts = [text for text in dict.fromkeys(SPOILED.column(column.name).to_pylist()) if text and PLAIN_NUMBER(text)]
        for text in texts[:40]:
            whole = list(rule(Distinct([text], column, np.ones(1, np.int64))))
            assert list(rule(Distinct.plain(text, column))) == whole
            assert check.of_plain_numbers or not whole


@pytest.mark.parametrize("code", [code for code, (check, _) in CHECKS.items() if isinstance(check, ByValue)])
def test_of_quiet_numbers_nothing_is_said(code: str) -> None:
    check, state = CHECKS[code]
    assert isinstance(check, ByValue)
    asked = silent = 0
    for column in SCHEMA:
        quiet = check.quiet(state, column, SCHEMA)
        if quiet is None or not column.numeric or not check.suits(column):
            continue
        rule = check.rule_for(state, column, SCHEMA)
        texts = {*SPOILED.column(column.name).to_pylist(), *TRAINING.text(column.name).to_pylist(), *MORE_NUMBERS}
        for text in sorted(text for text in texts if text and PLAIN_NUMBER(text)):
            asked += 1
            if quiet.holds(float(text)):
                silent += 1
                assert not (rule and list(rule(Distinct([text], column, np.ones(1, np.int64))))), text
    assert silent > asked / 2 or not asked


def test_requests_are_judged_as_a_table_of_their_own() -> None:
    door = Door(SCHEMA, CHECKS)
    for start in range(0, 60, 20):
        part = SPOILED.slice(start, 20)
        requests = [Request("", part.slice(at, 5).to_pydict(), {}, quarantine=False) for at in range(0, 20, 5)]
        together = door.judge(RequestRecords(requests, SCHEMA))
        alone = []
        for at, request in zip(range(0, 20, 5), requests, strict=True):
            alone += [f | {"row": f["row"] + at} for f in door.judge(RequestRecords([request], SCHEMA))]
        assert together == alone
    assert door.broken == {}
