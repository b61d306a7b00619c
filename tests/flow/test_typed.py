"""Text becomes a type only where nothing is lost by it."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from karat.core.schema import Column, Role, Schema
from karat.flow.dataset import Dataset
from karat.flow.typed import typed, typed_schema


def written(cells: list[str | None], **column: Any) -> pa.Array:
    schema = Schema((Column("a", Role.NUMBER, **column),))
    table, rows = pa.table({"a": pa.array(cells, pa.string())}), np.arange(len(cells))
    made = typed_schema(Dataset(schema, table=table, rows=rows))
    return typed(table, rows, made)["a"].combine_chunks()


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["9223372036854775807", "-9223372036854775808", None], pa.int64()),
        (["1582218195625938946", "7"], pa.int64()),
        (["9223372036854775808", "7"], pa.string()),  # beyond int64, and no float for whole numbers beyond 2^53
        (["007", "8"], pa.string()),
        (["1.58e18", "1582218195625938946"], pa.string()),
        (["7", "NA"], pa.string()),
        (["7", "8.5"], pa.float64()),
    ],
)
def test_whole_numbers_keep_their_digits(cells: list[str | None], kind: pa.DataType) -> None:
    made = written(cells, type="int64")
    assert made.type == kind
    assert made.cast(pa.string()).to_pylist() == (
        [f"{float(one or 0)}".removesuffix(".0") for one in cells] if kind == pa.float64() else cells
    )


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["0.1", "1e300", "-2.50"], pa.float64()),
        (["0.10000000000000001", "1.0000000000000000000e+00"], pa.float64()),  # a float64 written with 17 and 20 digits
        (["0.123456789012345678901", "0.5"], pa.string()),
        (["00.5", "0.5"], pa.string()),
        ([f"{chapter}.{part}" for chapter in range(1, 9) for part in (1, 10, 2, 20)], pa.string()),  # sections
        ([f"{part / 4:.2f}" for part in range(1, 99)] + ["0.5"], pa.float64()),
        (["0.5", "inf"], pa.string()),
    ],
)
def test_fractions_with_more_digits_than_a_float_holds_stay_text(cells: list[str], kind: pa.DataType) -> None:
    made = written(cells, type="float64")
    assert made.type == kind
    assert [float(one) for one in made.to_pylist()] == [float(one) for one in cells]


def test_a_stored_type_is_given_up_for_the_cell_that_no_longer_fits_it() -> None:
    assert written(["1.50", None], stored="decimal128(5, 2)").type == pa.decimal128(5, 2)
    assert written(["1.505", None], stored="decimal128(5, 2)").to_pylist() == ["1.505", None]


@pytest.mark.parametrize(
    ("cells", "form", "century", "kind"),
    [
        (["2020-01-02", "2020-01-03 10:00"], "", 0, pa.timestamp("us")),
        (["2020-01-02 10:00:00Z", None], "", 0, pa.timestamp("us")),
        (["2020-01-02 10:00:00Z", "2020-01-02 10:00"], "", 0, pa.string()),
        (["2020-01-02 10:00:00+08:00"], "", 0, pa.string()),
        (["2020-01-02 10:00:00.1234567"], "", 0, pa.string()),
        (["2020年1月"], "%Y年%m月", 0, pa.string()),
        (["03/21/80"], "%m/%d/%y", 1927, pa.timestamp("us")),
        (["03/21/61"], "%m/%d/%y", 1927, pa.string()),  # POSIX says 2061
    ],
)
def test_times_with_more_than_a_type_holds_stay_text(
    cells: list[str | None], form: str, century: int, kind: pa.DataType
) -> None:
    assert written(cells, type="timestamp", format=form, century=century).type == kind


def test_a_long_text_among_numbers_keeps_the_column_as_text_with_its_unit():
    table = pa.table({"x": ["0.25", "0.055999999999999994%", "3"]})
    column = Column("x", Role.NUMBER, "float64", unit="%")
    schema = typed_schema(Dataset(Schema((column,)), table=table, rows=np.arange(3)))
    assert (schema["x"].type, schema["x"].unit) == ("string", "")
