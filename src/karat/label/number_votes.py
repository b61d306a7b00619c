"""Numbers: the value behind many measurements, with a bias and a spread for everybody who measured."""

from dataclasses import dataclass

import numpy as np

HEAVY = 4.0  # degrees of freedom of the t distribution: Lange, Little and Taylor 1989
ROUNDS = 100  # cost: estimates settle in twenty or thirty
SETTLED = 1e-6  # cost: mean move, in spreads, from which further rounds change later digits
PSEUDO = 3.0  # unproven: votes at the spread of all voters that each one starts with
NORMAL = 1.4826  # definition: a median absolute deviation as a standard deviation of normal errors
TINY = 1e-12  # definition: a spread is above 0
METHODS = ("weighted", "median", "mean")


@dataclass(frozen=True, eq=False)
class MeasuredItems:
    """What numbers come to.

    Parameters
    ----------
    value, error : ndarray of float64, shape (n,)
        The estimate of each item and its standard error; an item without votes has the usual value and spread.
    bias, spread : ndarray of float64, shape (v,)
        What each voter adds, and the standard deviation of the rest.
    usual : float
        Standard deviation of the truth over items.
    """

    value: np.ndarray
    error: np.ndarray
    bias: np.ndarray
    spread: np.ndarray
    usual: float


@dataclass(frozen=True, eq=False)
class NumberVotes:
    """Numbers as votes.

    Parameters
    ----------
    item, voter : ndarray of int32, shape (m,)
    value : ndarray of float64, shape (m,)
    """

    item: np.ndarray
    voter: np.ndarray
    value: np.ndarray
    items: int
    voters: int

    def centre(self, method: str) -> np.ndarray:
        """(n,) mean or median of each item; NaN without votes."""
        count = np.bincount(self.item, minlength=self.items)
        if method == "mean":
            return np.where(count, np.bincount(self.item, self.value, self.items) / np.maximum(count, 1), np.nan)
        order = np.lexsort((self.value, self.item))
        start = np.cumsum(count) - count
        ranked = np.append(self.value[order], np.nan)
        low = np.where(count, start + (count - 1) // 2, len(ranked) - 1)
        high = np.where(count, start + count // 2, len(ranked) - 1)
        middle: np.ndarray = (ranked[low] + ranked[high]) / 2
        return middle


def measured(
    votes: NumberVotes, method: str = "weighted", gold: tuple[np.ndarray, np.ndarray] | None = None
) -> MeasuredItems:
    """Estimates of all items.

    ``weighted``: a vote is the truth plus its voter's bias and noise with heavy tails; who agrees with the others
    weighs more, a far-out vote little, and a constant bias is taken off. Expectation and maximisation start
    from the medians. The level of all voters together cannot be known without known answers; its doubt is part of the
    error.

    Parameters
    ----------
    method : str
        One of ``METHODS``.
    gold : tuple of ndarray, optional
        Items (g,) and their true values (g,).
    """
    if method != "weighted":
        return _plain(votes, method, gold)
    item, voter, value, n, v = votes.item, votes.voter, votes.value, votes.items, votes.voters
    known = np.zeros(n, bool)
    truth = votes.centre("median")
    truth = np.where(np.isnan(truth), np.nanmedian(truth), truth)
    if gold is not None:
        known[gold[0]], truth[gold[0]] = True, gold[1]
    voted = np.bincount(item, minlength=n) > 0
    scale = _scale(value - truth[item])
    doubt, bias, bias_doubt = np.full(n, scale**2), np.zeros(v), np.full(v, scale**2)
    spread, prior_bias = np.full(v, scale**2), scale**2
    cast = np.bincount(voter, minlength=v)
    for _ in range(ROUNDS):
        rest = value - truth[item] - bias[voter]
        square = rest**2 + doubt[item] + bias_doubt[voter]
        weight = (HEAVY + 1) / (HEAVY + square / spread[voter])
        pooled = float((weight * square).sum() / len(value))
        spread = (np.bincount(voter, weight * square, v) + PSEUDO * pooled) / (cast + PSEUDO) + (TINY * scale) ** 2
        sure = weight / spread[voter]
        strength = np.bincount(voter, sure, v) + 1 / prior_bias
        bias, bias_doubt = np.bincount(voter, sure * (value - truth[item]), v) / strength, 1 / strength
        if gold is None:
            bias -= np.average(bias, weights=cast)
        prior_bias = max(float(np.average(bias**2 + bias_doubt, weights=cast)), (TINY * scale) ** 2)
        middle = float(np.mean(truth[voted]))
        usual = max(float(np.mean((truth[voted] - middle) ** 2 + doubt[voted])), scale**2 * TINY)
        strength = np.bincount(item, sure, n) + 1 / usual
        fresh = (np.bincount(item, sure * (value - bias[voter]), n) + middle / usual) / strength
        fresh[known], doubt = truth[known], np.where(known, 0.0, 1 / strength)
        moved = float(np.mean(np.abs(fresh - truth))) / scale
        truth = fresh
        if moved < SETTLED:
            break
    share = np.bincount(item, (sure / strength[item]) ** 2 * bias_doubt[voter], n)
    level = 0.0 if gold is not None else prior_bias / max(int((cast > 0).sum()), 1)
    error = np.sqrt(np.where(known, 0.0, doubt + share + np.where(voted, level, 0.0)))
    return MeasuredItems(truth, error, bias, np.sqrt(spread), usual**0.5)


def _plain(votes: NumberVotes, method: str, gold: tuple[np.ndarray, np.ndarray] | None) -> MeasuredItems:
    value = votes.centre(method)
    usual = float(np.nanstd(value))
    rest = votes.value - value[votes.item]
    count = np.bincount(votes.item, minlength=votes.items)
    single = float((rest**2).sum() / max(len(rest) - int((count > 0).sum()), 1)) ** 0.5
    error = np.where(count, single / np.sqrt(np.maximum(count, 1)), usual)
    value = np.where(count, value, np.nanmean(value))
    if gold is not None:
        value[gold[0]], error[gold[0]] = gold[1], 0.0
    rest = votes.value - value[votes.item]
    cast = np.maximum(np.bincount(votes.voter, minlength=votes.voters), 1)
    bias = np.bincount(votes.voter, rest, votes.voters) / cast
    spread = np.sqrt(np.bincount(votes.voter, (rest - bias[votes.voter]) ** 2, votes.voters) / cast)
    return MeasuredItems(value, error, bias, spread, usual)


def _scale(rest: np.ndarray) -> float:
    """A spread that is above 0."""
    middle = NORMAL * float(np.median(np.abs(rest)))
    return middle or float(np.std(rest)) or 1.0
