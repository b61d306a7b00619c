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
    # Sums of ranks are whole or half numbers, exact in float64 up to 2**53.
    won = _ranks(score)[positive].sum() - n_positive * (n_positive + 1) / 2
    return float(won / (n_positive * n_negative))


def placements(truth: np.ndarray, score: np.ndarray) -> np.ndarray:
    """(n,) what each record adds to the area beyond the mean of all; NaN without both kinds.

    A record's placement is the share of the other kind that it is on the right side of, ties counted half; what is
    beyond the area is scaled by how rare its kind is. Source: DeLong, DeLong & Clarke-Pearson (1988).
    """
    positive = truth.astype(bool)
    n_positive = int(positive.sum())
    n_negative = len(positive) - n_positive
    if not n_positive or not n_negative:
        return np.full(len(positive), np.nan)
    rank, placement = _ranks(score), np.empty(len(positive))
    placement[positive] = (rank[positive] - _ranks(score[positive])) / n_negative
    placement[~positive] = 1 - (rank[~positive] - _ranks(score[~positive])) / n_positive
    kind = np.where(positive, n_positive, n_negative)
    return np.asarray((placement - placement[positive].mean()) * len(positive) / kind)


def _ranks(score: np.ndarray) -> np.ndarray:
    """(n,) from 1, the same for equal scores."""
    order = np.argsort(score, kind="stable")
    ordered = score[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    size = np.diff(np.append(first, len(ordered)))
    out = np.empty(len(score))
    out[order] = np.repeat(first + (size + 1) / 2, size)
    return out
