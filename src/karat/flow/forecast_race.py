"""Which forecast ships: every way answers the same windows of the past, and the simpler one goes before its equals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from karat.core.executor import each
from karat.core.series_past import SeriesPast

WINDOWS, MOST_WINDOWS = 8, 20  # benchmarks/forecast_series.md: windows of the past; each fits every way once more
STEPS = 20  # cost: steps that all windows together ask for at least, where the horizon is short
FITS = 1_500  # cost: of windows and series; a larger panel shows as much in fewer windows
LEAST_WINDOWS = 2  # definition: one to choose by, one to tell how good the choice is
LEAST = 6  # definition: values before the first window: a line and a level with something left to err on
COMBINED = "combination"


@dataclass(frozen=True, eq=False)
class Answers:
    """What each way says of the same steps.

    Parameters
    ----------
    truth : ndarray of float64, shape (windows, series, horizon)
        NaN where nothing is known, or the series is too short for the window.
    scale : ndarray of float64, shape (windows, series)
        What errors are told in.
    said : mapping of str to ndarray like ``truth``
        By way, the simplest first.
    """

    truth: np.ndarray
    scale: np.ndarray
    said: Mapping[str, np.ndarray]

    @cached_property
    def errors(self) -> dict[str, np.ndarray]:
        """By way, (windows, series) mean absolute scaled errors; NaN for windows that a series has not."""
        return {name: mean_errors(self.truth, said, self.scale) for name, said in self.said.items()}

    def since(self, first: int) -> "Answers":
        """Without the ``first`` newest windows."""
        return Answers(self.truth[first:], self.scale[first:], {name: said[first:] for name, said in self.said.items()})


def mean_errors(truth: np.ndarray, said: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """(windows, series) mean absolute errors over the steps, in units of the scale; NaN where none is known."""
    off = np.abs(truth - said) / scale[:, :, None]
    known = np.isfinite(off)
    total = np.where(known, off, 0.0).sum(axis=2)
    return np.where(known.any(axis=2), total / np.maximum(known.sum(axis=2), 1), np.nan)


def naive_ways() -> list[Any]:
    """The forecasts that cost nothing, the simplest first."""
    from karat.train.simple_forecasts import Drift, LastKnown, SeasonAgo

    return [LastKnown(), SeasonAgo(), Drift()]


def learned_ways() -> list[Any]:
    """The forecasts that learn from each series alone, the simplest first."""
    from karat.train.autoregression import Autoregression
    from karat.train.exponential_smoothing import ExponentialSmoothing
    from karat.train.theta_lines import ThetaLines

    return [ThetaLines(), ExponentialSmoothing(), Autoregression()]


def said_ahead(
    pasts: Sequence[SeriesPast],
    horizon: int,
    seed: int,
    workers: int,
    wanted: Callable[[str], bool] = lambda _: True,
    trees: Any = None,
) -> dict[str, np.ndarray]:
    """What each way says, (series, horizon), the simplest way first.

    Parameters
    ----------
    wanted : callable
        Which ways are asked.
    trees : PanelTreesModel, optional
        Fitted before; else on the pasts.
    """
    from karat.train.panel_trees import PanelTrees

    ways = [way for way in (*naive_ways(), *learned_ways()) if wanted(way.name)]

    def one(past: SeriesPast) -> list[np.ndarray]:
        return [_inside(past, np.asarray(way.ahead(past, horizon), np.float64)) for way in ways]

    lines = each(list(pasts), one, workers)
    said = {way.name: np.stack([line[at] for line in lines]) for at, way in enumerate(ways)}
    if wanted(PanelTrees.name):
        trees = trees or PanelTrees().fit(pasts, horizon, seed)
        said[PanelTrees.name] = np.stack([_inside(past, trees.ahead(past, horizon)) for past in pasts])
    return said


def _inside(past: SeriesPast, said: np.ndarray) -> np.ndarray:
    """A forecast that no number can be made of repeats the last value; whole counts stay at or above 0."""
    said = np.where(np.isfinite(said), said, past.whole[-1])
    return np.maximum(said, 0.0) if past.never_negative else said


def windows_of(pasts: Sequence[SeriesPast], horizon: int) -> tuple[int, int]:
    """How many windows, and how many steps each begins before the one after it; (0, 0) where there is no room.

    More of them where the horizon is short, fewer in a large panel. In a short series they overlap: each still sees
    what came before it alone.
    """
    usual = int(np.median([len(past.values) for past in pasts])) if pasts else 0
    season = int(np.median([past.season for past in pasts])) if pasts else 1
    least = max(LEAST, 2 * season + 2 if usual >= 2 * season + 2 + horizon else 0)
    most = min(max(WINDOWS, min(STEPS // horizon, MOST_WINDOWS)), max(LEAST_WINDOWS, FITS // max(len(pasts), 1)))
    room = usual - least - horizon
    if room < 0:
        return 0, 0
    apart = max(1, min(horizon, room // max(most - 1, 1)))
    return min(most, room // apart + 1), apart


def answered(pasts: Sequence[SeriesPast], horizon: int, seed: int, workers: int) -> Answers:
    """Every way's answers in windows of ``horizon`` steps, the newest of which ends with the series.

    A window sees what came before it alone: nothing of it, and of no later one, is among what any way is fitted on.
    """
    (count, apart), size = windows_of(pasts, horizon), len(pasts)
    truth = np.full((count, size, horizon), np.nan)
    scale = np.full((count, size), np.nan)
    said: dict[str, np.ndarray] = {}
    for window in range(count):
        starts = [len(past.values) - horizon - window * apart for past in pasts]
        mine = [at for at, start in enumerate(starts) if start >= LEAST]
        before = [pasts[at].until(starts[at], horizon) for at in mine]
        scale[window, mine] = [past.scale or np.nan for past in before]
        for at in mine:
            truth[window, at] = pasts[at].values[starts[at] : starts[at] + horizon]
        for name, line in said_ahead(before, horizon, seed, workers).items():
            said.setdefault(name, np.full_like(truth, np.nan))[window, mine] = line
    return Answers(truth, scale, said)
