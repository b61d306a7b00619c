"""Text back to types for ``data.parquet``: a column gets its type when every cell of it can be read so without loss."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.collect.arrow_types import type_of
from karat.collect.exact import exactly
from karat.core.block import ROW
from karat.core.parsing import parse_numbers, parse_times
from karat.core.schema import Column, Schema
from karat.flow.dataset import Dataset

KINDS = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "timestamp": pa.timestamp("us"),
    "bool": pa.bool_(),
    "binary": pa.binary(),
    "string": pa.string(),
}
WHOLE = r"^[+-]?(0|[1-9]\d{0,18})$"  # no leading zeros: they belong to codes
UNFIT = r"^[+-]?(0\d|\d{17,}$)"  # leading zeros again, and whole numbers that a float64 need not keep
FINER = r"\.\d{6}\d*[1-9]"
ZONED = FINER + r"|:\d\d(?:\.\d+)?[+-](?:0?[1-9]|1\d|00:?[1-9])"
MANY_MERGED, MERGED = 3, 0.02  # of the distinct fractions; hand-typed ones seldom end in a zero now and then
SURE_DIGITS = 15  # decimal digits that a float64 always keeps (IEEE 754, DBL_DIG)


def typed_schema(data: Dataset) -> Schema:
    """The schema with each column's type lowered to string where a cell would be lost or changed by it."""
    schema = data.schema
    while True:  # what a later block lowered must suit the earlier ones too
        columns = {column.name: column for column in schema}
        for block in data.blocks():
            for name, column in columns.items():
                columns[name] = _fitting(column, block.text(name))
        lowered = replace(schema, columns=tuple(columns[column.name] for column in schema))
        if lowered == schema or data.block_count == 1:
            return lowered
        schema = lowered


def _fitting(column: Column, text: pa.Array) -> Column:
    if column.stored:
        if exactly(text, type_of(column.stored)) is not None:
            return column
        column = replace(column, stored="")
    if column.type in ("string", "binary") or _cast(text, column).null_count == text.null_count:
        return column
    if column.type == "int64":
        return _fitting(replace(column, type="float64"), text)
    return replace(column, type="string", unit="")  # the unit still stands in the cells


def _cast(text: pa.Array, column: Column) -> pa.Array:
    """A column of text in its type; null where a cell would be lost or changed."""
    plain = replace(column, nulls=())  # a null word that stands in the data is not lost silently: the column stays text
    if column.stored:
        return exactly(text, type_of(column.stored))
    if column.type == "int64":
        return _whole(text, plain)
    if column.type == "float64":
        return _real(text, plain)
    if column.type == "timestamp":
        return _times(text, plain)
    if column.type == "bool":
        lower = pc.utf8_lower(text)
        known = pc.is_in(lower, pa.array(["true", "false"]))
        return pc.if_else(known, pc.equal(lower, "true"), None)
    return text


def _ungrouped(text: pa.Array, column: Column) -> pa.Array:
    text = pc.utf8_trim_whitespace(text)
    text = pc.replace_substring(text, column.thousands, "") if column.thousands else text
    return pc.replace_substring(text, column.decimal, ".") if column.decimal != "." else text


def _whole(text: pa.Array, column: Column) -> pa.Array:
    text = pc.replace_substring_regex(_ungrouped(text, column), r"\.0*$", "")
    text = pc.replace_substring_regex(pc.if_else(pc.match_substring_regex(text, WHOLE), text, None), r"^\+", "")
    if pc.max(pc.utf8_length(text)).as_py() in (None, *range(19)):
        return text.cast(pa.int64())
    numbers = [
        None if digits is None or not -(2**63) <= int(digits) < 2**63 else int(digits) for digits in text.to_pylist()
    ]
    return pa.array(numbers, pa.int64())


def _real(text: pa.Array, column: Column) -> pa.Array:
    values = parse_numbers(text, column)
    plain = _ungrouped(text, column)
    lost = pc.fill_null(pc.match_substring_regex(plain, UNFIT), False).to_numpy(zero_copy_only=False)
    digits = pc.utf8_length(pc.replace_substring_regex(plain, r"[eE].*|[^0-9]|^[^1-9]*", ""))
    for at in np.flatnonzero(pc.fill_null(pc.greater(digits, SURE_DIGITS), False).to_numpy(zero_copy_only=False)):
        number = float(values[at])
        lost[at] = lost[at] or not np.isfinite(number) or not _kept(plain[int(at)].as_py(), number)
    if _merges(plain, values):
        lost[:] = True
    return pa.array(np.where(lost, np.nan, values), from_pandas=True)


def _merges(plain: pa.Array, values: np.ndarray) -> bool:
    """Are many texts that differ one number? Sections 1.1 and 1.10 are two, and so are versions."""
    broken = pc.fill_null(pc.match_substring_regex(plain, r"^\d+\.\d*[1-9]0?$"), False).to_numpy(zero_copy_only=False)
    texts, numbers = len(pc.unique(plain.filter(pa.array(broken)))), len(np.unique(values[broken]))
    return texts - numbers >= max(MANY_MERGED, MERGED * texts)


def _kept(text: str, value: float) -> bool:
    """Does the number, written with as many digits as the text has, give the text again?"""
    from decimal import Decimal

    exact = Decimal(text)
    return np.isfinite(value) and Decimal(f"{value:.{len(exact.as_tuple().digits) - 1}e}") == exact


def _times(text: pa.Array, column: Column) -> pa.Array:
    """Times of day precision or finer; one with its own zone, or finer than a microsecond, is lost."""
    if column.format and not any(mark in column.format for mark in ("%d", "%s")):
        return pa.nulls(len(text), pa.timestamp("us"))  # a month is no day
    lost = pc.fill_null(pc.match_substring_regex(text, FINER if column.format else ZONED), False)
    if not column.format and pc.any(pc.ends_with(text, "Z")).as_py():
        lost = pc.or_(lost, pc.invert(pc.fill_null(pc.ends_with(text, "Z"), True)))  # not some in UTC, others who knows
    times = parse_times(text, column)
    if column.century:  # where POSIX puts the year into another century, the text alone is certain
        times[times != parse_times(text, replace(column, century=0))] = np.datetime64("NaT")
    return pc.if_else(lost, None, pa.array(times, pa.timestamp("us")))


def typed(table: pa.Table, rows: np.ndarray, schema: Schema) -> pa.Table:
    """A table of text as ``data.parquet`` holds it: ``_row`` first, then the columns in their types."""
    columns: dict[str, pa.Array] = {ROW: pa.array(rows, pa.int64())}
    for column in schema:
        columns[column.name] = _cast(table.column(column.name).combine_chunks(), column)
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
    kinds = ((column.name, type_of(column.stored) if column.stored else KINDS[column.type]) for column in schema)
    return pa.schema([(ROW, pa.int64()), *kinds])
