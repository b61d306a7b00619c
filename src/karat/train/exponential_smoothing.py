"""Exponential smoothing: level, trend and season, the form chosen by the corrected information criterion."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.series_past import CYCLES, SeriesPast

LEAST = 4  # definition: values that a form with one parameter and its criterion need
FIRST = 10  # Hyndman et al. (2008), ch. 2.6.1: values that the first level and slope are told from
NONE, ADDED, TIMES = 0, 1, 2  # definition: as in karat.kernels.smoothing


@dataclass(frozen=True)
class ExponentialSmoothing:
    """ETS: no, added or damped trend; no, added or multiplied season; errors added or relative.

    The forms are fitted by maximum likelihood and compared by AICc. Where there are two seasons the longer one is taken
    out first, by its mean shape.

    Source: Hyndman, Koehler, Ord & Snyder (2008), Forecasting with exponential smoothing, ch. 2 to 5.
    """

    name: ClassVar[str] = "exponential smoothing"

    def ahead(self, past: SeriesPast, horizon: int) -> np.ndarray:
        """The next ``horizon`` values."""
        from karat.kernels.smoothing import smoothed_ahead

        best, out = np.inf, np.full(horizon, past.whole[-1])
        scale = float(np.abs(past.whole).mean()) or 1.0
        for form in self._forms(past):
            criterion, point, cycle = self._fitted(past, form, scale)
            if criterion < best:
                best, line = criterion, np.empty(horizon)
                smoothed_ahead(past.values, point, form, scale, cycle, line)
                out = line if np.isfinite(line).all() else out
        return out

    def _forms(self, past: SeriesPast) -> list[np.ndarray]:
        """(trend, season, relative) of the forms that the series is long enough for."""
        season = past.season
        shapes = [NONE, ADDED, TIMES] if season > 1 and len(past.values) >= 2 * season + LEAST else [NONE]
        made = []
        for shape in shapes:
            for trend in (NONE, ADDED, TIMES):
                for relative in (0, 1):
                    if (shape == TIMES or relative) and not past.positive:
                        continue
                    if relative and shape == ADDED:
                        continue
                    made.append(np.array([trend, shape, relative]))
        return made

    def _fitted(self, past: SeriesPast, form: np.ndarray, scale: float) -> tuple[float, np.ndarray, np.ndarray]:
        """AICc, the best point and the first seasonal states of a form."""
        from karat.kernels.smoothing import search

        trend, shape, _ = form.tolist()
        line, season = past.whole, past.season
        cycle = np.ones(1) if shape == NONE else past.cycle(shape == TIMES, CYCLES)
        at = np.arange(len(line)) % len(cycle)
        plain = line if shape == NONE else line / cycle[at] if shape == TIMES else line - cycle[at]
        early = plain[: max(FIRST, 2 * season)]
        slope, level = np.polyfit(np.arange(1, len(early) + 1), early, 1) if trend else (0.0, early.mean())
        point, steps = [0.3], [0.3]
        if trend:
            point, steps = [*point, 0.05], [*steps, 0.1]
        if shape:
            point, steps = [*point, 0.05], [*steps, 0.2]
        if trend == TIMES:
            point, steps = [*point, 0.95], [*steps, -0.08]
        point, steps = [*point, level / scale], [*steps, max(np.std(early) / scale, 1e-3)]
        if trend:
            point, steps = [*point, slope / scale], [*steps, max(abs(slope) / scale, 1e-4)]
        best = np.array(point)
        cost = search(0, best, np.array(steps), past.values, form, scale, cycle)
        count, known = len(point) + (season if shape else 0), int(np.isfinite(past.values).sum())
        room = known - count - 1
        return (cost + 2 * count + 2 * count * (count + 1) / room if room > 0 else np.inf), best, cycle
