"""Are today's applicants those the model was made for?"""

import numpy as np

BANDS = 10  # as in Siddiqi (2006), Credit Risk Scorecards: the usual ten; more see finer changes and more chance
FLOOR = 1e-4  # definition: share of an empty band, so that its logarithm is finite


def population_stability(before: np.ndarray, after: np.ndarray, bands: int = BANDS) -> float:
    """Population stability index between two sets of one quantity: below 0.1 stable, from 0.25 another population.

    Parameters
    ----------
    before, after : ndarray of float, shapes (n,) and (m,)
        Scores or numbers, NaN for gaps; gaps are a band of their own. Bands hold equal shares of ``before``.

    The sum over bands of (share after - share before) times the logarithm of their ratio; it grows by about
    ``(bands - 1) (1 / n + 1 / m)`` by chance alone (Yurdakul & Naranjo 2020), which is taken off.
    """
    edges = np.unique(np.nanquantile(before, np.arange(1, bands) / bands)) if np.isfinite(before).any() else np.zeros(0)
    shares = [_shares(values, edges) for values in (before, after)]
    chance = (np.count_nonzero(shares[0] + shares[1]) - 1) * (1 / len(before) + 1 / len(after))
    return max(0.0, index_of(*shares) - chance)


def index_of(before: np.ndarray, after: np.ndarray) -> float:
    """The index of two sets of shares (b,)."""
    was, now = np.maximum(before, FLOOR), np.maximum(after, FLOOR)
    return float(((now - was) * np.log(now / was)).sum())


def _shares(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    code = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="left"))
    return np.bincount(code, minlength=len(edges) + 2) / max(len(values), 1)
