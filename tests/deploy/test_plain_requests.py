"""What is read without a second look is what ``parse`` reads; all else is left to it."""

import json
import math
from typing import Any

import numpy as np
import pytest

from karat.core.schema import Column, Role, Schema
from karat.deploy.plain_requests import PlainReader
from karat.deploy.protocol import parse
from karat.deploy.request_records import RequestRecords
from karat.deploy.signature import Signature

SCHEMA = Schema(
    (
        Column("size", Role.NUMBER, "float64", nulls=("-9", "-9.0")),
        Column("rooms", Role.NUMBER, "int64"),
        Column("word", Role.CATEGORY),
        Column("on", Role.TIME, "timestamp"),
        Column("y", Role.TARGET),
    ),
    task="classification",
)
SIGNATURE = Signature.of("m", "1", SCHEMA, ["size", "rooms", "word", "on"], ["a", "b"], {})
READER = PlainReader(SIGNATURE)
KINDS = {"size": "FP64", "rooms": "FP64", "word": "BYTES", "on": "BYTES", "y": "BYTES"}
USUAL: dict[str, Any] = {"size": 1.5, "rooms": 3, "word": "b", "on": "2024-01-02"}


def body(values: dict[str, Any], **more: Any) -> bytes:
    tensors = [{"name": n, "shape": [1, 1], "datatype": KINDS[n], "data": [v]} for n, v in values.items()]
    return json.dumps({"inputs": tensors} | more).encode()


@pytest.mark.parametrize("size", [0, -0.0, 1.0, 1e-7, 0.1 + 0.2, -9, -9.0, 2**53, 1e15, 1234.0000001, None])
@pytest.mark.parametrize("rooms", [0, 5, 5.0, 5.5, -3, None])
@pytest.mark.parametrize("word", ["", "北京", " a ", None])
def test_as_it_is_read_with_care(size: float | None, rooms: float | None, word: str | None) -> None:
    sent = body(USUAL | {"size": size, "rooms": rooms, "word": word}, id="7")
    quickly, whole = READER.read(sent), parse(sent, None, SIGNATURE)
    assert quickly is not None
    assert (quickly.id, quickly.columns, quickly.outputs) == (whole.id, whole.columns, whole.outputs)
    one, other = (RequestRecords([request], SCHEMA) for request in (quickly, whole))
    assert one.unreadable() == other.unreadable()
    for name, values in other.feeds(SIGNATURE).items():
        got = one.feeds(SIGNATURE)[name]
        assert got.shape == values.shape
        assert got.dtype == values.dtype
        assert got.tolist() == values.tolist() or np.array_equal(got, values, equal_nan=True)
        if values.dtype.kind == "f":
            assert np.signbit(got).tolist() == np.signbit(values).tolist() or np.isnan(values).all()


def test_columns_that_the_model_does_not_take_may_come_too() -> None:
    asked = READER.read(body(USUAL | {"y": "a"}))
    assert asked is not None
    assert asked.columns["y"] == ["a"]


@pytest.mark.parametrize(
    "value",
    [True, [1.5], {}, "1.5", 10**30, math.nan, math.inf, 2.0**60],
    ids=["bool", "list", "object", "text", "long", "nan", "infinite", "inexact"],
)
def test_other_numbers_need_a_second_look(value: Any) -> None:
    assert READER.read(body(USUAL | {"size": value})) is None


def test_a_number_of_thousands_of_digits_needs_a_second_look() -> None:
    assert READER.read(body(USUAL).replace(b"1.5", b"1" * 5001)) is None


@pytest.mark.parametrize("value", [1, ["a"], True, "\ud800"])
def test_other_texts_need_a_second_look(value: Any) -> None:
    assert READER.read(body(USUAL | {"word": value})) is None


def test_other_requests_need_a_second_look() -> None:
    lacking = {name: value for name, value in USUAL.items() if name != "word"}
    twice = json.loads(body(USUAL))
    twice["inputs"].append(twice["inputs"][0])
    odd = []
    for changed in (
        {"shape": [1, 1.0]}, {"shape": [True, 1]}, {"shape": [2, 1]}, {"shape": 1}, {"datatype": "INT8"}, {"datatype": []},
        {"data": [1, 2]}, {"data": "1"}, {"name": "nowhere"}, {"name": []}, {"parameters": {}},
    ):  # fmt: skip
        head = json.loads(body(USUAL))
        head["inputs"][0] |= changed
        odd.append(json.dumps(head).encode())
    others = [
        b"",
        b"[]",
        b"{}",
        b"5",
        b"{",
        b"[" * 100_000,
        b"\xff",
        b'{"inputs": 3}',
        b'{"inputs": [3]}',
        b'{"inputs": []}',
    ]
    more = [body(USUAL, parameters={"quarantine": True}), body(USUAL, outputs=[])]
    for sent in (body(lacking), json.dumps(twice).encode(), *odd, *others, *more):
        assert READER.read(sent) is None, sent[:80]
