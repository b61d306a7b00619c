"""How far a picture's figure lies beyond a floor, and where that is the way of the whole set."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures

SCHEMA = Schema((Column("path", Role.ID), Column("bytes", Role.IMAGE, "binary")), kind="image")


@dataclass(frozen=True)
class Bright(MeasuredPictures):
    floor: ClassVar[float] = 10.0
    prior: ClassVar[tuple[float, float]] = (5.0, 1.0)

    def figure(self, pictures):
        return pictures["light"]

    def evidence(self, value, middle):
        return f"{value:g}, usual {middle:g}"


@dataclass(frozen=True)
class Dim(Bright):
    above: ClassVar[bool] = False


@dataclass(frozen=True)
class Odd(Bright):
    both: ClassVar[bool] = True
    floor: ClassVar[float] = 2.0


@dataclass(frozen=True)
class Stretched(Bright):
    stretched: ClassVar[bool] = True


def pictures(values):
    count = len(values)
    return PictureFigures(
        np.arange(count),
        np.arange(count, dtype=np.uint64),
        np.array(values, np.float32)[:, None],
        np.zeros(count, np.uint64),
        np.zeros((count, 16, 16, 3), np.uint8),
        np.arange(count),
        pa.nulls(count, pa.string()),
        pa.array([f"{at}.png" for at in range(count)]),
        ("light",),
    )


def block_of(values):
    table = pa.table({"path": [f"{at}.png" for at in range(len(values))], "bytes": pa.array([b""] * len(values))})
    block = Block(np.arange(len(values)) + 7, table, SCHEMA)
    block.memo("pictures", lambda: pictures(values))
    return block


def beyond(check, state, *values):
    far, spread, middle = check.beyond(pictures(state), np.array(values, float))
    return pytest.approx(far.tolist()), spread, middle


def test_beyond_a_floor_on_one_side():
    far, spread, middle = beyond(Bright(), [5.0] * 60, 10, 12, 3)
    assert far == [0, 2, -7]
    assert (spread, middle) == (pytest.approx(0.25), pytest.approx(5))  # the usual pictures count as twenty
    assert beyond(Dim(), [15.0] * 60, 10, 8, 13)[0] == [0, 2, -3]


def test_beyond_the_floor_on_either_side_of_the_middle():
    far, spread, _ = beyond(Odd(), [5.0] * 60, 7, 2, 5)
    assert spread == pytest.approx(0.25)
    assert far == [0, 1, -2]
    wide = [1.0, 9.0] * 30
    spread = 0.75 * 1.4826 * 4 + 0.25
    assert beyond(Odd(), wide, 5 + 3 * spread, 5)[0] == [0, -3 * spread]


def test_in_a_set_that_differs_widely_a_stretched_limit_is_further_out():
    wide = [1.0, 9.0] * 30
    limit = 5 + 3 * (0.75 * 1.4826 * 4 + 0.25)
    assert beyond(Stretched(), wide, limit, 20)[0] == [0, 20 - limit]
    assert beyond(Stretched(), [5.0] * 60, 10)[0] == [0], "never nearer than the floor"


def test_a_set_whose_way_it_is_to_lie_beyond_the_floor_is_judged_by_itself():
    few, many = [2.0] * 20 + [9.0] * 20 + [12.0] * 20, [2.0] * 20 + [9.0] * 19 + [12.0] * 21
    assert beyond(Bright(), few, 30)[0] == [20]  # twenty are just a quarter of sixty and the usual twenty
    own_limit = 9 + 4 * (0.75 * 1.4826 * 3 + 0.25)
    assert beyond(Bright(), many, 30)[0] == [30 - own_limit]
    at_floor = [2.0] * 20 + [9.0] * 19 + [10.0] * 21
    assert beyond(Bright(), at_floor, 30)[0] == [20], "what lies at the floor is not beyond it"
    dim = [2.0, 4.0] * 30
    assert beyond(Dim(), dim, 1, -9)[0] == [3 - 4 * (0.75 * 1.4826 + 0.25) - 1, 3 - 4 * (0.75 * 1.4826 + 0.25) + 9]


def test_what_lies_beyond_is_found_with_its_path_and_its_evidence():
    block = block_of([5.0] * 30 + [10.0, 30.0, 9.0, np.nan])
    state = Bright().learn(block)
    rows = Bright().judge(state, block).to_pylist()
    assert [(row["row"], row["value"], row["message"]) for row in rows] == [
        (37, "30.png", "10, usual 5"),
        (38, "31.png", "30, usual 5"),
    ]
    assert rows[0]["confidence"] == pytest.approx(0.5)
    assert rows[1]["confidence"] == pytest.approx(0.99)
    assert {row["column"] for row in rows} == {None}
    assert Bright().total(state, SCHEMA) == 33


def test_suspicion_is_told_from_three_tenths_on():
    softness = (20 / 52 + 1) / 8
    values = [5.0] * 30 + [10 - softness * 0.84, 10 - softness * 0.86]  # 1 / (1 + e ** 0.85) is 0.3
    block = block_of(values)
    assert Bright().judge(Bright().learn(block), block)["row"].to_pylist() == [37]


def test_it_needs_pictures():
    assert Bright().applies(SCHEMA) is None
    assert Bright().applies(Schema((SCHEMA["path"],))).reason == "no column of pictures"


def test_without_a_column_of_paths_no_value_is_named():
    block = block_of([5.0] * 30 + [30.0])
    lone = Block(block.rows, block.table.select(["bytes"]), Schema((SCHEMA["bytes"],), kind="image"))
    lone.memo("pictures", lambda: pictures([5.0] * 30 + [30.0]))
    assert Bright().judge(Bright().learn(lone), lone)["value"].to_pylist() == [None]
