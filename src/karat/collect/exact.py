"""Text back to the Arrow type it came from, value for value, or not at all."""

import json
from itertools import accumulate
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt

from karat.collect.typed import as_text, readable_nested


def exactly(text: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """Texts as ``kind``, None where a cell would be lost or changed by it.

    Parameters
    ----------
    text : pyarrow.Array of string, length n
        As ``as_text`` writes them; null stays null.
    """
    try:
        values = _cast(text, kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, ValueError, TypeError, OverflowError):
        return None
    return values if as_text(values).equals(text) else None


def _cast(text: pa.Array, kind: pa.DataType) -> pa.Array:  # noqa: PLR0911  one return per type
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, _cast(text, kind.storage_type))
    if pt.is_dictionary(kind):
        return _cast(text, kind.value_type).dictionary_encode().cast(kind)
    if pt.is_null(kind):
        return pa.nulls(len(text)) if text.null_count == len(text) else text.cast(kind)
    if pt.is_nested(kind):
        return _nested(
            [None if cell is None else json.loads(cell, object_hook=_bytes) for cell in text.to_pylist()], kind
        )
    if pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_binary_view(kind) or pt.is_fixed_size_binary(kind):
        return pa.array([None if cell is None else bytes.fromhex(cell) for cell in text.to_pylist()], kind)
    if pt.is_duration(kind):
        return text.cast(pa.int64()).cast(kind)
    if pt.is_time(kind):
        day = pc.binary_join_element_wise(pa.scalar("1970-01-01"), text, " ")
        return day.cast(pa.timestamp(kind.unit)).cast(kind)
    return text.cast(kind)


def _bytes(decoded: dict[str, Any]) -> Any:
    return bytes.fromhex(decoded["$hex"]) if decoded.keys() == {"$hex"} else decoded


def _nested(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Values from JSON as a nested type, level by level: what lies under a null cannot be cast with the rest."""
    null = pa.array([value is None for value in values], pa.bool_())
    if pt.is_struct(kind):
        parts = [[None if value is None else value.get(field.name) for value in values] for field in kind]
        children = [_nested(part, field.type) for part, field in zip(parts, kind, strict=True)]
        return pa.StructArray.from_arrays(children, fields=list(kind), mask=null)
    if pt.is_fixed_size_list(kind):
        flat = [item for value in values for item in (value or [None] * kind.list_size)]
        return pa.FixedSizeListArray.from_arrays(_nested(flat, kind.value_type), type=kind, mask=null)
    if pt.is_nested(kind):
        ends = [0, *accumulate(len(value or ()) for value in values)]
        offsets = pa.array(ends, pa.int64() if pt.is_large_list(kind) else pa.int32())
        flat = [item for value in values for item in value or ()]
        if pt.is_map(kind):
            keys, items = (
                _nested([pair[at] for pair in flat], part) for at, part in ((0, kind.key_type), (1, kind.item_type))
            )
            return pa.MapArray.from_arrays(offsets, keys, items, kind, mask=null)
        make = pa.LargeListArray if pt.is_large_list(kind) else pa.ListArray
        return make.from_arrays(offsets, _nested(flat, kind.value_type), kind, mask=null)
    leaves = pa.array(values, readable_nested(kind))
    return _cast(leaves, kind) if pt.is_time(kind) else leaves.cast(kind)
