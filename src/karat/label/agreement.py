"""How far voters agree beyond chance: Krippendorff's alpha at the level of the answers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from karat.label.votes import Votes

LEVELS = ("nominal", "ordinal", "interval", "ratio")
MOST_PAIRS = 20_000  # cost: pairs of answers to different items from which chance is learned


def krippendorff_alpha(votes: Votes, level: str = "nominal") -> float:
    """Krippendorff's alpha: 1 full agreement, 0 chance, below 0 worse; NaN without two votes on an item.

    Items with one vote do not count; voters may vote on different items. Source: Krippendorff 2011, "Computing
    Krippendorff's alpha-reliability".

    Parameters
    ----------
    level : str
        "nominal", or "ordinal" in the order of the classes.
    """
    counts = votes.counts()
    total = counts.sum(axis=1)
    counts, total = counts[total > 1], total[total > 1]
    if not len(total):
        return float("nan")
    by_class = counts.sum(axis=0)
    cast = by_class.sum()
    if level == "nominal":
        observed = float(((total**2 - (counts**2).sum(axis=1)) / (total - 1)).sum() / cast)
        expected = float((cast**2 - (by_class**2).sum()) / (cast * (cast - 1)))
        return 1 - observed / expected if expected else 1.0
    below = np.cumsum(by_class)
    middle = below - by_class / 2  # the mean rank of a class; the difference of two is Krippendorff's ordinal metric
    square = (middle[:, None] - middle[None, :]) ** 2
    observed = float((((counts @ square) * counts).sum(axis=1) / (total - 1)).sum() / cast)
    expected = float(by_class @ square @ by_class / (cast * (cast - 1)))
    return 1 - observed / expected if expected else 1.0


def interval_alpha(item: np.ndarray, value: np.ndarray, level: str = "interval") -> float:
    """Alpha of numbers; NaN without two votes on an item.

    Parameters
    ----------
    item : ndarray of int, shape (m,)
    value : ndarray of float64, shape (m,)
    level : str
        "interval", squared differences; or "ratio", squared differences over sums, for numbers with a natural zero.
    """
    size = np.bincount(item)[item]
    item, value, size = item[size > 1], value[size > 1], size[size > 1]
    if not len(item):
        return float("nan")
    if level == "ratio":
        return _ratio_alpha(item, value)
    mean = (np.bincount(item, value) / np.maximum(np.bincount(item), 1))[item]
    observed = 2 * float(((value - mean) ** 2 * size / (size - 1)).sum())
    count = len(value)
    expected = 2 * float(((value - value.mean()) ** 2).sum()) * count / (count - 1)
    return 1 - observed / expected if expected else 1.0


def _ratio_alpha(item: np.ndarray, value: np.ndarray) -> float:
    def differ(left: np.ndarray, right: np.ndarray) -> np.ndarray:
        total = left + right
        return np.asarray(np.where(total == 0, 0.0, (left - right) / np.where(total == 0, 1.0, total)) ** 2)

    order = np.argsort(item, kind="stable")
    groups = np.split(value[order], np.flatnonzero(np.diff(item[order])) + 1)
    observed = sum(differ(group[:, None], group[None, :]).sum() / (len(group) - 1) for group in groups)
    levels, counts = np.unique(value, return_counts=True)
    expected = counts @ differ(levels[:, None], levels[None, :]) @ counts / (len(value) - 1)
    return float(1 - observed / expected) if expected else 1.0


def distance_alpha(item: np.ndarray, answers: Sequence[Any], distance: Callable[[Any, Any], float]) -> float:
    """Alpha of answers with any distance in [0, 1]; NaN without two votes on an item.

    Chance is learned from pairs of answers to different items, at most ``MOST_PAIRS`` of them, evenly spread.

    Parameters
    ----------
    item : ndarray of int, shape (m,)
    answers : sequence, one a vote
    distance : function of two answers to float
    """
    size = np.bincount(item)[item]
    kept = np.flatnonzero(size > 1)
    if not len(kept):
        return float("nan")
    kept = kept[np.argsort(item[kept], kind="stable")]
    groups = np.split(kept, np.flatnonzero(np.diff(item[kept])) + 1)
    observed = 0.0
    for group in groups:
        pairs = [(left, right) for at, left in enumerate(group) for right in group[at + 1 :]]
        observed += 2 * sum(distance(answers[a], answers[b]) for a, b in pairs) / (len(group) - 1)
    observed /= len(kept)
    shift = max(1, len(kept) * (len(kept) - 1) // 2 // MOST_PAIRS)
    sampled = _all_pairs(len(kept)) if shift == 1 else _spread_pairs(len(kept))
    expected = float(np.mean([distance(answers[kept[a]], answers[kept[b]]) for a, b in sampled]))
    return 1 - observed / expected if expected else 1.0


def _all_pairs(count: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(count) for b in range(a + 1, count)]


def _spread_pairs(count: int) -> np.ndarray:
    """Pairs drawn without a seed to choose: the same for the same number of votes."""
    drawn = np.random.default_rng(0).integers(0, count, (MOST_PAIRS, 2))
    return drawn[drawn[:, 0] != drawn[:, 1]]
