"""What ships for each series: a mean of all forecasts, in which each counts by how little it erred, or a naive one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.evaluate.panel_reach import OWN
from karat.flow.forecast_race import COMBINED, Answers, mean_errors, naive_ways

POWER = 6.0  # benchmarks/forecast_series.md: of the error, by which a forecast counts less
LEAST = 0.05  # benchmarks/forecast_series.md: what counts less is left out, and need not be fitted to answer
TINY = 1e-9  # definition: no divisor
PLAIN = "last value"


@dataclass(frozen=True, eq=False)
class ForecastChoice:
    """What answers for each series.

    Parameters
    ----------
    ways : tuple of str
        The forecasts that the combination is made of, the simplest first.
    weights : ndarray of float64, shape (series, ways)
        Each row sums to 1; where a naive forecast ships, it alone counts.
    usual : ndarray of float64, shape (ways,)
        Weights for a series never seen before.
    panel : str
        What ships for most: the combination, or a naive forecast that errs no more over all series.
    each : tuple of str
        The same for each series by its own windows.

    Source: Bates & Granger (1969), The combination of forecasts; weights by a power of the error.
    """

    ways: tuple[str, ...]
    weights: np.ndarray
    usual: np.ndarray
    panel: str
    each: tuple[str, ...]

    @classmethod
    def of(cls, answers: Answers) -> "ForecastChoice":
        """By all windows of some answers."""
        size, ways = answers.truth.shape[1], tuple(answers.said)
        if not ways or not np.isfinite(np.stack(list(answers.errors.values()))).any():
            return cls((PLAIN,), np.ones((size, 1)), np.ones(1), PLAIN, (PLAIN,) * size)
        errors = np.stack([answers.errors[name] for name in ways], axis=2)
        weights, usual = _weights(errors)
        own = over_windows(mean_errors(answers.truth, combined(answers), answers.scale))
        naive = [way.name for way in naive_ways() if way.name in ways]
        plain = over_windows(errors[:, :, [ways.index(name) for name in naive]])
        costless = overall(plain)
        panel = naive[int(costless.argmin())] if costless.min() <= overall(own[:, None])[0] else COMBINED
        each = [panel] * size
        for at in np.flatnonzero(np.isfinite(own) & (panel == COMBINED)).tolist():
            best = int(np.nan_to_num(plain[at], nan=np.inf).argmin())
            each[at] = naive[best] if plain[at, best] <= own[at] else COMBINED
        alone = np.eye(len(ways))
        for at, name in enumerate(each):
            weights[at] = weights[at] if name == COMBINED else alone[ways.index(name)]
        return cls(ways, weights, usual if panel == COMBINED else alone[ways.index(panel)], panel, tuple(each))

    def to_json(self, names: Sequence[str]) -> dict[str, Any]:
        """As ``evaluation.json`` and the forecaster keep it, by the names of the series."""
        told = [self._told(row) for row in self.weights]
        return {
            "panel": self.panel,
            "each": dict(zip(names, self.each, strict=True)),
            "weights": dict(zip(names, told, strict=True)),
            "usual": self._told(self.usual),
        }

    def _told(self, row: np.ndarray) -> dict[str, float]:
        return {name: float(weight) for name, weight in zip(self.ways, row, strict=True) if weight}

    def ahead(self, said: Mapping[str, np.ndarray]) -> np.ndarray:
        """(series, horizon) what ships, of what each way says."""
        return blended(said, [self._told(row) for row in self.weights])


def blended(said: Mapping[str, np.ndarray], weights: Sequence[Mapping[str, float]]) -> np.ndarray:
    """(series, horizon): the mean of what the ways say of each series, by the weights of that series."""
    return np.stack([sum(weight * said[name][at] for name, weight in row.items()) for at, row in enumerate(weights)])


def combined(answers: Answers) -> np.ndarray:
    """(windows, series, horizon): what the combination says in each window, its weights from all other windows."""
    windows = len(answers.truth)
    errors = np.stack(list(answers.errors.values()), axis=2)
    out = np.full(answers.truth.shape, np.nan)
    for window in range(windows):
        weights, _ = _weights(np.delete(errors, window, axis=0) if windows > 1 else errors)
        said = np.stack([said[window] for said in answers.said.values()], axis=2)
        out[window] = (said * weights[:, None, :]).sum(axis=2)
    return out


def shipped_off(answers: Answers, choice: ForecastChoice) -> np.ndarray:
    """(windows, series, horizon) scaled errors of what ships, the combination's weights from the other windows."""
    said = combined(answers) if COMBINED in choice.each else np.full(answers.truth.shape, np.nan)
    for at, name in enumerate(choice.each):
        if name in answers.said:
            said[:, at] = answers.said[name][:, at]
    return np.asarray((answers.truth - said) / answers.scale[:, :, None])


def _weights(errors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(series, ways), and (ways,) for any series: of errors (windows, series, ways); few windows lean on all series."""
    own = over_windows(errors)
    known = np.isfinite(own).all(axis=1)
    usual = np.log(overall(own[known]) + TINY) if known.any() else np.zeros(own.shape[1])
    count = np.isfinite(errors).all(axis=2).sum(axis=0)[:, None]
    logs = np.where(known[:, None], np.log(np.where(known[:, None], own, 1.0) + TINY), 0.0)
    lean = (np.where(known[:, None], count, 0) * logs + OWN * usual) / (np.where(known[:, None], count, 0) + OWN)
    return _by_error(lean), _by_error(usual[None])[0]


def _by_error(logs: np.ndarray) -> np.ndarray:
    """Weights (n, ways) from logarithms of errors; small ones are left out."""
    weights = np.exp(-POWER * (logs - logs.min(axis=1, keepdims=True)))
    weights = weights / weights.sum(axis=1, keepdims=True)
    weights = np.where(weights < LEAST, 0.0, weights)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def over_windows(errors: np.ndarray) -> np.ndarray:
    """Means over the first axis of what is known; NaN where nothing is."""
    known = np.isfinite(errors)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, errors, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def overall(means: np.ndarray) -> np.ndarray:
    """(ways,) means over the series, of (series, ways); infinite where nothing is known."""
    return np.nan_to_num(over_windows(means), nan=np.inf)
