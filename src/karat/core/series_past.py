"""One series up to a moment: what every way to forecast it reads."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

STRONG = 1.645  # Fiorucci et al. (2016), sect. 4: one-sided 5 % of a normal, for the correlation a season apart
CYCLES = 4  # cost: first seasons that initial seasonal states are told from


@dataclass(frozen=True, eq=False)
class SeriesPast:
    """One series up to a moment, on a grid of even steps.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        In order of time, NaN where a step has no record; the first is known.
    seasons : tuple of int
        Steps each season has, the shortest first; empty without one.
    known : ndarray of float64, shape (n + horizon, k)
        Columns that are known for the steps to come as well; NaN for gaps.
    calendar : ndarray of float64, shape (n + horizon, c)
        Parts of the date of each step.
    beside : ndarray of float64, shape (n, j)
        Other columns, known up to now alone; NaN for gaps.
    """

    values: np.ndarray
    seasons: tuple[int, ...] = ()
    known: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    calendar: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    beside: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    @cached_property
    def whole(self) -> np.ndarray:
        """The values with gaps bridged by a straight line plus the season's shape, where there is one."""
        gaps = np.isnan(self.values)
        if not gaps.any():
            return self.values
        at = np.arange(len(self.values))
        line = np.interp(at, at[~gaps], self.values[~gaps])
        if not self.seasons:
            return line
        season = self.seasons[0]
        shape = np.zeros(season)
        off = self.values - moving_mean(line, season)
        for place in range(season):
            mine = off[place::season]
            shape[place] = mine[~np.isnan(mine)].mean() if (~np.isnan(mine)).any() else 0.0
        own = self.values - shape[at % season]
        return np.where(gaps, np.interp(at, at[~gaps], own[~gaps]) + shape[at % season], self.values)

    def until(self, n: int, ahead: int) -> "SeriesPast":
        """The first ``n`` steps, with what is known ``ahead`` steps beyond them."""
        known, calendar = (side[: n + ahead] for side in (self.known, self.calendar))
        return SeriesPast(self.values[:n], self.seasons, known, calendar, self.beside[:n])

    @property
    def season(self) -> int:
        """The shortest season's steps; 1 without one."""
        return self.seasons[0] if self.seasons else 1

    @property
    def positive(self) -> bool:
        """All known values lie above zero."""
        return bool(np.nanmin(self.values) > 0)

    @property
    def never_negative(self) -> bool:
        """No known value lies below zero."""
        return bool(np.nanmin(self.values) >= 0)

    @cached_property
    def scale(self) -> float:
        """Mean absolute change a season apart, else a step apart: what errors are told in; 0 for a constant series.

        Source: Hyndman & Koehler (2006), Another look at measures of forecast accuracy.
        """
        lag = self.season if len(self.values) > self.season else 1
        change = np.abs(self.values[lag:] - self.values[:-lag])
        return float(np.nanmean(change)) if np.isfinite(change).any() else 0.0

    def correlation(self, lag: int) -> float:
        """Of values so many steps apart; 0 for a short or constant series."""
        line = self.whole
        if len(line) < lag + 3 or line[:-lag].std() == 0 or line[lag:].std() == 0:
            return 0.0
        return float(np.corrcoef(line[:-lag], line[lag:])[0, 1])

    @cached_property
    def seasonal(self) -> bool:
        """Does the season show in the correlation a season apart?"""
        n, season = len(self.values), self.season
        if season < 2 or n < 2 * season + 1:
            return False
        line = self.whole - self.whole.mean()
        total = float((line**2).sum())
        if total <= 0:
            return False
        agree = [float((line[lag:] * line[:-lag]).sum()) / total for lag in range(1, season + 1)]
        limit = STRONG * np.sqrt((1 + 2 * sum(value**2 for value in agree[:-1])) / n)
        return agree[-1] > limit

    def cycle(self, times: bool, cycles: int = 0) -> np.ndarray:
        """The season's shape (season,), by distance or by ratio to a moving mean: around 0, or around 1.

        Parameters
        ----------
        times : bool
            By ratio.
        cycles : int
            Of the first so many seasons; 0: of all.
        """
        line = self.whole[: cycles * self.season] if cycles else self.whole
        mean = moving_mean(line, self.season, edges=False)
        off = line / mean if times else line - mean
        parts = [off[place :: self.season] for place in range(self.season)]
        shape = np.array([np.nanmean(part) if np.isfinite(part).any() else np.nan for part in parts])
        shape = np.where(np.isnan(shape), 1.0 if times else 0.0, shape)
        return np.asarray(shape / shape.mean() if times else shape - shape.mean())


def moving_mean(line: np.ndarray, span: int, *, edges: bool = True) -> np.ndarray:
    """The centred mean over a span, even ones with half weights at the ends; NaN, or the nearest, near both ends."""
    if span % 2:
        weights = np.full(span, 1 / span)
    else:
        weights = np.append(np.full(span, 1 / span), 1 / (2 * span))
        weights[0] /= 2
    if len(line) < len(weights):
        return np.full(len(line), line.mean())
    middle = np.convolve(line, weights, "valid")
    side = len(weights) // 2
    out: Any = np.full(len(line), np.nan)
    out[side : side + len(middle)] = middle
    if edges:
        out[:side], out[side + len(middle) :] = middle[0], middle[-1]
    return np.asarray(out)
