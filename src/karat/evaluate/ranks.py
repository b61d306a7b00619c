"""Area under the ROC curve by ranks."""

import numpy as np


def area_under_roc(truth: np.ndarray, score: np.ndarray) -> float:
    """Chance that a positive record outscores a negative one, ties counted half; NaN without both kinds.

    Parameters
    ----------
    truth : ndarray of bool, shape (n,)
    score : ndarray of float, shape (n,)

    Source: Mann & Whitney (1947); Hanley & McNeil (1982).
    """
    positive = truth.astype(bool)
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if not n_positive or not n_negative:
        return float("nan")
    order = np.argsort(score, kind="stable")
    ordered = score[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    size = np.diff(np.append(first, len(ordered)))
    # Sums of ranks are whole or half numbers, exact in float64 up to 2**53.
    rank = np.repeat(first + (size + 1) / 2, size)
    won = rank[positive[order]].sum() - n_positive * (n_positive + 1) / 2
    return float(won / (n_positive * n_negative))
