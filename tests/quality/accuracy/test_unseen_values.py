"""New records only: a category that never occurred and a number beyond all others are told, and not counted."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import SURE
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.unseen_values import UnseenValues

SCHEMA = Schema(
    (Column("age", Role.NUMBER, "int64", nulls=("-9",)), Column("city", Role.CATEGORY), Column("name", Role.CATEGORY))
)


def block(ages: list[str], cities: list[str], names: list[str]) -> Block:
    return Block(np.arange(len(ages)), pa.table({"age": ages, "city": cities, "name": names}), SCHEMA)


def learned(n: int = 100) -> tuple[UnseenValues, object, Block]:
    known = block([str(20 + k % 50) for k in range(n)], ["Oslo", "Paris"] * (n // 2), [f"n{k}" for k in range(n)])
    check = UnseenValues()
    return check, check.learn(known), known


def test_what_was_learned_is_never_told() -> None:
    check, state, known = learned()
    assert check.judge(state, known).num_rows == 0


def test_new_values_are_told_where_they_are_seldom() -> None:
    check, state, _ = learned()
    new = block(["-5", "300", "1e300", "-9", "45"], ["Oslo", "Rome", "Oslo", "N/A", "Paris"], ["a", "b", "c", "d", "e"])
    found = check.judge(state, new).to_pylist()
    assert [(f["row"], f["column"], f["value"]) for f in found] == [
        (0, "age", "-5"),
        (1, "age", "300"),
        (2, "age", "1e300"),
        (1, "city", "Rome"),
    ]
    assert all(f["confidence"] < SURE for f in found)
    assert found[0]["message"] == "-5 is below 20, the least of 100 numbers learned from"
    assert found[3]["message"] == "not one of the 2 values of the 100 cells learned from"


def test_few_records_say_nothing() -> None:
    check, state, _ = learned(20)
    assert check.judge(state, block(["-5"], ["Oslo"], ["a"])).num_rows == 0
