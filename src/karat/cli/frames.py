"""Frames of the caller's library: pandas in, pandas out; everything else gets Arrow."""

from typing import Any, Literal

import pyarrow as pa

from karat.core.errors import OptionError

Library = Literal["arrow", "pandas", "polars"]


def library_of(data: Any) -> Library:
    """The library in which results about ``data`` are given.

    Parameters
    ----------
    data : any
        pandas gives "pandas", Polars gives "polars"; a path, Arrow, DuckDB and all else give "arrow".
    """
    if isinstance(data, (list, tuple)) and data:
        return library_of(data[0])
    top = type(data).__module__.partition(".")[0]
    return "pandas" if top == "pandas" else "polars" if top == "polars" else "arrow"


def as_frame(table: pa.Table, library: Library) -> Any:
    """An Arrow table as a frame of a library; whole numbers and booleans with gaps stay what they are.

    Parameters
    ----------
    library : str
        "arrow", "pandas" or "polars".
    """
    if library == "arrow":
        return table
    if library == "polars":
        import polars as pl

        return pl.from_arrow(table)
    if library == "pandas":
        return _as_pandas(table)
    raise OptionError.unknown("library of frames", library, ("arrow", "pandas", "polars"))


def _as_pandas(table: pa.Table) -> Any:
    """As pandas, which by itself would turn 1 and a gap into 1.0 and NaN: such columns take its nullable types."""
    import pandas as pd

    nullable = {
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.uint64(): pd.UInt64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
    }
    plain = table.replace_schema_metadata(None)
    frame = plain.to_pandas()
    for at, (name, kind) in enumerate(zip(plain.column_names, plain.schema.types, strict=True)):
        if kind in nullable and plain.column(at).null_count:
            frame[name] = pd.Series(plain.column(at).to_pandas(types_mapper=nullable.get), index=frame.index)
    return frame
