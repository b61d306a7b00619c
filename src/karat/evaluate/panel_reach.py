"""Intervals around forecasts of many series from how far forecasts of earlier windows were off."""

from dataclasses import dataclass

import numpy as np

OWN = 2.0  # definition: windows of its own that weigh as much as those of all series together
FEW = 2.0  # benchmarks/forecast_series.md: the widths that held 90 % on the half of the series where it was chosen
NORMAL = 1.645 * 1.2533  # definition: half the 90 % interval of a normal error, in units of its mean size
WALK = 0.5  # definition: how errors of a random walk grow with the steps, as a power of their number
STEEPEST = 1.0  # definition: errors of a trend that turns grow in proportion


@dataclass(frozen=True, eq=False)
class PanelReach:
    """Half the width of each series' interval, in units of its scale, growing as a power of the steps ahead.

    Parameters
    ----------
    level : float
        Share of truths that the intervals are meant to hold, in (0, 1).
    power : float
        In [0, 1].
    widths : ndarray of float64, shape (series,)
        At one step ahead.
    """

    level: float
    power: float
    widths: np.ndarray

    def half(self, scale: np.ndarray, horizon: int) -> np.ndarray:
        """(series, horizon) half widths in the target's unit, from the scales (series,)."""
        steps = np.arange(1, horizon + 1, dtype=np.float64) ** self.power
        return np.asarray(self.widths[:, None] * scale[:, None] * steps)

    @classmethod
    def of(cls, off: np.ndarray, level: float = 0.9) -> "PanelReach":
        """From scaled errors of earlier windows.

        Parameters
        ----------
        off : ndarray of float64, shape (windows, series, horizon)
            Truth minus forecast, in units of the scale; NaN where not known.

        One series' quantile comes from all series where it has few windows, and from its own the more of them there
        are. Few windows show too little of what can happen: the widths are larger by a share that falls with their
        number. The promise holds where later errors are like the earlier ones; so its coverage is measured.

        Source: Lei, G'Sell, Rinaldo, Tibshirani & Wasserman (2018), Distribution-free predictive inference, JASA 113.
        """
        sizes = np.abs(off)
        _, series, horizon = sizes.shape
        known = np.isfinite(sizes)
        if not known.any():
            return cls(level, WALK, np.full(series, NORMAL))
        power = _power(sizes)
        units = sizes / np.arange(1, horizon + 1, dtype=np.float64) ** power
        counts = known.any(axis=2).sum(axis=0)
        own = np.array([_mean(units[:, at]) for at in range(series)])
        usual = float(np.nanmean(own)) or 1.0
        ratio = np.where(counts > 0, (counts * np.nan_to_num(own / usual) + OWN) / (counts + OWN), 1.0)
        ratio = ratio if series > 1 else np.ones(1)
        relative = units / (ratio * usual)[None, :, None]
        quantile = _quantile(relative[np.isfinite(relative)], level)
        more = 1 + FEW / np.maximum(counts, 1)
        return cls(level, power, quantile * usual * ratio * more)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _quantile(values: np.ndarray, level: float) -> float:
    """The least of the values that is at least as large as a share ``level`` of one more than all."""
    ordered = np.sort(values)
    return float(ordered[min(len(ordered), int(np.ceil((len(ordered) + 1) * level))) - 1])


def _power(sizes: np.ndarray) -> float:
    """How the mean error grows with the steps: the slope of its logarithm, in [0, 1]."""
    count = np.isfinite(sizes).sum(axis=(0, 1))
    total = np.where(np.isfinite(sizes), sizes, 0.0).sum(axis=(0, 1))
    mean = total / np.maximum(count, 1)
    fit = mean > 0
    if fit.sum() < 2:
        return WALK
    steps = np.log(np.arange(1, len(mean) + 1)[fit])
    slope = np.polyfit(steps, np.log(mean[fit]), 1, w=np.sqrt(count[fit]))[0]
    return float(np.clip(slope, 0.0, STEEPEST))


def held(off: np.ndarray, level: float = 0.9) -> float:
    """The share of truths inside intervals that were told from the other windows; NaN with fewer than two windows."""
    windows = len(off)
    inside, total = 0, 0
    for window in range(windows if windows > 1 else 0):
        rest = np.delete(off, window, axis=0)
        reach = PanelReach.of(rest, level)
        half = reach.half(np.ones(off.shape[1]), off.shape[2])
        known = np.isfinite(off[window])
        inside += int((np.abs(off[window])[known] <= half[known]).sum())
        total += int(known.sum())
    return inside / total if total else float("nan")
