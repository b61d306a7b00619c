"""What a model leans on."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.intervals import Interval, corrected_resampled_t


def permutation_importance(
    features: np.ndarray,
    groups: Mapping[str, Sequence[int]],
    truth: np.ndarray,
    predict: Callable[[np.ndarray], np.ndarray],
    metric: Metric,
    *,
    draws: int = 5,
    seed: int = 0,
) -> dict[str, Interval]:
    """How far the score falls when a column's values are dealt anew among the held-out records.

    Parameters
    ----------
    features : ndarray, shape (n, d)
        Of records the model has not seen.
    groups : mapping of str to sequence of int
        The features that each raw column became; they are dealt together.
    truth : ndarray, shape (n,)
    predict : callable
        Answers of features (n, d).
    draws : int
        At least 2.

    Returns
    -------
    dict of str to Interval
        By column, the largest fall first. Columns that say the same share it out between them.

    Source: Breiman (2001); Fisher, Rudin & Dominici (2019), JMLR 20.
    """
    whole = metric.score(truth, predict(features))
    random = np.random.default_rng(seed)
    orders = [random.permutation(len(features)) for _ in range(draws)]
    importances = {}
    for name, at in groups.items():
        falls = []
        for order in orders:
            dealt = features.copy()
            dealt[:, list(at)] = features[order][:, list(at)]
            falls.append(metric.sign * (whole - metric.score(truth, predict(dealt))))
        importances[name] = corrected_resampled_t(np.array(falls), 0.0)
    return dict(sorted(importances.items(), key=lambda item: (-item[1].mean, item[0])))
