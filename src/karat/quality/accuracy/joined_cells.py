"""A value that was written behind another column's value, its own cell left blank ("Portland OR" | blank)."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column
from karat.core.state import derived
from karat.quality.column_kind import kind_of
from karat.quality.distinct import Distinct

Joined = tuple[int, str, float, str, str]  # position, column, confidence, suggestion, message
MAX_VOCABULARY = 5000  # cost: bounds time; more values are no list
MAX_BLANK = 0.5  # definition: where most cells are blank, they are so for another cause
MARKS = ",;|/- "
# of the records with a blank that look so, and how many times as often as others do; no clean table we saw has either
LEAST_SHARE, RATIO = 0.2, 20  # unproven: which tables were seen is not written down


def joined_cells(state: ValueCounts, block: Block, empty: Column, columns: list[Column]) -> Iterator[Joined]:
    """Blank cells whose value stands at an end of another column's value in the same record.

    Parameters
    ----------
    empty : Column
        The column with blanks.
    columns : list of Column
        All columns to look at.
    """
    vocabulary = derived(state, f"vocabulary {empty.name}", lambda: _vocabulary(state, empty))
    if not vocabulary:
        return
    codes = block.encoded(empty.name)[0]
    blank, full = np.flatnonzero(codes < 0), np.flatnonzero(codes >= 0)
    if not len(blank):
        return
    for column in block.memo("columns of words", lambda: _of_words(state, block, columns)):
        if column.name != empty.name:
            values = state.columns[column.name].values
            own: frozenset[str] = derived(state, f"own {column.name}", partial(frozenset, values))
            yield from _joined(block, (empty.name, column.name), (blank, full), own, vocabulary - own)


def _of_words(state: ValueCounts, block: Block, columns: list[Column]) -> list[Column]:
    """The columns of text in which a value of several words stands: from others nothing can be split."""
    texts = (column for column in columns if kind_of(state.columns[column.name], column).name == "text")
    return [column for column in texts if Distinct.of(block, column).shows(" ")]


def may_be_joined(state: ValueCounts, empty: Column, columns: list[Column]) -> bool:
    """May the value of a column's blank cell be joined to another column's at all?"""
    vocabulary = derived(state, f"vocabulary {empty.name}", lambda: _vocabulary(state, empty))
    texts = (c for c in columns if c.name != empty.name and kind_of(state.columns[c.name], c).name == "text")
    return bool(vocabulary) and any(True for _ in texts)


def _joined(
    block: Block,
    names: tuple[str, str],
    records: tuple[np.ndarray, np.ndarray],
    own: frozenset[str],
    vocabulary: frozenset[str],
) -> Iterator[Joined]:
    """The joined cells of one column; none where its values end so in other records, too."""
    (empty, name), (blank, full) = names, records
    codes, texts = block.encoded(name)
    splits = {
        code: split
        for code in np.unique(codes[blank]).tolist()
        if code >= 0 and (split := _split(texts[code], vocabulary))
    }
    hits = np.isin(codes[blank], list(splits))
    if hits.sum() < LEAST_SHARE * len(blank):
        return
    others = [code for code in np.unique(codes[full]).tolist() if code >= 0][:MAX_VOCABULARY]
    looked_at = codes[full][np.isin(codes[full], others)]
    natural = np.isin(looked_at, [code for code in others if _split(texts[code], vocabulary)]).sum()
    usual = (natural + 1) / (len(looked_at) + 1)
    if hits.sum() < RATIO * usual * len(blank):
        return
    for at in blank[hits].tolist():
        text = texts[codes[at]]
        rest, moved = splits[int(codes[at])]
        sure = 0.97 if rest in own else 0.93
        message = f"ends or begins with {moved!r}, a value of {empty!r}, which is blank in this record"
        yield at, name, sure, rest, message
        yield at, empty, sure, moved, f"blank, but {moved!r} is in {name!r}: {text!r}"


def _vocabulary(state: ValueCounts, column: Column) -> frozenset[str]:
    """Values that stand in the column more than once; empty where they are numbers, prose or too many."""
    counts = state.columns[column.name]
    if (
        counts.blank > MAX_BLANK * counts.records
        or len(counts.values) > MAX_VOCABULARY
        or kind_of(counts, column).name != "text"
    ):
        return frozenset()
    often = (text for text, n in zip(counts.values, counts.counts.tolist(), strict=True) if n > 1)
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
