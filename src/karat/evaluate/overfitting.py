"""How much better a model does on what it has seen."""

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.intervals import Interval, corrected_resampled_t


def gap(seen: np.ndarray, held_out: np.ndarray, metric: Metric, test_share: float) -> Interval:
    """Score on training records less score on held-out ones, one pair a fold; above 0: learned by heart.

    Parameters
    ----------
    seen, held_out : ndarray of float, shape (j,)
        Scores by fold.
    metric : Metric
        Its sign makes more = better.
    test_share : float
        Test records per training record.
    """
    return corrected_resampled_t(metric.sign * (np.asarray(seen) - np.asarray(held_out)), test_share)
