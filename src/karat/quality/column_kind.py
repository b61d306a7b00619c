"""What a column holds, seen through its gaps, units and slips: numbers, times or text."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from karat.core.counts import ColumnCounts
from karat.core.degrees import MOST
from karat.core.schema import Column
from karat.core.state import derived
from karat.quality.distinct import Distinct
from karat.quality.quantities import read_quantity

MANY_TEXTS = 4096  # cost: cells that are read, spread over the column


@dataclass(frozen=True)
class ColumnKind:
    """What a column holds.

    Parameters
    ----------
    name : str
        "number", "time" or "text".
    cells : int
        Cells that hold a value: neither blank nor a word that may mean missing.
    numbers : ndarray of float64, shape (k,)
        Each distinct value as a number, or NaN.
    gap_words : dict of str to int
        Texts that always or perhaps mean missing, and how often each stands there.
    """

    name: str
    cells: int
    numbers: np.ndarray
    gap_words: dict[str, int]


def kind_of(counts: ColumnCounts, column: Column) -> ColumnKind:
    """What the column holds; kept with its counts."""
    return derived(counts, f"kind {column.key}", lambda: _kind(counts, column))


def _kind(counts: ColumnCounts, column: Column) -> ColumnKind:
    seen = Distinct.learned(counts, column)
    numbers = seen.numbers
    number = np.isfinite(numbers)
    gap = seen.gaps.strong | seen.gaps.weak
    if column.type != "timestamp":
        gap = gap | seen.gaps.day
    words = {at: int(counts.counts[at]) for at in np.flatnonzero(gap & ~number).tolist()}
    cells = int(counts.counts.sum()) - sum(words.values())
    numeric = int(counts.counts[number].sum())
    if column.type == "timestamp":
        name = "time"
    elif cells and (numeric >= MOST * cells or numeric + _measured(seen, number, words) >= 0.9 * cells):
        name = "number"
    else:
        name = "text"
    return ColumnKind(name, cells, numbers, {seen.texts[at]: n for at, n in words.items()})


def _measured(seen: Distinct, number: np.ndarray, words: dict[int, int]) -> float:
    """Cells that hold a number with a unit that is known or with one word, estimated from some of the values."""
    rest = [at for at in np.flatnonzero(~number).tolist() if at not in words]
    some = rest[:: max(1, len(rest) // MANY_TEXTS)]
    if not some:
        return 0.0
    read = {at: quantity for at in some if (quantity := read_quantity(seen.texts[at]))}
    words_behind: Counter[str] = Counter()  # one word of the column's own ("patients"), beside the units that are known
    for at, quantity in read.items():
        if quantity.unit is None:
            words_behind[quantity.behind] += int(seen.counts[at])
    own = max(words_behind, key=lambda word: (words_behind[word], word), default="")
    hits = [at for at, quantity in read.items() if quantity.unit or quantity.behind == own]
    weight = float(seen.counts[some].sum())
    return float(seen.counts[hits].sum()) / weight * float(seen.counts[rest].sum()) if hits else 0.0
