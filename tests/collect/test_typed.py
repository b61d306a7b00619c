"""Typed values as text: the words for types, which bytes are pictures, and cells as text."""

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from karat.collect.typed import (
    are_pictures,
    as_text,
    declared,
    digest,
    picture_columns,
    readable_nested,
    text_batch,
    to_text,
    types_of,
    whole_file_wanted,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (pa.int8(), "int64"),
        (pa.uint64(), "int64"),
        (pa.float16(), "float64"),
        (pa.decimal128(9, 2), "float64"),
        (pa.bool_(), "bool"),
        (pa.date32(), "timestamp"),
        (pa.timestamp("ns", "UTC"), "timestamp"),
        (pa.dictionary(pa.int32(), pa.int64()), "int64"),
        (pa.binary(), "bytes"),
        (pa.binary(4), "bytes"),
        (pa.large_binary(), "bytes"),
        (pa.binary_view(), "bytes"),
        (pa.string(), ""),
        (pa.time32("s"), ""),
        (pa.list_(pa.int64()), ""),
    ],
)
def test_what_a_type_declares(kind: pa.DataType, word: str) -> None:
    assert declared(kind) == word


def test_the_types_of_columns_under_their_new_names() -> None:
    schema = pa.schema([("a", pa.int32()), ("b", pa.string()), ("c", pa.binary()), ("d", pa.binary())])
    words, exact = types_of(("w", "x", "y", "z"), schema, {"z"})
    assert words == {"w": "int64", "y": "bytes", "z": "binary"}
    assert exact["w"] == "int32"
    assert "z" not in exact


def test_most_of_the_first_filled_cells_tell_a_picture() -> None:
    assert are_pictures(pa.array([None, b"", PNG]))
    assert are_pictures(pa.array([PNG, b"no"]))
    assert not are_pictures(pa.array([PNG, b"no", b"no"]))
    assert not are_pictures(pa.array([None, b""], pa.binary()))
    assert not are_pictures(pa.array([b"no"] * 64 + [PNG] * 200))


def test_columns_of_pictures_are_known_by_their_first_filled_batch_and_no_batch_is_lost() -> None:
    schema = pa.schema([("n", pa.int64()), ("p", pa.binary()), ("q", pa.binary())])
    blank = pa.record_batch({"n": [1], "p": pa.array([None], pa.binary()), "q": [b"no"]}, schema)
    filled = pa.record_batch({"n": [2], "p": [PNG], "q": [PNG]}, schema)
    places, batches = picture_columns(schema, iter([blank, filled, blank]))
    assert places == {1}
    assert list(batches) == [blank, filled, blank]
    places, batches = picture_columns(schema, iter([blank]))
    assert (places, len(list(batches))) == (set(), 1)


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pa.array([1, None, -(2**63)]), ["1", None, str(-(2**63))]),
        (pa.array([0.1, 1e300, None], pa.float64()), ["0.1", "1e+300", None]),
        (pa.array([0.1], pa.float32()), ["0.1"]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array(["", " ", "a"]), [None, " ", "a"]),
        (pa.array([datetime(2020, 1, 2, 3, 4, 5, 120_000)]), ["2020-01-02 03:04:05.12"]),  # noqa: DTZ001
        (pa.array([datetime(2020, 1, 2, 3, 4, 5)]), ["2020-01-02 03:04:05"]),  # noqa: DTZ001
        (pa.array([datetime(2020, 1, 2, tzinfo=UTC)]), ["2020-01-02 00:00:00Z"]),
        (pa.array([time(1, 2, 3)], pa.time64("us")), ["01:02:03"]),
        (pa.array([timedelta(seconds=2)], pa.duration("ms")), ["2000"]),
        (pa.array([b"\x01\xff", None]), ["01ff", None]),
        (pa.array(["a", "a", None]).dictionary_encode(), ["a", "a", None]),
        (pa.array([[1, 2], None, []]), ["[1, 2]", None, "[]"]),
        (pa.array([{"a": date(2020, 1, 2), "b": Decimal("1.50")}]), ['{"a": "2020-01-02", "b": "1.50"}']),
        (pa.RunEndEncodedArray.from_arrays([2, 3], ["x", "y"]), ["x", "x", "y"]),
    ],
)
def test_columns_as_text(column: pa.Array, texts: list[str | None]) -> None:
    assert as_text(column).to_pylist() == texts


def test_the_leaves_of_nested_types_are_what_json_holds() -> None:
    kind = pa.struct([("t", pa.timestamp("us")), ("d", pa.duration("s")), ("n", pa.int8())])
    plain = pa.struct([("t", pa.string()), ("d", pa.int64()), ("n", pa.int8())])
    assert readable_nested(kind) == plain
    assert readable_nested(pa.list_(kind)) == pa.list_(plain)
    assert readable_nested(pa.large_list(kind)) == pa.large_list(plain)
    assert readable_nested(pa.list_(pa.date32(), 2)) == pa.list_(pa.string(), 2)
    assert readable_nested(pa.map_(pa.date32(), pa.decimal128(5, 2))) == pa.map_(pa.string(), pa.string())


def test_a_batch_of_text_keeps_the_bytes_of_pictures() -> None:
    batch = pa.record_batch({"a": [1], "b": [PNG], "c": [b"\x01"]})
    text = text_batch(batch, ("x", "y", "z"), {"y"})
    assert text.schema == pa.schema([("x", pa.string()), ("y", pa.binary()), ("z", pa.string())])
    assert text.to_pylist() == [{"x": "1", "y": PNG, "z": "01"}]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((None, None), ("", None), (math.nan, None), (" ", " "), (True, "true"), (False, "false"), (0, "0")),
        *((2.0, "2"), (0.1, "0.1"), (1e15, "1000000000000000.0"), (1e14, "100000000000000"), (-3.0, "-3")),
        (datetime(2020, 1, 2, 3, 4, tzinfo=UTC), "2020-01-02 03:04:00Z"),
        (date(2020, 1, 2), "2020-01-02"),
        (time(1, 2), "01:02:00"),
        (timedelta(minutes=1, milliseconds=500), "60.5"),
        (Decimal("1.50"), "1.50"),
        ("é".encode(), "é"),
        (b"\xff", "ff"),
        ({"城": [1, None, b"\x01", date(2020, 1, 2)]}, '{"城": [1, null, {"$hex": "01"}, "2020-01-02"]}'),
    ],
)
def test_values_as_text(value: Any, text: str | None) -> None:
    assert to_text(value) == text


def test_a_file_is_named_by_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc")
    code = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, of "abc"
    assert digest(path) == {"path": str(path), "bytes": 3, "sha256": code, "records": 0}


def test_a_broken_file_is_told_with_the_first_line_of_the_reason() -> None:
    error = whole_file_wanted("Parquet file", "x.parquet", ValueError("bad magic" + "!" * 200 + "\nstack"))
    assert error.problem == "x.parquet is not a complete Parquet file: bad magic" + "!" * 151
