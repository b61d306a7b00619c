"""Typed values as text that casts back exactly."""

import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from karat.core.errors import InputError


def declared(kind: pa.DataType) -> str:
    """The type a column declares, in the words of ``karat.core.schema.TYPES``; "" when it says nothing."""
    if pt.is_dictionary(kind):
        return declared(kind.value_type)
    if pt.is_integer(kind):
        return "int64"
    if pt.is_floating(kind) or pt.is_decimal(kind):
        return "float64"
    if pt.is_boolean(kind):
        return "bool"
    if pt.is_timestamp(kind) or pt.is_date(kind):
        return "timestamp"
    return "binary" if pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_binary_view(kind) else ""


def as_text(column: pa.Array) -> pa.Array:
    """One column as strings; null, NaN and "" become null; binary stays.

    Integers and floats are written in the shortest form that reads back to the same value, times in ISO 8601, lists and
    structures as JSON.
    """
    kind = column.type
    if pt.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if declared(kind) == "binary":
        return column.cast(pa.binary())
    if pt.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
        text = column.cast(pa.float32() if pt.is_float16(kind) else kind).cast(pa.string())
    elif pt.is_timestamp(kind) or pt.is_time(kind):
        text = pc.replace_substring_regex(column.cast(pa.string()), r"(\.\d*?)0+(Z?)$", r"\1\2")
        text = pc.replace_substring_regex(text, r"\.(Z?)$", r"\1")
    elif pt.is_nested(kind) or pt.is_duration(kind) or isinstance(column, pa.ExtensionArray):
        text = pa.array([to_text(value) for value in column.to_pylist()], pa.string())
    else:
        text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), None, text)


def text_batch(batch: pa.RecordBatch, names: tuple[str, ...]) -> pa.RecordBatch:
    """A batch of any types as a batch of text under the given names."""
    columns = [as_text(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(
        columns, schema=pa.schema(list(zip(names, (c.type for c in columns), strict=True)))
    )


def to_text(value: Any) -> str | None:  # noqa: PLR0911  one return per type
    """One Python value as text; None, NaN and "" give None."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return (
            None if math.isnan(value) else str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        )
    if isinstance(value, (datetime, date, time)):
        text = value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        return text.replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8") if _is_utf8(value) else value.hex()
    return json.dumps(value, ensure_ascii=False, default=to_text)


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def digest(path: Any) -> dict[str, Any]:
    """``path``, ``bytes`` and ``sha256`` of a file that is not read from front to back."""
    import hashlib

    with path.open("rb") as file:
        code = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": str(path), "bytes": path.stat().st_size, "sha256": code, "records": 0}


def whole_file_wanted(kind: str, path: Any, error: Exception) -> InputError:
    """The error for a file of a binary format that cannot be opened."""
    reason = str(error).split("\n")[0][:160]
    return InputError(f"a whole {kind} wanted", reason, str(path), "fetch or write the file again")
