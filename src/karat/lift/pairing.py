"""Two versions of a data set: which record is which, and what was changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import ROW, WEIGHT, Block
from karat.core.errors import InputError
from karat.core.finding import no_findings
from karat.core.patch import changes, no_changes
from karat.core.schema import Column, Role
from karat.flow.engine import Learned
from karat.flow.folder import digest
from karat.flow.refine import Refined
from karat.lift.added_columns import widened
from karat.lift.record_pairs import record_pairs

DROPPED = "records dropped"
COLUMN = "column {}"
OTHERS = "other columns"
MAX_COLUMNS = 4  # cost: each is a family to fit without; the other columns make one more


def aligned(a: Block, b: Block, key: str = "", added: Sequence[Column] = ()) -> tuple[Block, Block, str]:
    """Both versions with record numbers that mean the same record, and A's columns and roles; and how they were paired.

    Parameters
    ----------
    a, b : Block
        Before and after. Paired by ``_row``, else by ``key``, else by a column that identifies records in both, by
        position where the content agrees, or by content (``karat.lift.record_pairs``). Records only in B get numbers
        beyond A's.
    key : str
        A column whose values name the records.
    added : sequence of Column
        Columns of B alone that both shall have, blank in A.

    Raises
    ------
    InputError
        When they cannot be paired, or B lacks a column of A.
    """
    rows_a = _numbers(a)
    names = [column.name for column in a.schema if column.name != ROW]
    lacking = [name for name in names if name not in b.table.column_names]
    if lacking:
        raise InputError(f"column {lacking[0]!r} is missing after the change", "Rename it, or leave it out of both")
    rows_b, words = _rows_of(a, b, rows_a, key)
    schema = replace(a.schema, columns=tuple(c for c in a.schema if c.name != ROW))
    if WEIGHT in b.table.column_names and WEIGHT not in names:
        a, names = unit_weights(a), [*names, WEIGHT]
        schema = replace(schema, columns=(*schema.columns, a.schema[WEIGHT]))
    a, names = widened(a, added), [*names, *(column.name for column in added)]
    schema = replace(schema, columns=(*schema.columns, *added))
    return (
        _ordered(rows_a, a.table.select(names), schema, "before"),
        _ordered(rows_b, b.table.select(names), schema, "after"),
        f"records of the two versions were paired by {words}",
    )


def unit_weights(block: Block) -> Block:
    """The block with a column ``_weight``, in which every record counts 1; as it is where it has one."""
    if WEIGHT in block.table.column_names:
        return block
    table = block.table.append_column(WEIGHT, pa.array(["1"] * len(block), pa.string()))
    columns = (*block.schema.columns, Column(WEIGHT, Role.IGNORE, "float64"))
    return Block(block.rows, table, replace(block.schema, columns=columns), block.extra)


def _rows_of(a: Block, b: Block, rows_a: np.ndarray, key: str) -> tuple[np.ndarray, str]:
    if ROW in b.table.column_names:
        return _numbers(b), f"column {ROW}"
    if key:
        return _by_key(a, b, rows_a, key), f"column {key}"
    names = [column.name for column in a.schema if column.name != ROW and column.type != "binary"]
    places, words = record_pairs(a, b, names)
    fresh = places < 0
    out = rows_a[places]
    out[fresh] = int(rows_a.max(initial=-1)) + 1 + np.arange(int(fresh.sum()))
    return out, words


def _numbers(block: Block) -> np.ndarray:
    if ROW not in block.table.column_names:
        return block.rows
    text = block.table.column(ROW).combine_chunks()
    try:
        return np.asarray(pc.cast(text, pa.int64()).to_numpy(zero_copy_only=False), np.int64)
    except (pa.ArrowInvalid, ValueError):
        raise InputError(f"column {ROW} does not hold whole numbers", "Leave the column as Karat wrote it") from None


def _by_key(a: Block, b: Block, rows_a: np.ndarray, key: str) -> np.ndarray:
    for block, words in ((a, "before"), (b, "after")):
        if key not in block.table.column_names:
            raise InputError(f"--key {key!r} is not a column {words}", "Name a column that both have")
    names = a.text(key).to_pylist()
    place = dict(zip(names, rows_a.tolist(), strict=True))
    if len(place) < len(names) or None in place:
        raise InputError(f"--key {key} has repeated or missing values", "Name a column that identifies each record")
    after = b.text(key).to_pylist() if key in b.schema else b.table.column(key).combine_chunks().to_pylist()
    fresh = int(rows_a.max()) + 1
    out = np.empty(len(after), np.int64)
    for at, name in enumerate(after):
        row = place.pop(name, None)
        out[at] = fresh if row is None else row
        fresh += row is None
    return out


def _ordered(rows: np.ndarray, table: pa.Table, schema: Any, words: str) -> Block:
    if len(np.unique(rows)) < len(rows):
        raise InputError(f"column {ROW} names a record twice {words}", "Leave the column as Karat wrote it")
    order = np.argsort(rows, kind="stable")
    return Block(rows[order], table.take(pa.array(order)).combine_chunks(), schema)


def difference(a: Block, b: Block) -> dict[str, pa.Table]:
    """Ledger rows that turn A's records into B's, by column; beyond ``MAX_COLUMNS`` the least changed together."""
    dropped = a.rows[~np.isin(a.rows, b.rows)]
    shared = a.rows[np.isin(a.rows, b.rows)]
    shared_a, shared_b = (block.take(np.isin(block.rows, shared)) for block in (a, b))
    by_column = {}
    for column in a.schema:
        if column.type == "binary":
            continue
        before, after = shared_a.text(column.name), shared_b.text(column.name)
        same = pc.fill_null(pc.equal(before, after), fill_value=False)
        same = np.asarray(pc.or_(same, pc.and_(pc.is_null(before), pc.is_null(after))))
        at = np.flatnonzero(~same)
        if len(at):
            pick = pa.array(at)
            by_column[column.name] = changes(
                len(at),
                row=shared[at],
                column=column.name,
                action="set",
                before=before.take(pick),
                after=after.take(pick),
                check="Version",
            )
    ranked = sorted(by_column, key=lambda name: (-by_column[name].num_rows, name))
    large, rest = (ranked, []) if len(ranked) <= MAX_COLUMNS + 1 else (ranked[:MAX_COLUMNS], ranked[MAX_COLUMNS:])
    patches = {COLUMN.format(name): by_column[name] for name in large}
    if rest:
        patches[OTHERS] = pa.concat_tables([by_column[name] for name in sorted(rest)])
    if len(dropped):
        patches[DROPPED] = changes(len(dropped), row=dropped, action="drop", check="Version")
    return patches


@dataclass(frozen=True)
class VersionChanges:
    """A ``refine`` that learns nothing: the changes are those between two versions."""

    patches: dict[str, pa.Table]

    @cached_property
    def key(self) -> str:
        """A hash of the changes: what was measured for others does not count for these."""
        contents = {
            family: patch.select(["row", "column", "action", "after"]).to_pydict()
            for family, patch in self.patches.items()
        }
        return digest(contents)

    def __call__(self, block: Block) -> Refined:
        """The changes to these records."""
        mine = {
            family: patch.filter(pa.array(np.isin(patch["row"].to_numpy(), block.rows)))
            for family, patch in self.patches.items()
        }
        return Fixed(block, Learned({}, {}, {}, {}), no_findings(), (), mine, no_changes())


class Fixed(Refined):
    """Changes without anything learned: other records stay as they are."""

    def mend(self, block: Block, families: Any = None) -> Block:
        """The very same records."""
        del families
        return block
