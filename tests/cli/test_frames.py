"""Frames of the caller's library; whole numbers with gaps stay whole."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from karat.cli.frames import as_frame, library_of
from karat.core.errors import OptionError

TABLE = pa.table(
    {
        "n": pa.array([1, None], pa.int64()),
        "b": pa.array([True, None]),
        "f": [1.5, None],
        "s": ["x", None],
        "w": pa.array([2**63, None], pa.uint64()),
        "i": pa.array([1, 2], pa.int32()),
    }
)


@pytest.mark.parametrize(
    ("data", "library"),
    [
        (pd.DataFrame(), "pandas"),
        (pl.DataFrame(), "polars"),
        (pl.Series([1]), "polars"),
        (TABLE, "arrow"),
        ("x.csv", "arrow"),
        (None, "arrow"),
        ([pd.DataFrame(), TABLE], "pandas"),
        ((), "arrow"),
        ([], "arrow"),
    ],
)
def test_the_library_of_what_was_given(data, library):
    assert library_of(data) == library


def test_arrow_stays_and_polars_gets_its_own():
    assert as_frame(TABLE, "arrow") is TABLE
    frame = as_frame(TABLE, "polars")
    assert isinstance(frame, pl.DataFrame)
    assert frame.to_arrow()["n"].to_pylist() == [1, None]


def test_pandas_keeps_whole_numbers_and_booleans_with_gaps():
    frame = as_frame(TABLE.replace_schema_metadata({"pandas": "{}"}), "pandas")
    assert {name: str(kind) for name, kind in frame.dtypes.items() if name != "s"} == {
        "n": "Int64",
        "b": "boolean",
        "f": "float64",
        "w": "UInt64",
        "i": "int32",
    }
    assert frame["n"][0] == 1
    assert frame["n"].isna().tolist() == [False, True]
    assert frame["w"][0] == 2**63


def test_another_library_is_an_error():
    with pytest.raises(OptionError, match="library of frames 'dask' not found"):
        as_frame(TABLE, "dask")
