"""Where a model is at its worst: a mean hides whom it fails."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from karat.core.unit import Metric

MIN_RECORDS = 25  # unproven: scores of fewer vary more, of more hide smaller parts


@dataclass(frozen=True)
class SliceScore:
    """The score of a part of the records: its name, how many, the score, and how far that is below the rest's."""

    name: str
    records: int
    score: float
    below_rest: float


def slice_scores(
    masks: Mapping[str, np.ndarray],
    truth: np.ndarray,
    answer: np.ndarray,
    metric: Metric,
    min_records: int = MIN_RECORDS,
) -> list[SliceScore]:
    """The score of each slice of the test records, the worst first.

    Parameters
    ----------
    masks : mapping of str to ndarray of bool, shape (n,)
        Slices named before any score was seen.
    truth, answer : ndarray
        As the metric takes them.
    min_records : int
        Smaller slices are left out, as are those in which the metric says nothing.
    """
    scores = []
    for name, mask in masks.items():
        if mask.sum() < min_records or (~mask).sum() < min_records:
            continue
        inside, outside = metric.score(truth[mask], answer[mask]), metric.score(truth[~mask], answer[~mask])
        if not np.isnan(inside) and not np.isnan(outside):
            scores.append(SliceScore(name, int(mask.sum()), inside, metric.sign * (outside - inside)))
    return sorted(scores, key=lambda entry: (metric.sign * entry.score, entry.name))
