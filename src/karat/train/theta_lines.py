"""The Theta method: a straight line and a smoothed series, averaged."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.series_past import SeriesPast

LEAST = 4  # definition: values that a line and a level need


@dataclass(frozen=True)
class ThetaLines:
    """The optimised theta method, with a line through all values or through those known at each moment.

    Of the two the one that was less wrong one step ahead answers. A season that shows is taken out before and put
    back after, by ratio where all values are positive.

    Source: Assimakopoulos & Nikolopoulos (2000); Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler (2016).
    """

    name: ClassVar[str] = "theta"

    def ahead(self, past: SeriesPast, horizon: int) -> np.ndarray:
        """The next ``horizon`` values."""
        from karat.kernels.smoothing import search, theta

        line, season = past.whole, past.season
        if len(line) < LEAST:
            return np.full(horizon, line[-1])
        cycle, times = np.zeros(1), past.positive
        if past.seasonal:
            cycle = past.cycle(times)
        at = np.arange(len(line) + horizon) % len(cycle)
        shaped = past.seasonal and season > 1
        plain = (line / cycle[at[: len(line)]] if times else line - cycle[at[: len(line)]]) if shaped else line
        scale = float(np.abs(plain).mean()) or 1.0
        slope, base = np.polyfit(np.arange(1, len(plain) + 1), plain, 1)
        own, best, out = np.array([base, slope]), np.inf, np.full(horizon, plain[-1])
        for moving in (0, 1):
            point, form = np.array([0.5, 2.0, plain[0] / scale]), np.array([moving])
            cost = search(1, point, np.array([0.3, 2.0, 0.2]), plain, form, scale, own)
            if cost < best:
                best, said = cost, np.empty(horizon)
                theta(plain, point[0], point[1], point[2] * scale, bool(moving), own, said)
                out = said if np.isfinite(said).all() else out
        ends = at[len(line) :]
        return np.asarray((out * cycle[ends] if times else out + cycle[ends]) if shaped else out)
