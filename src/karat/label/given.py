"""What may be given beside the votes: known answers, a model's probabilities, the items' texts."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError
from karat.label._given import SUMS_TO_ONE
from karat.label.expectation import Gold
from karat.label.vote_table import SHOWN, as_table, texts
from karat.label.votes import Votes

LEAST_LETTERS = 8.0  # mean length from which a column may be text; unproven: less takes codes for text
DIFFERENT = 0.5  # share of distinct cells from which it may; definition: most cells differ


def read_gold(gold: Any, votes: Votes) -> Gold | None:
    """Known answers as codes; those about items nobody asked about are left out.

    Parameters
    ----------
    gold : table with ``item`` and ``label``, or None

    Raises
    ------
    InputError
        A column is absent, an item stands twice, or a label lies outside the classes.
    """
    if gold is None:
        return None
    table = as_table(gold, "known answers")
    lacking = [name for name in ("item", "label") if name not in table.column_names]
    if lacking:
        raise InputError(f"gold lacks the columns {', '.join(lacking)}", "Give the columns item and label")
    item, label = texts(table.column("item"), "item"), texts(table.column("label"), "label")
    valid = np.asarray(pc.is_valid(label))
    code = pc.fill_null(pc.index_in(label, votes.classes), -1).to_numpy(zero_copy_only=False)
    wrong = np.flatnonzero(valid & (code < 0))
    if len(wrong):
        shown = ", ".join(repr(label[at].as_py()) for at in wrong[:SHOWN].tolist())
        raise InputError(
            f"{len(wrong):,} answers of gold are not among the classes: {shown}", "Correct them or name their classes"
        )
    place = pc.fill_null(pc.index_in(item, votes.items), -1).to_numpy(zero_copy_only=False)
    usable = np.flatnonzero(valid & (place >= 0))
    met, first, often = np.unique(place[usable], return_index=True, return_counts=True)
    if (often > 1).any():
        shown = ", ".join(repr(votes.items[at].as_py()) for at in met[often > 1][:SHOWN].tolist())
        raise InputError(f"{int((often > 1).sum()):,} items are in gold twice: {shown}", "Give one answer per item")
    if not len(usable):
        raise InputError("none of the items of gold has votes", "Use the same names for items in both files")
    return Gold(met.astype(np.int32), code[usable][first].astype(np.int32))


def read_probabilities(probs: Any, votes: Votes) -> np.ndarray | None:
    """A model's probabilities (n, k) in the order of items and classes; NaN lines for items it says nothing about.

    Parameters
    ----------
    probs : table with ``item`` and a column a class, ndarray (n, k), or None

    Raises
    ------
    InputError
        A class has no column, an item is unknown or stands twice, a cell is no number in [0, 1], or a line does not
        sum to one; how many, and the first of them.
    """
    if probs is None:
        return None
    n, _, k = votes.shape
    if isinstance(probs, np.ndarray):
        if probs.shape != (n, k):
            raise InputError(
                f"probs has shape {probs.shape}, and there are {n} items and {k} classes",
                f"Give probabilities of shape ({n}, {k})",
            )
        values, place = probs.astype(np.float64), np.arange(n)
    else:
        table = as_table(probs, "probabilities")
        names = votes.classes.to_pylist()
        lacking = [name for name in ("item", *names) if name not in table.column_names]
        if lacking:
            raise InputError(f"probs lacks the columns {', '.join(lacking)}", "Give the column item and one per class")
        item = texts(table.column("item"), "item")
        place = pc.fill_null(pc.index_in(item, votes.items), -1).to_numpy(zero_copy_only=False).astype(np.int64)
        if (place < 0).any():
            _refuse(place < 0, item, None, "items of the votes")
        if len(np.unique(place)) < len(place):
            raise InputError(f"probs repeats {len(place) - len(np.unique(place)):,} items", "Give each item once")
        values = np.column_stack([_numbers(table.column(name), name) for name in names])
    lines = votes.items.take(pa.array(place))
    _refuse(np.asarray(~np.isfinite(values).all(axis=1)), lines, values, "numbers without gaps")
    _refuse(np.asarray(((values < 0) | (values > 1)).any(axis=1)), lines, values, "probabilities between 0 and 1")
    _refuse(np.abs(values.sum(axis=1) - 1) > SUMS_TO_ONE, lines, values, "probabilities that sum to one")
    out = np.full((n, k), np.nan)
    out[place] = values / values.sum(axis=1, keepdims=True)
    return out


def _numbers(column: pa.ChunkedArray, name: str) -> np.ndarray:
    try:
        return column.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid as error:
        raise InputError(
            f"column {name!r} of probs is not numbers: {str(error).splitlines()[0]}", "Give probabilities"
        ) from None


def _refuse(bad: np.ndarray, items: pa.Array, values: np.ndarray | None, wanted: str) -> None:
    at = np.flatnonzero(bad)
    if not len(at):
        return
    shown = []
    for place in at[:SHOWN].tolist():
        numbers = "" if values is None else " " + str(np.round(values[place], 4).tolist())
        shown.append(f"item {items[place].as_py()!r}{numbers}")
    more = f" and {len(at) - SHOWN:,} more" if len(at) > SHOWN else ""
    raise InputError(
        f"{len(at):,} lines of probs are not {wanted}: {'; '.join(shown)}{more}", "Correct them or leave them out"
    )


def item_texts(items: Any) -> list[str] | None:
    """One text an item from the columns that hold text, None when there is none.

    A column is text when its cells are long enough and mostly differ; so a label or a split beside the texts teaches
    nothing.

    Parameters
    ----------
    items : table, or a sequence of names
    """
    if not (isinstance(items, (pa.Table, dict)) or hasattr(items, "__arrow_c_stream__")):
        if not (isinstance(items, list) and items and isinstance(items[0], dict)):
            return None
    elif isinstance(items, (pa.Array, pa.ChunkedArray)):
        return None
    table = as_table(items, "items")
    parts = []
    for name in table.column_names:
        kind = table.column(name).type
        if name in ("item", "id") or not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            continue
        column = table.column(name).combine_chunks()
        length = pc.mean(pc.utf8_length(column)).as_py() or 0.0
        if length >= LEAST_LETTERS and pc.count_distinct(column).as_py() >= DIFFERENT * len(column):
            parts.append(pc.fill_null(column.cast(pa.large_string()), ""))
    return pc.binary_join_element_wise(*parts, pa.scalar("\n", pa.large_string())).to_pylist() if parts else None
