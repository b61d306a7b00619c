"""Intervals around forecasts from how far earlier forecasts were off: no shape of the error is taken for granted."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Reach:
    """Half the width of the interval at each step ahead.

    Parameters
    ----------
    level : float
        Share of truths that the intervals are meant to hold, in (0, 1).
    widths : ndarray of float64, shape (horizon,)
        In units of ``scale``; not falling with the steps.
    floor : float
        Least scale.
    """

    level: float
    widths: np.ndarray
    floor: float

    def half(self, steps: np.ndarray, scale: np.ndarray) -> np.ndarray:
        """(n,) half widths at steps (n,) int from 1, in the target's unit."""
        return np.asarray(self.widths[np.clip(steps, 1, len(self.widths)) - 1] * scale_of(scale, self.floor))


def scale_of(scale: np.ndarray, floor: float) -> np.ndarray:
    """How restless a series was of late (n,), never below a floor, which also stands where that is not known."""
    return np.maximum(np.nan_to_num(np.asarray(scale, np.float64), nan=floor), floor)


def reach_of(off: np.ndarray, steps: np.ndarray, scale: np.ndarray, horizon: int, level: float = 0.9) -> Reach:
    """Split conformal half widths from the errors of forecasts that were made before the truth was known.

    Parameters
    ----------
    off : ndarray of float64, shape (n,)
        Truth minus forecast, on records later than all that trained.
    steps : ndarray of int64, shape (n,)
        From 1 to ``horizon``.
    scale : ndarray of float, shape (n,)
        How restless the series was before the forecast; errors are told in units of it, so that calm times get
        narrow intervals.

    The promise holds where later errors are like the earlier ones; in a series they need not be, so measure it.
    Source: Lei, G'Sell, Rinaldo, Tibshirani & Wasserman (2018), Distribution-free predictive inference, JASA 113.
    """
    known = np.asarray(scale)[np.isfinite(scale)]
    floor = max(float(np.quantile(known, 0.25)) if len(known) else 0.0, 1e-9)
    worst = np.abs(off) / scale_of(scale, floor)
    tried = np.unique(steps)
    ends = []
    for step in tried.tolist():
        mine = np.sort(worst[steps == step])
        ends.append(mine[min(len(mine), int(np.ceil((len(mine) + 1) * level))) - 1])
    widths = np.interp(np.arange(1, horizon + 1), tried, ends)  # steps between those that were tried
    return Reach(level, np.maximum.accumulate(widths), floor)
