"""Columns that only the newer version has: an added feature, measured as one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from karat.core.block import ROW, WEIGHT, Block
from karat.core.errors import InputError
from karat.core.schema import Column
from karat.prepare.target import read_target

BLANK, NUMBER = pa.string(), pa.int64()


def added_columns(a: Block, b: Block) -> tuple[Column, ...]:
    """B's columns, with roles, that A does not have."""
    return tuple(c for c in b.schema if c.name not in a.table.column_names and c.name not in (ROW, WEIGHT))


def widened(block: Block, columns: Sequence[Column]) -> Block:
    """The records with more columns, blank where they have none."""
    table = block.table
    for column in columns:
        if column.name not in table.column_names:
            table = table.append_column(column.name, pa.nulls(len(block), BLANK))
    return Block(block.rows, table, replace(block.schema, columns=(*block.schema.columns, *columns)), block.extra)


def filled_in(block: Block, other: Block, columns: Sequence[Column]) -> Block:
    """The records with the other version's values in some columns; blank where it has no such record."""
    at = np.minimum(np.searchsorted(other.rows, block.rows), max(0, len(other) - 1))
    there = other.rows[at] == block.rows
    pick = pa.array(at, NUMBER, mask=~there)
    table = block.table
    for column in columns:
        values = other.text(column.name).take(pick)
        table = table.set_column(table.schema.get_field_index(column.name), column.name, values)
    return Block(block.rows, table, block.schema, block.extra).keyed(lambda: block.keys)


def checked_target(a: Block, b: Block) -> str:
    """A note on targets of B that A does not know; "" where there are none.

    Raises
    ------
    InputError
        When B's target is spelled otherwise throughout: no model could be compared.
    """
    target = a.schema.target
    if target is None or target.name not in b.table.column_names:
        return ""
    there = ~b.missing(target.name)
    if a.schema.task == "regression":
        known = np.isfinite(b.numbers(target.name))
        wanted = "numbers"
    else:
        classes = read_target(a).classes
        texts = np.array(b.text(target.name).to_pylist(), object)
        known = np.isin(texts, np.array(classes, object))
        wanted = ", ".join(map(repr, classes[:3]))
    strange = np.flatnonzero(there & ~known)
    if not len(strange):
        return ""
    examples = ", ".join(map(repr, dict.fromkeys(b.text(target.name).take(pa.array(strange[:100])).to_pylist())))
    if not (there & known).any():
        raise InputError(
            f"target {target.name!r} holds {examples[:60]} in B, where A has {wanted}", "Spell it alike in both files"
        )
    return (
        f"{len(strange):,} records of B have a target that A does not know ({examples[:60]}): no model learns from them"
    )
