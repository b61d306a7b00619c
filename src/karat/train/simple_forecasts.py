"""The forecasts that cost nothing: the last value, that of a season ago, and the line from the first to the last."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.series_past import SeriesPast


@dataclass(frozen=True)
class LastKnown:
    """Repeats the last known value.

    Source: Hyndman & Athanasopoulos (2021), Forecasting: principles and practice, ch. 5.2.
    """

    name: ClassVar[str] = "last value"

    def ahead(self, past: SeriesPast, horizon: int) -> np.ndarray:
        """The next ``horizon`` values."""
        return np.full(horizon, past.whole[-1])


@dataclass(frozen=True)
class SeasonAgo:
    """Repeats the last season.

    Source: Hyndman & Athanasopoulos (2021), ch. 5.2.
    """

    name: ClassVar[str] = "seasonal naive"

    def ahead(self, past: SeriesPast, horizon: int) -> np.ndarray:
        """The next ``horizon`` values; the last one again where no whole season is known."""
        season = past.season if past.season <= len(past.values) else 1
        return np.asarray(past.whole[-season:][np.arange(horizon) % season])


@dataclass(frozen=True)
class Drift:
    """Goes on from the last value by the mean change of all.

    Source: Hyndman & Athanasopoulos (2021), ch. 5.2.
    """

    name: ClassVar[str] = "drift"

    def ahead(self, past: SeriesPast, horizon: int) -> np.ndarray:
        """The next ``horizon`` values."""
        line = past.whole
        return np.asarray(line[-1] + np.arange(1, horizon + 1) * (line[-1] - line[0]) / max(len(line) - 1, 1))
