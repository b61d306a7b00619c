"""Do probabilities mean what they say?"""

import numpy as np
import pyarrow as pa

from karat.core.measure import wilson


def calibration_table(truth: np.ndarray, probability: np.ndarray, bands: int = 10) -> pa.Table:
    """Bands of equal width of the probability given, and how often it came true in each.

    Parameters
    ----------
    truth : ndarray of bool, shape (n,)
    probability : ndarray of float, shape (n,)
        Probability that it is true, in [0, 1].

    Returns
    -------
    pyarrow.Table
        ``from``, ``to``, ``records``, ``given`` (mean), ``came_true`` (share) with its 95 % interval ``low``, ``high``;
        empty bands are left out.
    """
    band = np.minimum((probability * bands).astype(np.int64), bands - 1)
    records = np.bincount(band, minlength=bands)
    filled = np.flatnonzero(records)
    n = records[filled]
    true = np.bincount(band, truth.astype(np.float64), bands)[filled]
    limits = [wilson(float(good), float(total)) for good, total in zip(true, n, strict=True)]
    return pa.table(
        {
            "from": filled / bands,
            "to": (filled + 1) / bands,
            "records": n,
            "given": np.bincount(band, probability, bands)[filled] / n,
            "came_true": true / n,
            "low": [low for low, _ in limits],
            "high": [high for _, high in limits],
        }
    )


def calibration_error(truth: np.ndarray, probability: np.ndarray, bands: int = 10) -> float:
    """Mean distance between what was given and what came true, weighted by records (expected calibration error).

    Source: Naeini, Cooper & Hauskrecht (2015), AAAI.
    """
    table = calibration_table(truth, probability, bands)
    off = np.abs(table["given"].to_numpy() - table["came_true"].to_numpy())
    return float((off * table["records"].to_numpy()).sum() / max(len(truth), 1))
