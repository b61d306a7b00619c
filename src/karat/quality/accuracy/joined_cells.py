"""A value that was written behind another column's value, its own cell left blank ("Portland OR" | blank)."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column
from karat.core.state import derived
from karat.quality.column_kind import kind_of

Joined = tuple[int, str, float, str, str]  # position, column, confidence, suggestion, message
MAX_VOCABULARY = 5000
MAX_BLANK = 0.5
MARKS = ",;|/- "


def joined_cells(state: ValueCounts, block: Block, empty: Column, columns: list[Column]) -> Iterator[Joined]:
    """Blank cells whose value stands at an end of another column's value in the same record.

    Parameters
    ----------
    state : ValueCounts
    block : Block
    empty : Column
        The column with blanks.
    columns : list of Column
        All columns to look at.
    """
    vocabulary = derived(state, f"vocabulary {empty.name}", lambda: _vocabulary(state, empty))
    if not vocabulary:
        return
    blank = np.flatnonzero(block.encoded(empty.name)[0] < 0)
    for column in columns:
        if column.name == empty.name or kind_of(state.columns[column.name], column).name != "text":
            continue
        codes, texts = block.encoded(column.name)
        own: frozenset[str] | None = None
        splits: dict[int, tuple[str, str] | None] = {}
        for at in blank.tolist():
            code = int(codes[at])
            if code < 0:
                continue
            if code not in splits:
                splits[code] = _split(texts[code], vocabulary)
            split = splits[code]
            if split is None:
                continue
            own = own or derived(state, f"own {column.name}", partial(frozenset, state.columns[column.name].values))
            rest, moved = split
            if moved in own:  # a word of both columns proves nothing
                continue
            sure = 0.97 if rest in own else 0.88
            yield (
                at,
                column.name,
                sure,
                rest,
                f"ends or begins with {moved!r}, a value of {empty.name!r}, which is blank in this record",
            )
            yield at, empty.name, sure, moved, f"blank, but {moved!r} stands in {column.name!r}: {texts[code]!r}"


def _vocabulary(state: ValueCounts, column: Column) -> frozenset[str]:
    """Values that stand in the column more than once; empty where they are numbers, prose or too many."""
    held = state.columns[column.name]
    if (
        held.blank > MAX_BLANK * held.records
        or len(held.values) > MAX_VOCABULARY
        or kind_of(held, column).name != "text"
    ):
        return frozenset()
    often = (text for text, n in zip(held.values, held.counts.tolist(), strict=True) if n > 1)
    return frozenset(text for text in often if 2 <= len(text) <= 40 and text.isprintable())


def _split(text: str, vocabulary: frozenset[str]) -> tuple[str, str] | None:
    """What is left and what was joined to it; the longest value of the vocabulary wins."""
    parts = text.split(" ")
    for size in range(1, len(parts)):  # the shortest rest first
        tail, rest = " ".join(parts[size:]), " ".join(parts[:size]).rstrip(MARKS)
        if rest and tail in vocabulary:
            return rest, tail
    for size in range(len(parts) - 1, 0, -1):
        head, rest = " ".join(parts[:size]).rstrip(MARKS), " ".join(parts[size:])
        if rest and head in vocabulary:
            return rest, head
    return None
