"""What lies between two states of one data set: cells that differ, records that went or came."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

DIFFERENCE = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("action", pa.string()),
    ]
)


def difference(before: pa.Table, before_rows: np.ndarray, after: pa.Table, after_rows: np.ndarray) -> pa.Table:
    """Cells and records that differ, by row and then by column order.

    Parameters
    ----------
    before, after : pyarrow.Table
        Text and binary columns, without ``_row``.
    before_rows, after_rows : ndarray of int64
        Their record numbers, rising.

    Returns
    -------
    pyarrow.Table
        ``action`` is ``set`` (a cell), ``drop`` or ``add`` (a record, whole, as JSON, or with ``row`` null a column).
        Binary values are shown by their length.
    """
    both, at_before, at_after = np.intersect1d(before_rows, after_rows, assume_unique=True, return_indices=True)
    left, right = before.take(pa.array(at_before)), after.take(pa.array(at_after))
    later = set(after.column_names)
    shared = [name for name in before.column_names if name in later]
    parts = [_columns(before, after, "drop"), _columns(after, before, "add")]
    parts += [_cells(both, left.column(name), right.column(name), name) for name in shared]
    parts.append(_records(before, before_rows, both, "drop"))
    parts.append(_records(after, after_rows, both, "add"))
    changes = pa.concat_tables(parts).combine_chunks()
    order = np.argsort(np.asarray(changes["row"].fill_null(-1)), kind="stable")
    return changes.take(pa.array(order))


def _cells(rows: np.ndarray, left: pa.ChunkedArray, right: pa.ChunkedArray, name: str) -> pa.Table:
    right = right.cast(left.type)
    equal = pc.fill_null(pc.equal(left, right), False)
    differs = pc.invert(pc.or_(equal, pc.and_(pc.is_null(left), pc.is_null(right))))
    at = pa.array(np.flatnonzero(np.asarray(differs)))
    size = len(at)
    if not size:
        return DIFFERENCE.empty_table()
    return pa.table(
        [
            rows[np.asarray(at)],
            pa.repeat(name, size),
            _shown(left.take(at)),
            _shown(right.take(at)),
            pa.repeat("set", size),
        ],
        schema=DIFFERENCE,
    )


def _shown(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_binary(values.type) or pa.types.is_large_binary(values.type):
        return pc.binary_join_element_wise("<", pc.binary_length(values).cast(pa.string()), " bytes>", "")
    return values.cast(pa.string())


def _records(table: pa.Table, rows: np.ndarray, both: np.ndarray, action: str) -> pa.Table:
    at = np.flatnonzero(~np.isin(rows, both))
    picked = table.take(pa.array(at))
    shown = pa.table({name: _shown(picked.column(name)) for name in table.column_names}) if len(at) else picked
    texts = pa.array([json.dumps(record, ensure_ascii=False) for record in shown.to_pylist()], pa.string())
    absent = pa.nulls(len(at), pa.string())
    sides = (texts, absent) if action == "drop" else (absent, texts)
    return pa.table([rows[at], absent, *sides, pa.repeat(action, len(at))], schema=DIFFERENCE)


def _columns(here: pa.Table, there: pa.Table, action: str) -> pa.Table:
    others = set(there.column_names)
    names = [name for name in here.column_names if name not in others]
    blank = pa.nulls(len(names), pa.string())
    return pa.table(
        [pa.nulls(len(names), pa.int64()), pa.array(names, pa.string()), blank, blank, pa.repeat(action, len(names))],
        schema=DIFFERENCE,
    )
