"""Records read cell by cell are read as a table of them is."""

import numpy as np
import pytest

from karat.core.schema import Column, Role, Schema
from karat.deploy import request_records
from karat.deploy.protocol import Request
from karat.deploy.request_records import RequestRecords
from karat.deploy.signature import Signature

SCHEMA = Schema(
    (
        Column("size", Role.NUMBER, "float64", nulls=("-9",)),
        Column("comma", Role.NUMBER, "float64", decimal=","),
        Column("word", Role.CATEGORY),
        Column("on", Role.TIME, "timestamp"),
        Column("y", Role.TARGET),
    ),
    task="classification",
)
SIGNATURE = Signature.of("m", "1", SCHEMA, ["size", "comma", "word", "on"], ["a", "b"], {})


def records(*columns: dict[str, list[str | None]]) -> RequestRecords:
    return RequestRecords([Request("", some, {}, quarantine=False) for some in columns], SCHEMA)


@pytest.mark.parametrize(
    "size",
    ["1", "-9", "0.1", "1e5", " 7 ", "+3", "1e400", "\u0664\u0662", "12345678901234567890", "-0", "", None, "x", "1_0"],
)
def test_cells_are_read_as_in_a_table(size: str | None) -> None:
    some = records(
        {"size": [size or None, "2"], "comma": ["1,5", None], "word": ["a", None], "on": ["2024-01-02", "?"]},
        {"size": ["3"], "word": ["b"]},
    )
    expected, got = SIGNATURE.feeds(some.block), some.feeds(SIGNATURE)
    assert expected.keys() == got.keys()
    for name, values in expected.items():
        assert got[name].shape == values.shape
        assert got[name].tolist() == values.tolist() or np.array_equal(got[name], values, equal_nan=True)


def test_what_cannot_be_read_is_told_and_what_was_not_sent_is_not() -> None:
    some = records({"size": ["x", "-9", None], "on": ["2024-01-02", "?", None]})
    assert some.unreadable() == [(0, "size", "x"), (1, "on", "?")]
    assert records({"word": ["a"]}).unreadable() == []


def test_a_picture_comes_as_base64_or_stays_as_it_is() -> None:
    assert request_records._file("aGk=") == b"hi"
    assert request_records._file("not base64!") == b"not base64!"
    assert request_records._file(None) is None
    assert request_records._file("") == b""
