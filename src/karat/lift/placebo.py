"""The placebo: the same actions on the same columns in the same counts and classes, on records drawn at random.

A gain that a placebo has too came from fewer records or another class balance, not from finding what was wrong.
"""

from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.patch import LEDGER, changes, no_changes

# Cochran (1968): five strata remove nine tenths of a bias: fewer match the target loosely, more leave few records to
# draw from
TARGET_BANDS = 5


def strata(block: Block) -> np.ndarray:
    """(n,) int: the class of each record; bands of equal size where the target is a number; -1 where it is missing."""
    target = block.schema.target
    if target is None:
        return np.zeros(len(block), np.int64)
    if block.schema.task == "regression":
        values = block.numbers(target.name)
        known = np.isfinite(values)
        out = np.full(len(block), -1, np.int64)
        if known.any():
            edges = np.quantile(values[known], np.linspace(0, 1, TARGET_BANDS + 1)[1:-1])
            out[known] = np.searchsorted(edges, values[known], side="right")
        return out
    codes, _ = block.encoded(target.name)
    return np.where(block.missing(target.name), -1, codes).astype(np.int64)


def placebo(block: Block, patch: pa.Table, rng: np.random.Generator) -> pa.Table:
    """A patch of equal kind and size on records drawn at random.

    Parameters
    ----------
    block : Block
        The records the patch was made for, before it is applied.
    patch : pyarrow.Table
        Ledger rows.

    Within every column, action and class as many cells are changed, and the same new values written; where the
    column's known cells suffice they are drawn from those, so that as much changes as in the patch itself. Which
    records come first follows from the generator's state and what they say: one draw is the same in every fold.
    """
    if not patch.num_rows:
        return no_changes()
    kinds = strata(block)
    salt = int(rng.integers(2**62))
    at = np.searchsorted(block.rows, patch["row"].to_numpy())
    known = (at < len(block)) & (block.rows[np.minimum(at, len(block) - 1)] == patch["row"].to_numpy())
    patch, at = patch.filter(pa.array(known)), at[known]
    order = np.argsort(block.keys[at], kind="stable")  # in whatever order the records came
    patch, at = patch.take(pa.array(order)), at[order]
    gone = np.asarray(pc.is_in(patch["action"], pa.array(["drop", "quarantine"])))
    parts = [_removed(block, kinds, _shuffled(block.keys, salt, ""), at[gone])] if gone.any() else []
    cells, at = patch.filter(pa.array(~gone)), at[~gone]
    names = np.array(cells["column"].to_pylist(), dtype=object)
    for name in sorted(set(names)):
        here = names == name
        after = cells.filter(pa.array(here))["after"].combine_chunks()
        ranked = _shuffled(block.keys, salt, str(name))
        blank = np.asarray(after.is_null())
        # A target found to be no target at all (a code for missing) belongs to no class: any record may lose its own.
        free = blank if block.schema.target and name == block.schema.target.name else np.zeros(len(blank), bool)
        # A column that was not there at all is drawn over all classes: within them it would keep what it says of them.
        free = free | bool(block.missing(str(name)).all())
        for some, among in ((~free, kinds), (free, np.zeros(len(block), np.int64))):
            if some.any():
                new = after.filter(pa.array(some))
                parts.append(_changed(block, among, ranked, str(name), at[here][some], new, rng))
    return pa.concat_tables(parts) if parts else no_changes()


def _shuffled(keys: np.ndarray, salt: int, name: str) -> np.ndarray:
    """(n,) positions in an order at random that a record's key, the draw and the column decide."""
    mixed = keys ^ np.uint64(salt ^ crc32(name.encode("utf-8", "surrogatepass")))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # paper: Steele et al. (2014)
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.argsort(mixed ^ (mixed >> np.uint64(31)), kind="stable")


def _removed(block: Block, kinds: np.ndarray, ranked: np.ndarray, at: np.ndarray) -> pa.Table:
    at = np.unique(at)
    drawn = [ranked[kinds[ranked] == kind][: int((kinds[at] == kind).sum())] for kind in np.unique(kinds[at])]
    rows = block.rows[np.sort(np.concatenate(drawn))]
    return changes(len(rows), row=rows, action="drop", check="Placebo").cast(LEDGER)


def _changed(
    block: Block,
    kinds: np.ndarray,
    ranked: np.ndarray,
    name: str,
    at: np.ndarray,
    after: pa.Array,
    rng: np.random.Generator,
) -> pa.Table:
    known = ~block.missing(name)
    rows, values = [], []
    for kind in np.unique(kinds[at]):
        here = np.flatnonzero(kinds[at] == kind)
        among = ranked[kinds[ranked] == kind]
        full = among[known[among]]
        # A fix of gaps writes into blanks; its placebo must write into cells that held something, or nothing changes.
        drawn = (full if len(full) >= len(here) else among)[: len(here)]
        rows.append(block.rows[drawn])
        values.append(after.take(pa.array(rng.permutation(here)[: len(drawn)])))
    written = pa.concat_arrays(values)
    return changes(len(written), row=np.concatenate(rows), column=name, action="set", after=written, check="Placebo")


def repeated(records: Block, added: Block, rng: np.random.Generator) -> Block:
    """As many records as were added, in the same classes, but repeats of records that were there already."""
    target = records.schema.target
    if target is None or not len(added):
        return added
    kinds, wanted = strata(records), _kinds_like(records, added)
    ranked = np.argsort(records.keys, kind="stable")
    at = np.empty(len(added), np.int64)
    for kind in np.unique(wanted):
        among = ranked[kinds[ranked] == kind]
        here = np.flatnonzero(wanted == kind)
        at[here] = rng.choice(among if len(among) else np.arange(len(records)), len(here))
    return Block(added.rows, records.table.take(pa.array(at)), added.schema)


def _kinds_like(records: Block, added: Block) -> np.ndarray:
    """The strata of added records, numbered as those of the records."""
    both = Block(
        np.arange(len(records) + len(added)),
        pa.concat_tables([records.table, added.table]).combine_chunks(),
        records.schema,
    )
    return strata(both)[len(records) :]
