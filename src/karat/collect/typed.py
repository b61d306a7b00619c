"""Typed values as text that casts back exactly."""

import json
import math
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from karat.collect.arrow_types import type_text
from karat.core.errors import InputError

SNIFFED = 64  # cost: cells that tell whether a column of bytes holds pictures
MOSTLY = 0.5  # definition: most of them must be
# What Arrow raises on a broken file; it has no common class, and UTF-8 is first decoded where names are
BROKEN = (pa.ArrowException, OSError, UnicodeError, ValueError, KeyError, NotImplementedError)


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
    return "bytes" if _is_binary(kind) else ""


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_binary_view(kind) or pt.is_fixed_size_binary(kind)
    )


def types_of(
    names: tuple[str, ...], schema: pa.Schema, pictures: Collection[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What a file's columns declare: in Karat's words, and exactly, as ``Reading`` wants them.

    Parameters
    ----------
    names : tuple of str
        Under which the columns go on.
    pictures : collection of str
        Columns of bytes that hold pictures.
    """
    words = {n: "binary" if n in pictures else declared(kind) for n, kind in zip(names, schema.types, strict=True)}
    exact = {n: type_text(kind) for n, kind in zip(names, schema.types, strict=True) if n not in pictures}
    return {name: word for name, word in words.items() if word}, {name: text for name, text in exact.items() if text}


def picture_columns(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> tuple[set[int], Iterator[pa.RecordBatch]]:
    """Places of the columns whose first bytes are pictures; and the batches, from the first on again."""
    unknown = {at for at, kind in enumerate(schema.types) if _is_binary(kind)}
    pictures: set[int] = set()
    looked: list[pa.RecordBatch] = []
    while unknown and (batch := next(batches, None)) is not None:
        batch.validate(full=True)
        looked.append(batch)
        filled = {at for at in unknown if batch.column(at).null_count < len(batch)}
        pictures |= {at for at in filled if are_pictures(batch.column(at))}
        unknown -= filled
    return pictures, chain(looked, batches)


def are_pictures(column: pa.Array) -> bool:
    """Do most of the first cells of bytes hold pictures?"""
    from karat.kernels.pixels_decoded import form_of

    some = [cell for cell in column.drop_null().slice(0, SNIFFED).to_pylist() if cell]
    return bool(some) and sum(bool(form_of(cell)) for cell in some) >= MOSTLY * len(some)


def as_text(column: pa.Array) -> pa.Array:
    """One column as strings; "" becomes null.

    Integers and floats are written in the shortest form that reads back to the same value, times in ISO 8601, spans of
    time in their own unit, bytes in hexadecimal digits, lists and structures as JSON. ``collect.exact`` reads it back.
    """
    kind = column.type
    if pt.is_dictionary(kind):
        return as_text(column.dictionary_decode())
    if isinstance(column, pa.ExtensionArray):
        return as_text(column.storage)
    if pt.is_run_end_encoded(kind):
        return as_text(pc.run_end_decode(column))
    if _is_binary(kind):
        return pa.array([None if cell is None else cell.hex() for cell in column.to_pylist()], pa.string())
    if pt.is_floating(kind):
        text = column.cast(pa.float32() if pt.is_float16(kind) else kind).cast(pa.string())
    elif pt.is_timestamp(kind) or pt.is_time(kind):
        text = column.cast(pa.string())
        if pt.is_timestamp(kind) and kind.tz and not text.cast(kind).equals(column):
            text = column.cast(pa.timestamp(kind.unit, "UTC")).cast(pa.string())  # local time had odd seconds once
        text = pc.replace_substring_regex(text, r"(\.\d*?)0+(Z?)$", r"\1\2")
        text = pc.replace_substring_regex(text, r"\.(Z?)$", r"\1")
    elif pt.is_nested(kind) or pt.is_interval(kind):
        values = column.to_pylist() if pt.is_interval(kind) or pt.is_union(kind) else _readable(column)
        text = pa.array([to_text(value) for value in values], pa.string())
    elif pt.is_duration(kind):
        text = column.cast(pa.int64()).cast(pa.string())
    else:
        text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), None, text)


def readable_nested(kind: pa.DataType) -> pa.DataType:
    """A nested type with leaves that JSON can hold: times and decimals as text, spans of time as whole numbers."""
    if pt.is_map(kind):
        return pa.map_(readable_nested(kind.key_type), readable_nested(kind.item_type))
    if pt.is_struct(kind):
        return pa.struct([field.with_type(readable_nested(field.type)) for field in kind])
    if pt.is_fixed_size_list(kind):
        return pa.list_(readable_nested(kind.value_type), kind.list_size)
    if pt.is_list(kind) or pt.is_large_list(kind):
        make = pa.large_list if pt.is_large_list(kind) else pa.list_
        return make(kind.value_field.with_type(readable_nested(kind.value_type)))
    if pt.is_duration(kind):
        return pa.int64()
    return pa.string() if pt.is_temporal(kind) or pt.is_decimal(kind) else kind


def _readable(column: pa.Array) -> list[Any]:
    try:
        return list(column.cast(readable_nested(column.type)).to_pylist())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return list(column.to_pylist())


def text_batch(batch: pa.RecordBatch, names: tuple[str, ...], pictures: Collection[str] = ()) -> pa.RecordBatch:
    """A batch of any types as a batch of text under the given names; the bytes of pictures stay.

    It is looked through first: what a broken file says of lengths, offsets and texts must not be believed.

    Raises
    ------
    pyarrow.ArrowInvalid
        Its buffers contradict each other, or a text is no UTF-8.
    """
    batch.validate(full=True)
    columns = [
        column.cast(pa.binary()) if name in pictures else as_text(column)
        for name, column in zip(names, batch.columns, strict=True)
    ]
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
    return json.dumps(value, ensure_ascii=False, default=_in_json)


def _in_json(value: Any) -> Any:
    return {"$hex": value.hex()} if isinstance(value, bytes) else to_text(value)


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
    return InputError(f"{path} is not a complete {kind}: {reason}", "Fetch or write the file again")
