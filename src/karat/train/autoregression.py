"""Autoregression: the next change from those before it, a season ago too, and from columns that are known ahead."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.series_past import SeriesPast

STRENGTH = 0.64  # Hyndman & Athanasopoulos (2021), ch. 9.1: seasonal strength from which changes over a season are told
MOST_LAGS = 12  # cost: latest values that are tried; more are tried only by whole seasons
SEASONS = 3  # cost: values of so many seasons ago
LONGEST = 6_000  # cost: latest records that coefficients are fitted on
RIDGE = 1e-6  # definition: keeps columns that repeat one another apart


@dataclass(frozen=True)
class Autoregression:
    """Least squares on differences: latest ones, those of seasons ago, and what is known ahead.

    Differences are taken over a season where it is strong and over a step where that makes the series calmer; the
    number of lags is chosen by AICc. Positive series are told in logarithms where that makes the changes more even.

    Source: Hyndman & Athanasopoulos (2021), Forecasting: principles and practice, ch. 9 and 10.
    """

    name: ClassVar[str] = "autoregression"

    def ahead(self, past: SeriesPast, horizon: int) -> np.ndarray:
        """The next ``horizon`` values."""
        line = past.whole[-LONGEST:]
        logs = bool(line.min() > 0) and _evener(line, past.season)
        values = np.log(line) if logs else line
        over = past.season if past.seasonal and _strength(past, values) > STRENGTH else 0
        if len(values) < 3 * max(over, 1) + 8:
            return np.full(horizon, past.whole[-1])
        spans = [over] if over else []
        change = values[over:] - values[:-over] if over else values
        if len(change) > 2 and np.diff(change).std() < change.std():
            spans.append(1)
            change = np.diff(change)
        outside = _differenced(past.known[-len(line) - horizon :], spans) if past.known.size else None
        said = _foretold(change, past, outside, horizon)
        for back, span in enumerate(reversed(spans)):
            kept = spans[: len(spans) - 1 - back]
            base = values
            for earlier in kept:
                base = base[earlier:] - base[:-earlier]
            whole = np.append(base, np.zeros(horizon))
            for step in range(horizon):
                whole[len(base) + step] = said[step] + whole[len(base) + step - span]
            said = whole[len(base) :]
        if logs:
            said = np.exp(np.clip(said, values.min() - 3, values.max() + 3))
        return said


def _evener(line: np.ndarray, season: int) -> bool:
    """Do changes grow with the level?"""
    lag = season if len(line) > 2 * season else 1
    change, level = np.abs(line[lag:] - line[:-lag]), (line[lag:] + line[:-lag]) / 2
    if len(change) < 8 or change.std() == 0 or level.std() == 0:
        return False
    # the spread of relative changes against that of plain ones, early half beside late half by level
    high = level > np.median(level)
    if not high.any() or high.all():
        return False
    plain = np.log((change[high].mean() + 1e-12) / (change[~high].mean() + 1e-12))
    ratio = np.log(level[high].mean() / level[~high].mean())
    return bool(plain > ratio / 2)


def _strength(past: SeriesPast, values: np.ndarray) -> float:
    """How much of what the moving mean leaves is the season's shape, in [0, 1]."""
    own = SeriesPast(values, past.seasons)
    shape = own.cycle(times=False)
    at = np.arange(len(values)) % len(shape)
    from karat.core.series_past import moving_mean

    off = values - moving_mean(values, past.season, edges=False)
    off = off[np.isfinite(off)], at[np.isfinite(off)]
    total = off[0].var()
    return max(0.0, 1 - (off[0] - shape[off[1]]).var() / total) if total > 0 else 0.0


def _differenced(known: np.ndarray, spans: list[int]) -> np.ndarray:
    for span in spans:
        known = known[span:] - known[:-span]
    return known


def _foretold(change: np.ndarray, past: SeriesPast, outside: np.ndarray | None, horizon: int) -> np.ndarray:
    """The next changes, each from those before, foretold ones among them."""
    lags, weights = _chosen(change, past, outside)
    whole = np.append(change, np.zeros(horizon))
    n = len(change)
    at = np.array(lags, np.int64)
    for step in range(horizon):
        row = [1.0, *whole[n + step - at]]
        if outside is not None:
            row += np.nan_to_num(outside[n + step]).tolist()
        whole[n + step] = float(np.dot(row, weights))
    said = whole[n:]
    most = 3 * np.abs(change).max()  # an unstable recursion is cut
    return np.clip(said, -most, most)


def _chosen(change: np.ndarray, past: SeriesPast, outside: np.ndarray | None) -> tuple[list[int], np.ndarray]:
    """The lags of least AICc and their coefficients, the constant first."""
    n, season = len(change), past.season
    near = min(MOST_LAGS, n // 5)
    far = [season * k for k in range(1, SEASONS + 1) if season > 1 and season * k < n // 3]
    start = max([near, *far])
    table = np.column_stack(
        [np.ones(n - start), *(change[start - lag : n - lag] for lag in [*range(1, near + 1), *far])]
    )
    beside = np.zeros((n - start, 0)) if outside is None else np.nan_to_num(outside[start:n])
    truth = change[start:]
    best: tuple[float, list[int], np.ndarray] = (np.inf, [], np.zeros(1))
    for few in range(near + 1):
        for seasons in range(len(far) + 1):
            lags = [*range(1, few + 1), *(lag for lag in far[:seasons] if lag > few)]
            columns = [0, *range(1, few + 1), *(near + 1 + k for k in range(seasons) if far[k] > few)]
            rows = np.hstack([table[:, columns], beside])
            square = rows.T @ rows
            weights = np.linalg.solve(square + RIDGE * np.diag(np.diag(square) + 1e-12), rows.T @ truth)
            left = float(((truth - rows @ weights) ** 2).mean())
            count = rows.shape[1] + 1
            room = len(truth) - count - 1
            if room <= 0:
                continue
            criterion = len(truth) * np.log(max(left, 1e-20)) + 2 * count + 2 * count * (count + 1) / room
            if criterion < best[0]:
                best = (criterion, lags, weights)
    return best[1], best[2]
