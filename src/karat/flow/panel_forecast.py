"""The forecast of a panel: a race in windows of the past, the way of each series, intervals, the steps to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.evaluate.panel_reach import PanelReach, held
from karat.flow.forecast_race import COMBINED, Answers, answered, naive_ways, said_ahead
from karat.prepare.panel import Panel

LEVEL = 0.9  # definition: the coverage asked of an interval
SURELY = 2.0  # definition: standard errors, about 95 %, by which another way must beat the combination over series
MANY = 20  # definition: series from which on they are compared; of fewer, the windows
LEAST_PAIRS = 3  # definition: pairs that have a spread
BY_FAR = (
    0.25  # benchmarks/forecast_series.md: share of the error that a single way must save in the windows of few series
)
TAIL = 120  # display: last values of the first series
TIE = 0.01  # definition: of the error; what is nearer is equal
PLAIN = "last value"


@dataclass(frozen=True)
class Choice:
    """Which way answers for each series.

    Parameters
    ----------
    panel : str
        The way of the panel.
    each : tuple of str
        Of each series: that way, or a naive one that errs no more in its own windows.
    """

    panel: str
    each: tuple[str, ...]

    @classmethod
    def of(cls, answers: Answers, first: int = 0) -> "Choice":
        """By the windows from ``first`` on, the newest being 0.

        The combination is what ships: which single way leads in a few windows is chance. In a panel of many series
        another way takes its place where it errs less by more than chance, in few series where it also saves a quarter
        of the error. A naive forecast that errs no
        more takes the place of either, in the whole panel and in each series.
        """
        errors = {name: error[first:] for name, error in answers.errors.items()}
        means = {name: _means(error) for name, error in errors.items()}
        size = answers.truth.shape[1]
        if not means or not np.isfinite(means[COMBINED]).any():
            return cls(PLAIN, (PLAIN,) * size)
        naive = [way.name for way in naive_ways()]
        best = _best(errors)
        simple = min(naive, key=lambda name: _overall(means[name]))
        best = simple if _overall(means[simple]) <= _overall(means[best]) else best
        each = []
        for at in range(size):
            own = min(naive, key=lambda name: np.nan_to_num(means[name][at], nan=np.inf))
            each.append(own if means[own][at] <= means[best][at] else best)
        return cls(best, tuple(each))


def _best(errors: Mapping[str, np.ndarray]) -> str:
    """The combination, or a single way that is surely better: over many series, or by far over the windows of few."""
    best, gain = COMBINED, 0.0
    usual = _overall(_means(errors[COMBINED]))
    many = len(_means(errors[COMBINED])) >= MANY
    for name, error in errors.items():
        off = error - errors[COMBINED]
        off = _means(off) if many else _means(off.T)
        off = off[np.isfinite(off)]
        if name == COMBINED or len(off) < LEAST_PAIRS:
            continue
        spread = off.std(ddof=1) / np.sqrt(len(off))
        sure = SURELY if many else 1.0
        enough = off.mean() + sure * spread < 0 and (many or off.mean() < -BY_FAR * usual)
        if enough and off.mean() < gain - TIE * usual:  # of equals the simpler one, which comes first
            best, gain = name, float(off.mean())
    return best


def _overall(means: np.ndarray) -> float:
    known = np.isfinite(means)
    return float(means[known].mean()) if known.any() else np.inf


def _means(error: np.ndarray) -> np.ndarray:
    """(series,) mean over windows, NaN for a series without any."""
    known = np.isfinite(error)
    count = known.sum(axis=0)
    return np.where(count > 0, np.where(known, error, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def panel_evaluation(block: Block, horizon: int, seed: int, workers: int) -> dict[str, Any]:
    """``forecast`` of ``evaluation.json``.

    Raises
    ------
    InputError
        No series has three known values.
    """
    panel = Panel.of(block, horizon)
    if not panel.pasts:
        raise InputError(
            f"no series has three known values of {block.schema.target.name if block.schema.target else 'a target'!r}",
            "Give a longer history",
        )
    answers = answered(panel.pasts, panel.horizon, seed, workers)
    choice = Choice.of(answers)
    off = shipped_off(answers, [choice] * len(answers.truth))
    learners = {name: _scores(answers, said) for name, said in answers.said.items()}
    windows = len(answers.truth)
    out = {
        "horizon": panel.horizon,
        "season": panel.pasts[0].season,
        "seasons": list(panel.pasts[0].seasons),
        "step": panel.shape.step.words,
        "series": len(panel.pasts),
        "keys": list(panel.shape.keys),
        "known_ahead": list(panel.shape.known),
        "told": list(panel.told),
        "folds": windows,
        "tail": [_number(value) for value in panel.pasts[0].values[-TAIL:]],
        "learners": learners,
        "choice": {"panel": choice.panel, "each": dict(zip(panel.names, choice.each, strict=True))},
        "shipped": _shipped(answers),
    }
    reach = PanelReach.of(off, LEVEL)
    half = reach.half(np.array([past.scale for past in panel.pasts]), panel.horizon)
    inside = {"level": LEVEL, "coverage": _number(held(off, LEVEL)), "width": 2 * float(half.mean())}
    out["intervals"] = {choice.panel: inside}
    out["reach"] = {"power": reach.power, "widths": dict(zip(panel.names, reach.widths.tolist(), strict=True))}
    return out


def shipped_off(answers: Answers, choices: Sequence[Choice]) -> np.ndarray:
    """(windows, series, horizon) scaled errors of what was chosen for each window."""
    off = np.full(answers.truth.shape, np.nan)
    for window, choice in enumerate(choices):
        for at, name in enumerate(choice.each):
            if name in answers.said:
                gap = answers.truth[window, at] - answers.said[name][window, at]
                off[window, at] = gap / answers.scale[window, at]
    return off


def _shipped(answers: Answers) -> dict[str, Any]:
    """How what was chosen by older windows alone did in newer ones, beside the naive forecasts in the same windows."""
    windows = len(answers.truth)
    if windows < 2:
        return {}
    choices = [Choice.of(answers, window + 1) for window in range(windows - 1)]
    off = np.abs(shipped_off(answers, choices)[: windows - 1])
    known = np.isfinite(off).any(axis=2)
    errors = np.where(known, np.nansum(off, axis=2) / np.maximum(np.isfinite(off).sum(axis=2), 1), np.nan)
    naive = {way.name: _overall(_means(answers.errors[way.name][: windows - 1])) for way in naive_ways()}
    best = min(naive, key=lambda name: naive[name])
    return {"MASE": _number(_overall(_means(errors))), "naive": best, "naive_MASE": _number(naive[best])}


def _scores(answers: Answers, said: np.ndarray) -> dict[str, Any]:
    """MASE and MAE over windows and series, with the range over windows."""
    off = np.abs(answers.truth - said)
    out = {}
    for name, part in (("MASE", off / answers.scale[:, :, None]), ("MAE", off)):
        means = np.array([_overall(_steps_mean(window)) for window in part])
        known = means[np.isfinite(means)]
        low, high = _ends(known)
        out[name] = {"value": _number(known.mean() if len(known) else np.nan), "low": low, "high": high}
    return out


def _steps_mean(off: np.ndarray) -> np.ndarray:
    known = np.isfinite(off)
    count = known.sum(axis=1)
    return np.where(count > 0, np.where(known, off, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _ends(means: np.ndarray) -> tuple[float | None, float | None]:
    from karat.evaluate.intervals import corrected_resampled_t

    if len(means) < 2:
        return None, None
    interval = corrected_resampled_t(means, 1 / len(means))
    return _number(interval.low), _number(interval.high)


def _number(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def foretold(panel: Panel, forecast: Mapping[str, Any], seed: int, workers: int, trees: Any = None) -> dict[str, Any]:
    """Values, lower and upper ends (series, horizon) of the steps to come, by the choice of ``panel_evaluation``.

    A series that the choice does not know gets the way of the panel and the usual width.
    """
    choice, reach = forecast["choice"], forecast["reach"]
    ways = [choice["each"].get(name, choice["panel"]) for name in panel.names]
    wanted = set(ways)
    said = said_ahead(panel.pasts, panel.horizon, seed, workers, wanted.__contains__, trees)
    value = np.stack([said[name][at] for at, name in enumerate(ways)])
    usual = float(np.median(list(reach["widths"].values())))
    widths = np.array([reach["widths"].get(name, usual) for name in panel.names])
    scale = np.array([past.scale for past in panel.pasts])
    half = PanelReach(LEVEL, reach["power"], widths).half(scale, panel.horizon)
    low = value - half
    floor = np.array([0.0 if past.never_negative else -np.inf for past in panel.pasts])[:, None]
    return {"value": value, "low": np.maximum(low, floor), "high": value + half}
