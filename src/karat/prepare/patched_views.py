"""A block with some cells changed, without reading the rest again.

Proofs prepare the same records hundreds of times with a few cells mended or spoiled; only those are read anew.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.prepare.columns import codes, numbers, seconds
from karat.prepare.grams import Grams, count_grams, ideographic, stacked

CORE_VIEWS = ("text", "encoded", "missing", "numbers", "times")


def changed(base: Block, cells: Mapping[str, tuple[np.ndarray, pa.Array]]) -> Block:
    """The block with other texts in some cells.

    Parameters
    ----------
    base : Block
        Read once; its views of other cells are shared.
    cells : mapping of column to (positions (m,) int without repeats, texts (m,))
        The changed cells; null = blank.
    """
    columns = {name: base.table.column(name) for name in base.table.column_names}
    for name, (at, texts) in cells.items():
        columns[name] = _replaced(base.text(name), at, texts)
    block = Block(base.rows, pa.table(columns), base.schema, base.extra).keyed(lambda: base.keys)
    for column in base.schema:
        if column.name in cells:
            at, texts = cells[column.name]
            _patch(base, block, column, np.asarray(at), texts)
        else:
            _share(base, block, column)
    return block


def against(base: Block, other: Block) -> tuple[Block, np.ndarray]:
    """Another version of the records, seen as the base with cells changed and records left out.

    Returns
    -------
    (Block, ndarray)
        A block of the base's length, and the positions in it that the other version kept.
    """
    kept = np.searchsorted(base.rows, other.rows)
    if len(kept) and (kept[-1] >= len(base.rows) or not np.array_equal(base.rows[kept], other.rows)):
        raise InputError("the version has records that are not in its base", "Give a version of the same records")
    cells = {}
    whole = len(kept) == len(base.rows)
    for column in base.schema:
        if column.type == "binary" or other.table.column(column.name) is base.table.column(column.name):
            continue
        new = other.text(column.name)
        old = base.text(column.name) if whole else base.text(column.name).take(pa.array(kept))
        same = pc.fill_null(pc.equal(old, new), fill_value=False)
        same = pc.or_(same, pc.and_(pc.is_null(old), pc.is_null(new)))
        at = np.flatnonzero(~np.asarray(same))
        if len(at):
            cells[column.name] = (kept[at], new.take(pa.array(at)))
    return changed(base, cells), kept


def _replaced(old: pa.Array, at: np.ndarray, texts: pa.Array) -> pa.Array:
    index = np.arange(len(old))
    index[at] = len(old) + np.arange(len(at))
    return pa.concat_arrays([old, texts.cast(old.type)]).take(pa.array(index))


def _share(base: Block, block: Block, column: Column) -> None:
    cores = {(view, column.name) for view in CORE_VIEWS}
    for key, view in list(base._memo.items()):
        if isinstance(key, tuple) and (key[:2] in cores or (key[0] == "prepare" and key[2] == column.name)):
            block.memo(key, lambda view=view: view)  # type: ignore[misc]


def _patch(base: Block, block: Block, column: Column, at: np.ndarray, texts: pa.Array) -> None:
    """Views of a changed column: the base's, with the changed cells read on their own."""
    small = Block(np.arange(len(at)), pa.table({column.name: texts}), Schema((column,)), {})
    match column.role:
        case Role.NUMBER:
            view = _put(numbers(base, column.name), at, numbers(small, column.name))
            block.memo(("prepare", "numbers", column.name), lambda: view)
        case Role.TIME:
            times = _put(seconds(base, column.name), at, seconds(small, column.name))
            block.memo(("prepare", "seconds", column.name), lambda: times)
        case Role.CATEGORY | Role.TARGET:
            coded = _recoded(codes(base, column.name), at, codes(small, column.name))
            block.memo(("prepare", "codes", column.name), lambda: coded)
        case Role.TEXT:
            # The kind of script is the base's: a few changed cells must not change how all are read.
            kind = ideographic(base, column.name)
            block.memo(("prepare", "ideographic", column.name), lambda: kind)
            _patch_grams(base, block, small, column.name, at)


def _put(view: np.ndarray, at: np.ndarray, new: np.ndarray) -> np.ndarray:
    out = view.copy()
    out[at] = new
    return out


def _recoded(
    old: tuple[np.ndarray, tuple[str, ...]], at: np.ndarray, new: tuple[np.ndarray, tuple[str, ...]]
) -> tuple[np.ndarray, tuple[str, ...]]:
    place = {text: code for code, text in enumerate(old[1])}
    fresh = tuple(text for text in new[1] if text not in place)
    place |= {text: len(old[1]) + code for code, text in enumerate(fresh)}
    table = np.array([*(place[text] for text in new[1]), -1], np.int32)
    return _put(old[0], at, table[new[0]]), old[1] + fresh


def _patch_grams(base: Block, block: Block, small: Block, name: str, at: np.ndarray) -> None:
    texts = pc.if_else(pa.array(small.missing(name)), "", small.text(name))
    for key, view in list(base._memo.items()):
        if isinstance(key, tuple) and key[:3] == ("prepare", "grams", name):
            both = stacked([view, count_grams(texts, key[3])])
            record = np.arange(len(view))
            record[at] = len(view) + np.arange(len(at))
            patched = _reordered(both, record)
            block.memo(key, lambda patched=patched: patched)  # type: ignore[misc]


def _reordered(grams: Grams, record: np.ndarray) -> Grams:
    sizes = np.diff(grams.indptr)[record]
    indptr = np.concatenate([[0], np.cumsum(sizes)])
    at = np.arange(indptr[-1]) + np.repeat(grams.indptr[:-1][record] - indptr[:-1], sizes)
    return Grams(grams.keys, indptr, grams.indices[at], grams.counts[at])
