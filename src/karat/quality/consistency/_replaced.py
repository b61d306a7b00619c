"""Numbers in which a character was replaced by another: what the column holds that fits the rest."""

from collections import defaultdict

import numpy as np

from karat.core.counts import ColumnCounts
from karat.core.state import derived

OFTEN = 2  # cells from which a value is no slip itself; unproven
MOST_REPLACED = 2  # unproven: more characters fit other numbers by chance


def fitting(text: str, tally: ColumnCounts) -> list[str]:
    """Values of the column, of the same length, that differ from a text only where it holds no digit; at most two.

    One such value is what was meant; two say that it cannot be known.
    """
    fits: list[str] = []
    for value in _by_length(tally).get(len(text), ()):
        apart = [at for at, (char, meant) in enumerate(zip(text, value, strict=True)) if char != meant]
        if 0 < len(apart) <= MOST_REPLACED and not any(text[at].isdigit() for at in apart):
            fits.append(value)
            if len(fits) == 2:
                break
    return fits


def _by_length(tally: ColumnCounts) -> dict[int, list[str]]:
    """Values with a digit that stand more than once, by their length."""

    def make() -> dict[int, list[str]]:
        out: dict[int, list[str]] = defaultdict(list)
        for at in np.flatnonzero(tally.counts >= OFTEN).tolist():
            value = tally.values[at]
            if any(ch.isdigit() for ch in value):
                out[len(value)].append(value)
        return dict(out)

    return derived(tally, "values by length", make)
