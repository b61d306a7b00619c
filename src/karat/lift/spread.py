"""What one fold says of a lift's error: how records differ, and how the placebo's draws do.

A lift wobbles because other records could have tested, and because the changes could have met other records in
training. The first is read from what each test record adds to the score; the second from placebo draws, each drawn once
over all records and restricted to every fold. What the draws move within a record is counted with the draws alone.
"""

import base64
from collections.abc import Sequence

import numpy as np


def packed(influence: np.ndarray) -> str:
    """Influences as text for the cache."""
    return base64.b64encode(np.asarray(influence, np.float32).tobytes()).decode()


def unpacked(text: str) -> np.ndarray:
    """The inverse of ``packed``: (n,) float64."""
    return np.frombuffer(base64.b64decode(text), np.float32).astype(np.float64)


def spread(lift: np.ndarray, draws: Sequence[np.ndarray], clusters: np.ndarray) -> dict[str, dict[str, float]]:
    """A fold's ``spread`` for the certificate; nothing where influences do not say what a lift's error is.

    Parameters
    ----------
    lift : ndarray of float, shape (n,)
        Influence on the refined arm's score less that on the raw one's.
    draws : sequence of ndarray of float, shape (n,)
        Influences on the score of each placebo draw; none in the later repeats.
    clusters : ndarray of int, shape (n,)
    """
    if not len(lift) or not np.isfinite(np.stack([lift, *draws])).all():
        return {}
    entry = {"records": among_records(lift, clusters)}
    return {"spread": entry | ({"draws": within_records(draws, clusters)} if draws else {})}


def among_records(influence: np.ndarray, clusters: np.ndarray) -> float:
    """The squared error of a fold's mean over its test records.

    Parameters
    ----------
    influence : ndarray of float, shape (n,)
        What each test record adds to the score, or to a difference of scores, beyond the mean.
    clusters : ndarray of int, shape (n,)
        Records that belong together count as one.

    Source: Bayle et al. (2020), Cross-validation confidence intervals for test error; clusters as Liang & Zeger (1986).
    """
    sums = _by_cluster(influence - influence.mean(), clusters)
    return float((sums**2).sum() / len(influence) ** 2 * len(sums) / max(1, len(sums) - 1))


def within_records(draws: Sequence[np.ndarray], clusters: np.ndarray) -> float:
    """The part of ``among_records`` that is due to the draw alone: the spread over draws, record by record.

    Parameters
    ----------
    draws : sequence of ndarray of float, shape (n,)
        The influences of each draw, at least two.
    """
    sums = np.stack([_by_cluster(draw - draw.mean(), clusters) for draw in draws])
    return float(sums.var(0, ddof=1).sum() / len(draws[0]) ** 2)


def _by_cluster(values: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    _, number = np.unique(clusters, return_inverse=True)
    return np.bincount(number, values)
