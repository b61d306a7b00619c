"""How alike the records of a pair are, column by column, in a few levels each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from karat.clean.link.candidates import Weighted, weighted
from karat.clean.link.profile import Compared, number
from karat.core.state import derived

# flat from half to double (benchmarks/constants.md): similarities that part the levels; more fit closer and need
# more pairs
EDIT = (0.5, 0.65, 0.8, 0.9)
COSINE = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # unproven: likewise
RATIO = (1.0, 0.5, 0.2, 0.05, 0.01)  # unproven: how far apart two numbers are, as a share, from the least alike
# flat from half to double (benchmarks/constants.md): share of the records that have the value both agree in
RARE = (0.1, 0.02, 0.005, 0.001)
MARGIN = (-0.3, -0.2, -0.1, -0.05, -0.02, 0.0, 0.02, 0.05, 0.1, 0.2, 0.3)  # unproven: how far a pair leads its rivals


@dataclass(frozen=True)
class Comparison:
    """One column's levels of likeness for all pairs.

    Parameters
    ----------
    levels : ndarray of int64, shape (p,)
        0 the least alike; -1 where either side is missing.
    count : int
        Number of levels.
    unlike : int
        Up to this level the two values contradict each other; -1 for what is no column.
    """

    name: str
    levels: np.ndarray
    count: int
    unlike: int = -1

    @property
    def contradicts(self) -> np.ndarray:
        """(p,) bool: both sides have a value, and they have nothing to do with each other."""
        out: np.ndarray = (self.levels >= 0) & (self.levels <= self.unlike)
        return out


def compare(column: Compared, at: np.ndarray, to: np.ndarray, *, within: bool) -> Comparison:
    """The levels of one column for pairs of positions."""
    if column.kind == "number":
        return _numbers(column, at, to)
    missing = _missing(column, at, to)
    if column.kind == "long":
        vectors = derived(column, "vectors", lambda: weighted(column.left, None if within else column.right))
        levels = np.searchsorted(COSINE, vectors.similarity(at, to), "right")
        return Comparison(column.name, np.where(missing, -1, levels), len(COSINE) + 1, 3)
    return _short(column, at, to, missing)


def _missing(column: Compared, at: np.ndarray, to: np.ndarray) -> np.ndarray:
    blank, other = (np.array([not text for text in side], bool) for side in (column.left, column.right))
    return blank[at] | other[to]


def _short(column: Compared, at: np.ndarray, to: np.ndarray, missing: np.ndarray) -> Comparison:
    """Edit distance with transpositions; equal values count more, the rarer they are."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    names, codes, share = derived(column, "codes", lambda: _codes(column))
    left, right = codes[0][at], codes[1][to]
    pairs, back = np.unique(np.stack([left, right], axis=1), axis=0, return_inverse=True)
    a, b = ([names[code] for code in pairs[:, side]] for side in (0, 1))
    # in float32, two wrong letters of twenty are less than 0.9
    alike = cpdist(a, b, scorer=OSA.normalized_similarity, workers=1, dtype=np.float64) if len(a) else np.zeros(0)
    levels = np.searchsorted(EDIT, alike, "right")
    share = share[pairs[:, 0]]
    same = pairs[:, 0] == pairs[:, 1]
    levels = np.where(same, len(EDIT) + 1 + sum((share < limit).astype(int) for limit in RARE), levels)
    return Comparison(column.name, np.where(missing, -1, levels[back.ravel()]), len(EDIT) + len(RARE) + 2, 1)


def _codes(column: Compared) -> tuple[list[str], list[np.ndarray], np.ndarray]:
    """The values of both sides, the cells as their numbers, and the share of the records that have each."""
    names = sorted({*column.left, *column.right})
    place = {name: code for code, name in enumerate(names)}
    sides = [np.array([place[text] for text in side], np.int64) for side in (column.left, column.right)]
    cells = sides[0] if column.right is column.left else np.concatenate(sides)
    return names, sides, np.bincount(cells, minlength=len(names)) / max(1, len(cells))


def _numbers(column: Compared, at: np.ndarray, to: np.ndarray) -> Comparison:
    a = np.array([number(text) for text in column.left])[at]
    b = np.array([number(text) for text in column.right])[to]
    apart = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-9)
    levels = sum((apart <= limit).astype(int) for limit in RATIO)
    return Comparison(column.name, np.where(np.isnan(apart), -1, levels), len(RATIO) + 1, 2)


def likeness(vectors: Weighted, at: np.ndarray, to: np.ndarray) -> tuple[np.ndarray, Comparison]:
    """Cosine of whole records, and its levels."""
    value = vectors.similarity(at, to)
    return value, Comparison("the whole record", np.searchsorted(COSINE, value, "right"), len(COSINE) + 1)


def margin(value: np.ndarray, ways: Sequence[np.ndarray]) -> Comparison:
    """How much more alike a pair is than the best other pair of its records.

    Parameters
    ----------
    value : ndarray of float64, shape (p,)
    ways : sequence of ndarray of int64, shape (p,)
        The records of the pairs, of each side that has at most one partner.
    """
    best = np.zeros(len(value))
    for record in ways:
        best = np.maximum(best, _rival(value, record))
    return Comparison("other candidates", np.searchsorted(MARGIN, value - best, "right"), len(MARGIN) + 1)


def _rival(value: np.ndarray, record: np.ndarray) -> np.ndarray:
    """(p,) the best value among a record's other pairs, 0 where it has none."""
    size = int(record.max()) + 1 if len(record) else 0
    first, second, holder = np.zeros(size), np.zeros(size), np.full(size, -1)
    order = np.argsort(value, kind="stable")  # rising, so that the last one written is the best
    first[record[order]], holder[record[order]] = value[order], order
    rest = order[holder[record[order]] != order]
    second[record[rest]] = value[rest]
    out: np.ndarray = np.where(holder[record] == np.arange(len(value)), second[record], first[record])
    return out
