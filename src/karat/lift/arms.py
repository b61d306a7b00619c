"""The arms of a proof: the same training records in several states."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.registry import units
from karat.core.schema import Role

_POSITION = "\0position"  # no input column can be called so: NUL never stands in a header


def known_target(block: Block) -> np.ndarray:
    """(n,) bool: the records whose target is there and can be read."""
    target = block.schema.target
    assert target is not None
    if block.schema.task == "regression":
        return np.asarray(np.isfinite(block.numbers(target.name)))
    return ~block.missing(target.name)


def target_gaps(block: Block, patches: Mapping[str, pa.Table]) -> np.ndarray:
    """(n,) bool: records whose target is missing in disguise, as the checks of completeness say by blanking it."""
    target = block.schema.target
    out = np.zeros(len(block), bool)
    known = units("check")
    for patch in patches.values():
        here = patch.filter(
            pc.and_(pc.equal(patch["column"], target.name if target else ""), pc.is_null(patch["after"]))
        )
        for code in pc.unique(here["check"]).to_pylist():
            if code in known and known[code].dimension is Dimension.COMPLETENESS:  # type: ignore[attr-defined]
                out |= np.isin(block.rows, here.filter(pc.equal(here["check"], code))["row"].to_numpy())
    return out


def first_of_each(block: Block) -> np.ndarray:
    """Positions of the records that repeat no earlier one in every column."""
    names = [name for name in block.table.column_names if not pa.types.is_binary(block.table.schema.field(name).type)]
    if not names or not len(block):
        return np.arange(len(block))
    table = block.table.select(names).append_column(_POSITION, pa.array(np.arange(len(block))))
    first = table.group_by(names).aggregate([(_POSITION, "min")])
    return np.sort(first.column(f"{_POSITION}_min").to_numpy())


def fillings(block: Block) -> dict[str, str]:
    """What plain cleaning puts into gaps: the median of numbers, the most frequent category, by column."""
    out = {}
    for column in block.schema.features:
        if column.role is Role.NUMBER:
            values = block.numbers(column.name)
            values = values[np.isfinite(values)]
            if len(values):
                middle = float(np.median(values))
                text = str(int(middle)) if column.type == "int64" and middle.is_integer() else repr(middle)
                out[column.name] = text if column.decimal == "." else text.replace(".", column.decimal)
        elif column.role is Role.CATEGORY:
            codes, values_text = block.encoded(column.name)
            codes = codes[~block.missing(column.name)]
            if len(codes):
                out[column.name] = values_text[int(np.bincount(codes).argmax())]
    return out


def filled(block: Block, values: Mapping[str, str]) -> Block:
    """The records with gaps filled; a number that cannot be read counts as a gap."""
    table = block.table
    for name, value in values.items():
        column = block.schema[name]
        gap = ~np.isfinite(block.numbers(name)) if column.role is Role.NUMBER else block.missing(name)
        if gap.any():
            text = pc.if_else(pa.array(gap), value, block.text(name))
            table = table.set_column(table.schema.get_field_index(name), name, text)
    return Block(block.rows, table, block.schema)


def plain(block: Block) -> tuple[Block, dict[str, str]]:
    """What anybody would do: exact duplicates dropped, gaps filled; and the fillings, for records to come."""
    kept = block.take(first_of_each(block))
    values = fillings(kept)
    return filled(kept, values), values


def below(records: Block, more: Block) -> Block:
    """Both together; the rows of ``more`` come after."""
    if not len(more):
        return records
    table = pa.concat_tables([records.table, more.table]).combine_chunks()
    return Block(np.concatenate([records.rows, more.rows]), table, records.schema)
