"""What the target was before: the memory that a forecast has, and a plain table has not."""

from dataclasses import dataclass, replace

import numpy as np

from karat.core.block import Block
from karat.core.unit import Transform
from karat.prepare.columns import Positions, picked
from karat.prepare.history import Past, customary, on_clock, season_of, series_of
from karat.prepare.target import read_target
from karat.prepare.time_order import moments

# unproven; fewer lags answered worse on PM2.5 and Elec2, better on CO (benchmarks/forecast.md)
BEFORE_THE_LAST = (1, 2, 5)
SEASONS = 7  # definition: averaged, as many as a week has days; where a season is no day, seven are a choice
# definition: their count
LEVELS = len(BEFORE_THE_LAST) + 3  # lags behind the first that are values of the series; the spread comes after them


@dataclass(frozen=True)
class Lags(Transform):
    """The target of earlier records: one, two, … steps ago, a season ago, and the mean and spread of the last season.

    A forecast for one step ahead knows all that came before it, test records among them, and nothing of its own time
    or later. Each group is a series of its own. On a regular clock a lag is a span of time, so that a gap in the
    records moves nothing; else it is a number of records.

    Parameters
    ----------
    horizon : int
        Steps between the last known target and the forecast, >= 1.
    season : int
        Steps a season has; 0 finds it in the training records.

    Source: Hyndman & Athanasopoulos (2021), Forecasting: principles and practice, ch. 5 and 7.
    """

    horizon: int = 1
    season: int = 0

    def fit(self, train: Block, positions: Positions = None) -> "FittedLags":
        """Finds the season in the training records alone, in the longest series of several."""
        values, when = _line(train)
        known = np.isfinite(values) if positions is None else np.isin(np.arange(len(train)), positions)
        part = max(series_of(train), key=len)
        order = part[np.argsort(when[part], kind="stable")]
        season = self.season or season_of(on_clock(np.where(known, values, np.nan)[order], when[order]))
        season = season if season > 1 else customary(when[order])
        return FittedLags(self.horizon, season, read_target(train).classes)


@dataclass(frozen=True)
class FittedLags:
    """Lags in steps.

    Parameters
    ----------
    horizon : int
        Steps between the last known target and the forecast.
    season : int
        Steps a season has; where the horizon is longer, as many seasons ago as are known.
    classes : tuple of str
        Of the target; empty for numbers.
    """

    horizon: int
    season: int
    classes: tuple[str, ...]

    @property
    def width(self) -> int:
        """Number of features."""
        return len(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """The last value first, then that of a season ago."""
        rest = tuple(f"{steps} before the last" for steps in BEFORE_THE_LAST)
        return ("last value", "a season ago", *rest, "mean of seasons ago", "mean of a season", "spread of a season")

    @property
    def season_lag(self) -> int:
        """Whole seasons, in steps, that reach back to what is known."""
        return -(-self.horizon // self.season) * self.season

    def ahead(self, horizon: int) -> "FittedLags":
        """The same for another horizon."""
        return replace(self, horizon=horizon)

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, d) float32 with NaN where nothing is known; targets of classes count as their codes."""

        def make() -> np.ndarray:
            values, when = _line(block, self.classes)
            lags = (self.horizon, self.season_lag, *(self.horizon + steps for steps in BEFORE_THE_LAST))
            out = np.full((len(block), self.width), np.nan, np.float32)
            for part in series_of(block):
                at = part[np.argsort(when[part], kind="stable")]
                back = Past(values[at], when[at])
                ago = back.mean_at([self.season_lag + self.season * k for k in range(SEASONS)])
                out[at] = np.column_stack([*map(back.at, lags), ago, *back.rolling(self.horizon, self.season)])
            return out

        return picked(block.memo(("lags", self), make), positions)


def _line(block: Block, classes: tuple[str, ...] = ()) -> tuple[np.ndarray, np.ndarray]:
    """The target as numbers (n,), NaN where missing, and when each record happened (n,)."""
    target = read_target(block, classes)
    return np.where(target.missing, np.nan, target.values.astype(np.float64)), moments(block)
