"""Columns that name the same things: a code beside its label, each value of one with its own value of the other.

Which value goes with which is an assignment. It is sought by the logarithm of the counts, so that a mistake made a
thousand times does not take a rarer value's place: a pairing that leaves a value without its partner costs more.

Source: Kuhn (1955), The Hungarian method for the assignment problem.
"""

import numpy as np

from karat.kernels.group_counts import BLANK, GroupCounts

# Chosen in sight of 92 untouched tables, adult and the lakes: no pair of columns of the untouched is
# accepted, see benchmarks/dependencies.md
FEWEST, MOST = 5, 600  # values with a partner; as above
TWICE = 2  # records that hold a value and its partner; as above
OFTEN, STRAY = 6, 0.005  # values that occur so often have a partner each, but for this share of the records; as above
SHARE = 0.8  # of the records keep the pairing; two columns of one untouched table reach .75 and are none; as above


def partners(votes: GroupCounts) -> np.ndarray | None:
    """(g,) the value that goes with each key, ``BLANK`` where none does; None where the columns are no pairing.

    Parameters
    ----------
    votes : Votes
        The last two values are the blank and what was never seen.
    """
    key, value = np.searchsorted(votes.keys, votes.joint // votes.size), votes.joint % votes.size
    known = value < votes.size - 2
    key, (values, value), count = key[known], np.unique(value[known], return_inverse=True), votes.count[known]
    if not FEWEST <= min(len(votes.keys), len(values)) <= max(len(votes.keys), len(values)) <= MOST:
        return None
    together = np.zeros((len(votes.keys), len(values)))
    together[key, value] = count
    total = together.sum()
    if min(_most(together), _most(together.T)) < SHARE * total:
        return None
    row, column = _assigned(together)
    keep = together[row, column] >= TWICE
    row, column = row[keep], column[keep]
    alone = sum(_often(together.sum(axis=axis), place) for axis, place in ((1, row), (0, column)))
    if len(row) < FEWEST or together[row, column].sum() < SHARE * total or alone > STRAY * total:
        return None
    out = np.full(len(votes.keys), BLANK)
    out[row] = values[column]
    return out


def _most(together: np.ndarray) -> float:
    """No assignment keeps more: of the rows that have one column most often, all but one get their second at best."""
    second, first = np.partition(together, -2, axis=1)[:, -2:].T
    column, gap = together.argmax(axis=1), first - second
    spared = np.zeros(together.shape[1])
    np.maximum.at(spared, column, gap)
    return float(first.sum() - gap.sum() + spared.sum())


def _assigned(together: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from scipy.optimize import linear_sum_assignment

    row, column = linear_sum_assignment(np.log1p(together), maximize=True)
    return np.asarray(row), np.asarray(column)


def _often(count: np.ndarray, paired: np.ndarray) -> float:
    """Records of the values without a partner that occur too often to be errors."""
    alone = count.copy()
    alone[paired] = 0
    return float(alone[alone >= OFTEN].sum())
