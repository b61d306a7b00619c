"""Patches: changes and removals that can be shown and undone. One Arrow schema, the ledger's."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import FACT, column_array

LEDGER = pa.schema(
    [
        ("row", pa.int64()),
        ("column", pa.string()),
        ("action", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
        ("check", pa.string()),
        ("confidence", pa.float64()),
        ("measure", pa.float64()),
        ("limit", pa.float64()),
        ("keeper", pa.int64()),
        ("kind", pa.string()),
        ("span_start", pa.int64()),
        ("span_end", pa.int64()),
        ("who", pa.string()),
    ]
)


def no_changes() -> pa.Table:
    """An empty ledger."""
    return LEDGER.empty_table()


def changes(size: int, **columns: Any) -> pa.Table:
    """Ledger rows; scalars are repeated, absent columns are null, ``who`` defaults to karat, ``kind`` to fact."""
    columns = {"who": "karat", "kind": FACT} | columns
    if columns.keys() - set(LEDGER.names) or "action" not in columns or "check" not in columns:
        raise TypeError(f"a change needs action and check; known columns are {LEDGER.names}")
    return pa.table([column_array(columns.get(f.name), size, f.type) for f in LEDGER], schema=LEDGER)


def apply(table: pa.Table, rows: np.ndarray, patch: pa.Table) -> tuple[pa.Table, np.ndarray]:
    """The table with a patch applied: cells set, records removed.

    Parameters
    ----------
    table : pyarrow.Table
        Text columns, n records.
    rows : ndarray of int64, shape (n,)
        Their record numbers, rising.
    patch : pyarrow.Table
        ``LEDGER`` rows. ``set`` writes ``after`` whole (``edit`` rows carry the whole cell before and
        after too; the span says which part changed); rows that are not in ``rows`` are passed over.
    """
    if not patch.num_rows:
        return table, rows
    cells = patch.filter(pc.is_in(patch["action"], pa.array(["set", "edit"])))
    for name in pc.unique(cells["column"]).to_pylist():
        here = cells.filter(pc.equal(cells["column"], name))
        at, known = _places(rows, here["row"].to_numpy())
        table = _written(table, name, at, here["after"].combine_chunks().filter(pa.array(known)))
    gone = patch.filter(pc.is_in(patch["action"], pa.array(["drop", "quarantine"])))
    if gone.num_rows:
        keep = ~np.isin(rows, gone["row"].to_numpy())
        table, rows = table.filter(pa.array(keep)), rows[keep]
    return table, rows


def _places(rows: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    at = np.searchsorted(rows, wanted)
    known = (at < len(rows)) & (rows[np.minimum(at, len(rows) - 1)] == wanted)
    return at[known], known


def _written(table: pa.Table, name: str, at: np.ndarray, values: pa.Array) -> pa.Table:
    """The column with values put at positions; the last one wins where a position occurs twice."""
    pick = np.arange(table.num_rows)
    pick[at] = table.num_rows + np.arange(len(at))
    kind = table.schema.field(name).type
    old = table.column(name).combine_chunks()
    joined = pa.concat_arrays([old.cast(kind), values.cast(kind)])
    return table.set_column(table.schema.get_field_index(name), name, joined.take(pa.array(pick)))


def undo(table: pa.Table, rows: np.ndarray, patch: pa.Table) -> tuple[pa.Table, np.ndarray]:
    """The table as it stood before a patch was applied, value for value.

    A removal carries the whole record as JSON in ``before`` (see ``record_text``).
    """
    gone = patch.filter(pc.is_in(patch["action"], pa.array(["drop", "quarantine"])))
    if gone.num_rows:
        records = [json.loads(text) for text in gone["before"].to_pylist()]
        back = pa.Table.from_pylist(records, schema=table.schema)
        table = pa.concat_tables([table, back])
        rows = np.concatenate([rows, gone["row"].to_numpy()])
        order = np.argsort(rows, kind="stable")
        table, rows = table.take(pa.array(order)), rows[order]
    cells = patch.filter(pc.is_in(patch["action"], pa.array(["set", "edit"])))
    cells = cells.take(pa.array(np.arange(cells.num_rows)[::-1]))  # undone in reverse: the first `before` wins
    for name in pc.unique(cells["column"]).to_pylist():
        here = cells.filter(pc.equal(cells["column"], name))
        at, known = _places(rows, here["row"].to_numpy())
        table = _written(table, name, at, here["before"].combine_chunks().filter(pa.array(known)))
    return table, rows


def unresolved(findings: pa.Table, ledger: pa.Table) -> pa.Table:
    """The findings that no entry of a ledger dealt with: their cell was not written, their record was not removed.

    Parameters
    ----------
    findings : pyarrow.Table
        With ``row`` and ``column``; findings about whole columns stay.
    ledger : pyarrow.Table
        ``LEDGER`` rows.
    """
    if not ledger.num_rows or not findings.num_rows:
        return findings
    gone = pc.unique(ledger.filter(pc.is_in(ledger["action"], pa.array(["drop", "quarantine"])))["row"])
    cells = ledger.filter(pc.is_in(ledger["action"], pa.array(["set", "edit"])))
    written = pc.is_in(_cell_keys(findings), _cell_keys(cells))
    removed = pc.fill_null(pc.is_in(findings["row"], gone), False)
    return findings.filter(pc.invert(pc.or_(pc.fill_null(written, False), removed)))


def _cell_keys(table: pa.Table) -> pa.Array:
    """One text per row that names its cell; null where it names none."""
    joined = pc.binary_join_element_wise(table["row"].cast(pa.string()), table["column"].cast(pa.string()), "\x1f")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def record_text(table: pa.Table, positions: Sequence[int] | np.ndarray) -> list[str]:
    """Whole records as JSON, for the ``before`` of a removal."""
    picked = table.take(pa.array(np.asarray(positions, np.int64)))
    return [json.dumps(record, ensure_ascii=False) for record in picked.to_pylist()]
