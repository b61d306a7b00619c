"""What a change of a column costs the model, estimated on records with known answers.

Two stories explain a changed column. Its *values* changed: the same cases are written otherwise, so reference records
get the window's values. Or the *population* changed: other cases came, so reference records are weighed. The other
columns tell which: where weighing by this column explains how they moved too, it is the population.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Z = 1.959964  # definition: of a two-sided 95 % interval
BINS = 20  # cost: of a numeric column for weights; more follow the window closer and make the weights wilder
SWEEPS = 20  # cost: of raking; it changes little after ten (Deming and Stephan 1940)
LOOSENED = 4.0  # definition: standard errors; beyond them lies one of 16,000 normal numbers


@dataclass(frozen=True)
class Cost:
    """Change of the mean loss a record.

    Parameters
    ----------
    mean, low, high : float
        With a 95 % interval; above 0 the model does worse.
    story : str
        "values" or "population".
    """

    mean: float
    low: float
    high: float
    story: str


def coupled(reference: np.ndarray, window: np.ndarray, mixing: float, random: np.random.Generator) -> np.ndarray:
    """For each reference record the window record whose value it gets, (n,) int64; -1: it keeps its own.

    Parameters
    ----------
    reference, window : ndarray
        Numbers with NaN, or texts with "" where missing.
    mixing : float
        Share of the numbers that are drawn at random; the others keep their rank, as in optimal transport.
    """
    if reference.dtype.kind == "f":
        return _numbers_coupled(reference, window, mixing, random)
    return _texts_coupled(reference, window, random)


def _numbers_coupled(
    reference: np.ndarray, window: np.ndarray, mixing: float, random: np.random.Generator
) -> np.ndarray:
    gaps = [np.isnan(part) for part in (reference, window)]
    out = np.full(len(reference), -1, np.int64)
    filled, blank = np.flatnonzero(~gaps[1]), np.flatnonzero(gaps[1])
    own = np.flatnonzero(~gaps[0])
    if len(filled) and len(own):
        rank = np.empty(len(own), np.int64)
        rank[np.lexsort((random.random(len(own)), reference[own]))] = np.arange(len(own))
        loose = random.random(len(own)) < mixing
        rank[loose] = random.permutation(rank[loose])
        order = filled[np.argsort(window[filled], kind="stable")]
        out[own] = order[rank * len(order) // len(own)]
    before, after = gaps[0].mean(), gaps[1].mean()
    if len(blank) and after > before:
        lost = own[random.random(len(own)) < (after - before) / (1 - before)]
        out[lost] = random.choice(blank, len(lost))
    elif len(filled) and after < before:
        gone = np.flatnonzero(gaps[0])
        found = gone[random.random(len(gone)) < (before - after) / before]
        out[found] = random.choice(filled, len(found))
    return out


def _texts_coupled(reference: np.ndarray, window: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Every category keeps what it can; what is too many moves to those that have become more."""
    values, codes = np.unique(np.concatenate([reference, window]), return_inverse=True)
    own, other = codes[: len(reference)], codes[len(reference) :]
    before = np.bincount(own, minlength=len(values)) / len(own)
    after = np.bincount(other, minlength=len(values)) / len(other)
    out = np.full(len(own), -1, np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        leaving = np.nan_to_num(np.clip(before - after, 0, None) / before)
        coming = np.clip(after - before, 0, None) / after
    moved = np.flatnonzero(random.random(len(own)) < leaving[own])
    weight = np.nan_to_num(coming)[other]
    if len(moved) and weight.sum() > 0:
        out[moved] = random.choice(len(other), len(moved), p=weight / weight.sum())
    return out


def mixing(reference: np.ndarray, window: np.ndarray, others: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Share of a column's values that no longer go with the other columns as they did, from rank correlations.

    The column that went with it most tells; 0 where the fall is within ``LOOSENED`` standard errors.
    """
    pairs = [(_correlation(reference, left), _correlation(window, right)) for left, right in others]
    if not pairs:
        return 0.0
    before, after = max(pairs, key=lambda pair: abs(pair[0]))
    error = np.sqrt(1 / len(reference) + 1 / len(window))
    fall = (before - after) * np.sign(before)
    return float(np.clip(fall / abs(before), 0.0, 1.0)) if fall > LOOSENED * error else 0.0


def _correlation(left: np.ndarray, right: np.ndarray) -> float:
    from scipy.stats import rankdata

    known = ~(np.isnan(left) | np.isnan(right))
    if known.sum() < 3:
        return 0.0
    ranks = [rankdata(part[known]) for part in (left, right)]
    spread = [part.std() for part in ranks]
    if min(spread) == 0:
        return 0.0
    return float(((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())).mean() / (spread[0] * spread[1]))


def binned(reference: np.ndarray, window: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Both as codes of the same bins, and the number of bins."""
    if reference.dtype.kind != "f":
        values, codes = np.unique(np.concatenate([reference, window]), return_inverse=True)
        return codes[: len(reference)], codes[len(reference) :], len(values)
    known = reference[~np.isnan(reference)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1))) if len(known) else np.zeros(1)
    outside = [np.searchsorted(edges, np.nan_to_num(part), side="right") for part in (reference, window)]
    placed = [np.where(np.isnan(p), len(edges) + 1, c) for p, c in zip((reference, window), outside, strict=True)]
    top = np.max(known, initial=-np.inf)
    last = len(edges)  # the largest value of the reference belongs to the last bin, what lies beyond does not
    placed[0] = np.where((placed[0] == last) & (reference <= top), last - 1, placed[0])
    placed[1] = np.where((placed[1] == last) & (window <= top), last - 1, placed[1])
    return placed[0], placed[1], len(edges) + 2


