"""Which events train and which are held out: by chance within each person, or by time for all at once."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from karat.core.errors import InputError, OptionError

TRAIN, VALIDATION, TEST = 0, 1, 2  # definition: codes


@dataclass(frozen=True)
class TimeCut:
    """One split in time: what happened before a moment trains, what happens until the next is held out.

    Parameters
    ----------
    train, test : ndarray of int64
        Positions of events, rising.
    start, end : int
        The moments, in the unit of the times.
    """

    train: np.ndarray
    test: np.ndarray
    start: int
    end: int


def random_per_user(users: np.ndarray, seed: int, shares: tuple[float, float, float] = (0.8, 0.1, 0.1)) -> np.ndarray:
    """(n,) int8: train 0, validation 1, test 2; drawn for each person alone, so that everybody has some of each.

    Each person's events are cut at the rounded-down shares, so that what does not divide evenly is tested; a single
    event always trains. Later events train for earlier ones here: use it to compare learners, and ``time_cuts`` to
    know what to expect in use.

    Parameters
    ----------
    users : ndarray of int, shape (n,)
        Who did it, as codes from 0.
    shares : tuple of three floats
        Of train, validation and test, adding up to 1.

    Raises
    ------
    OptionError
        For shares that do not add up.
    """
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-9 or shares[0] == 0:
        raise OptionError(f"[prepare] shares is {shares}", "Give three shares that add up to 1, the first above 0")
    chance = np.random.default_rng(seed).random(len(users))
    order = np.lexsort((chance, users))
    counts = np.bincount(users, minlength=int(users.max(initial=-1)) + 1)
    starts = np.cumsum(counts) - counts
    place = np.empty(len(users), np.int64)
    place[order] = np.arange(len(users)) - starts[users[order]]
    mine = counts[users]
    first = np.floor(mine * shares[0] + 1e-9)
    second = np.floor(mine * (shares[0] + shares[1]) + 1e-9)
    alone = mine == 1
    out = np.zeros(len(users), np.int8)
    out[(place >= first) & ~alone] = VALIDATION
    out[(place >= second) & ~alone] = TEST
    return out


def time_cuts(times: np.ndarray, cuts: int = 4, first: float = 0.6) -> list[TimeCut]:
    """Splits forward in time: each trains on all that was known at a moment and tests on what came until the next.

    Parameters
    ----------
    times : ndarray of int64, shape (n,)
        When; events without a time (the least int64) train in no cut and test in none.
    cuts : int
        How many moments.
    first : float
        Share of the events before the first moment, in (0, 1).

    Raises
    ------
    InputError
        The times do not allow so many cuts.
    """
    known = np.flatnonzero(times != np.iinfo(np.int64).min)
    moments = np.quantile(times[known], np.linspace(first, 1, cuts + 1), method="lower") if len(known) else np.zeros(0)
    edges = [int(edge) for edge in moments]
    if len(set(edges)) < cuts + 1:
        counted = f"{len(np.unique(times[known])):,} different times in {len(known):,} events"
        raise InputError(f"there are only {counted}", f"Give a column with {cuts + 1} different times or more")
    out = []
    for start, end in pairwise(edges):
        train = known[times[known] < start]
        last = end == edges[-1]
        inside = (times[known] >= start) & ((times[known] <= end) if last else (times[known] < end))
        if len(train) and inside.any():
            out.append(TimeCut(train, known[inside], start, end))
    return out
