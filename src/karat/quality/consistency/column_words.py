"""Words and codes among a column's numbers that occur too often for slips: they are its own."""

import re
from collections import Counter

import numpy as np
import pyarrow as pa

from karat.core.counts import ColumnCounts
from karat.core.degrees import FULL_CELL, RARELY
from karat.quality.column_kind import ColumnKind
from karat.quality.value_lists import Lists

REPEATS = 2  # cells of each distinct text, on average, from which texts built alike are codes and not slips; unproven


def often_written(tally: ColumnCounts, kind: ColumnKind) -> dict[str, int]:
    """How cells without a number are written, where too many are for a slip, and how many are."""
    at = np.flatnonzero(~np.isfinite(kind.numbers))
    cells: Counter[str] = Counter()
    for text, count in zip(tally.texts.take(pa.array(at)).to_pylist(), tally.counts[at].tolist(), strict=True):
        cells[shape(text)] += count
    return {written: count for written, count in cells.items() if count > max(FULL_CELL, RARELY * kind.cells)}


def own_codes(tally: ColumnCounts, kind: ColumnKind) -> dict[str, int]:
    """How words and codes among numbers are built, where they repeat too often for slips, and how many are."""
    at = np.flatnonzero(~np.isfinite(kind.numbers))
    cells, texts = Counter[str](), Counter[str]()
    for text, count in zip(tally.texts.take(pa.array(at)).to_pylist(), tally.counts[at].tolist(), strict=True):
        if any(sign.isalpha() for sign in text) or not any(sign.isdigit() for sign in text):
            cells[built(text)] += count
            texts[built(text)] += 1
    if sum(cells.values()) <= max(FULL_CELL, RARELY * kind.cells):
        return {}
    return {like: count for like, count in cells.items() if count > FULL_CELL and count >= REPEATS * texts[like]}


def of_lists(tally: ColumnCounts, lists: Lists) -> set[str]:
    """A column's texts that stand again and again beside its most frequent one, here or in another column."""
    top = tally.values[int(tally.counts.argmax())]
    beside = set().union(*(values for values in lists if top in values))
    return beside.intersection(tally.values) if beside else beside


def built(text: str) -> str:
    """Digits as 9, capitals as A, small letters as a; signs of a script without either as they are."""
    return "".join("9" if s.isdigit() else "A" if s.isupper() else "a" if s.islower() else s for s in text)


def shape(text: str) -> str:
    """Digits and marks with every number as 9; a text with letters as it is."""
    return text if any(sign.isalpha() for sign in text) else re.sub(r"\d+(?:\.\d+)?", "9", text)