def raked(columns: Sequence[tuple[np.ndarray, np.ndarray, int]], size: int) -> np.ndarray | None:
    """Weights (n,), mean 1, under which the reference has the window's shares in every column.

    None where the window has more than a few records in bins in which the reference has none.
    """
    weights = np.ones(size)
    shares = []
    for own, other, bins in columns:
        before, after = (np.bincount(part, minlength=bins) / len(part) for part in (own, other))
        if after[before == 0].sum() > len(other) ** -0.5:
            return None
        shares.append(after)
    for _ in range(SWEEPS if len(columns) > 1 else 1):
        for (own, _, bins), wanted in zip(columns, shares, strict=True):
            now = np.bincount(own, weights, minlength=bins) / weights.sum()
            with np.errstate(divide="ignore", invalid="ignore"):
                weights = weights * np.nan_to_num(wanted / now, posinf=0.0)[own]
    total = weights.sum()
    return weights * (size / total) if total > 0 else None


def explains(weights: np.ndarray, others: Sequence[tuple[np.ndarray, np.ndarray]]) -> bool:
    """Do the other columns move as the weights say?"""
    plain = weighed = noise = 0.0
    for reference, window in others:
        error = 1 / len(reference) + 1 / len(window)
        own, other, bins = binned(reference, window)
        after = np.bincount(other, minlength=bins) / len(other)
        for weight in (None, weights):
            before = np.bincount(own, weight, minlength=bins) / len(own)
            apart = float(np.abs(np.cumsum(before - after)).max()) ** 2
            if weight is None:
                plain, noise = plain + apart, noise + error
            else:
                weighed += apart
    return plain > 2 * noise and weighed < plain / 2  # more than half of what moved


def carried(before: np.ndarray, after: np.ndarray, weights: np.ndarray | None) -> Cost:
    """The cost from the losses of reference records as they are and as they would be.

    Parameters
    ----------
    before, after : ndarray, shape (n,)
        Loss a record.
    weights : ndarray, shape (n,), or None
        Mean 1; None: all count alike, and it is the values that changed.
    """
    weight = np.ones(len(before)) if weights is None else weights
    mean = float((weight * after).mean() - before.mean())
    spread = weight * (after - (weight * after).mean()) - (before - before.mean())
    error = Z * float(spread.std()) / len(before) ** 0.5
    return Cost(mean, mean - error, mean + error, "values" if weights is None else "population")


def losses(answers: np.ndarray, truth: np.ndarray, scale: float) -> np.ndarray:
    """Loss a record, (n,): half the Brier score of probabilities (n, k), or the squared error over ``scale``."""
    if answers.ndim == 1:
        return (answers - truth) ** 2 / scale
    hit = np.zeros_like(answers)
    hit[np.arange(len(truth)), truth.astype(np.int64)] = 1.0
    return 0.5 * ((answers - hit) ** 2).sum(axis=1)


def without_labels(reference: np.ndarray, loss: np.ndarray, window: np.ndarray) -> Cost:
    """The cost estimated from the answers alone: what answers as sure as these have cost (after CBPE, NannyML 2021).

    Parameters
    ----------
    reference, window : ndarray, shape (n, k) and (m, k)
        Probabilities.
    loss : ndarray, shape (n,)
        What the reference's answers cost.
    """
    from sklearn.isotonic import IsotonicRegression

    own = [1.0 - (part**2).sum(axis=1) for part in (reference, window)]
    curve = IsotonicRegression(out_of_bounds="clip").fit(own[0], loss)
    there, here = curve.predict(own[0]), curve.predict(own[1])
    mean = float(here.mean() - there.mean())
    error = Z * float(np.sqrt(loss.var() / len(loss) + here.var() / len(here)))
    return Cost(mean, mean - error, mean + error, "population")
