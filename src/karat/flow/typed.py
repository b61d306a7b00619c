"""Text back to types for ``data.parquet``: a column gets its inferred type when every cell of it can be read so."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import ROW, Block, parse_numbers, parse_times
from karat.core.schema import Column, Schema
from karat.flow.dataset import Dataset


def typed_schema(data: Dataset) -> Schema:
    """The schema with each column's type lowered to string where a cell would be lost or changed by it."""
    types = {column.name: column.type for column in data.schema}
    for block in data.blocks():
        for column in data.schema:
            if types[column.name] not in ("string", "binary"):
                types[column.name] = _wider(types[column.name], block, column)

    return replace(data.schema, columns=tuple(replace(c, type=types[c.name]) for c in data.schema))


def _wider(kind: str, block: Block, column: Column) -> str:
    text = block.text(column.name)
    made = _cast(text, column, kind)
    if made.null_count > text.null_count:
        return _wider("float64", block, column) if kind == "int64" else "string"
    return kind


def _cast(text: pa.Array, column: Column, kind: str) -> pa.Array:

    plain = replace(column, nulls=())  # a null word that stands in the data is not lost silently: the column stays text
    if kind in ("int64", "float64"):
        values = parse_numbers(text, plain)
        if kind == "float64":
            return pa.array(values, from_pandas=True)
        whole = np.isfinite(values) & (values == np.rint(values)) & (np.abs(values) < 2**53)
        return pa.array(np.where(whole, values, 0).astype(np.int64), mask=~whole)
    if kind == "timestamp":
        return pa.array(parse_times(text, plain), pa.timestamp("us"))
    if kind == "bool":
        lower = pc.utf8_lower(text)
        known = pc.is_in(lower, pa.array(["true", "false"]))
        return pc.if_else(known, pc.equal(lower, "true"), None)
    return text


def typed(table: pa.Table, rows: np.ndarray, schema: Schema) -> pa.Table:
    """A table of text as ``data.parquet`` holds it: ``_row`` first, then the columns in their types."""
    columns: dict[str, pa.Array] = {ROW: pa.array(rows, pa.int64())}
    for column in schema:
        text = table.column(column.name).combine_chunks()
        columns[column.name] = text if column.type in ("string", "binary") else _cast(text, column, column.type)
    return pa.table(columns)


def write_data(data: Dataset, path: Path) -> Schema:
    """Write ``data.parquet``, block by block; returns the schema with the types it was written in."""
    schema = typed_schema(data)
    beside = path.with_name(f".{path.name}.part")
    with pq.ParquetWriter(beside, typed_empty(schema), compression="zstd") as writer:
        for part in _parts(data, schema):
            writer.write_table(part)
    beside.chmod(0o600)
    beside.replace(path)
    return schema


def _parts(data: Dataset, schema: Schema) -> Iterator[pa.Table]:
    for block in data.blocks():
        yield typed(block.table, block.rows, schema)


def typed_empty(schema: Schema) -> pa.Schema:
    """The Arrow schema of ``data.parquet``."""
    kinds = {
        "int64": pa.int64(),
        "float64": pa.float64(),
        "timestamp": pa.timestamp("us"),
        "bool": pa.bool_(),
        "binary": pa.binary(),
        "string": pa.string(),
    }
    return pa.schema([(ROW, pa.int64()), *((column.name, kinds[column.type]) for column in schema)])
