"""The forecast of a panel: a race in windows of the past, the way of each series, intervals, the steps to come."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.evaluate.panel_reach import PanelReach, held
from karat.flow.forecast_choice import ForecastChoice, blended, combined, over_windows, overall, shipped_off
from karat.flow.forecast_race import COMBINED, Answers, answered, mean_errors, naive_ways, said_ahead
from karat.prepare.panel import Panel

LEVEL = 0.9  # definition: the coverage asked of an interval
TAIL = 120  # display: last values of the first series


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
    choice = ForecastChoice.of(answers)
    off = shipped_off(answers, choice)
    said = {**answers.said, COMBINED: combined(answers)} if answers.said else {}
    learners = {name: _scores(answers, line) for name, line in said.items()}
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
        "choice": choice.to_json(panel.names),
        "shipped": _shipped(answers),
    }
    reach = PanelReach.of(off, LEVEL)
    half = reach.half(np.array([past.scale for past in panel.pasts]), panel.horizon)
    inside = {"level": LEVEL, "coverage": _number(held(off, LEVEL)), "width": 2 * float(half.mean())}
    out["intervals"] = {choice.panel: inside}
    out["reach"] = {"power": reach.power, "widths": dict(zip(panel.names, reach.widths.tolist(), strict=True))}
    return out


def _shipped(answers: Answers) -> dict[str, Any]:
    """How what was chosen by older windows alone did in newer ones, beside the naive forecasts in the same windows."""
    newer = len(answers.truth) - 1
    if newer < 1:
        return {}
    said = np.stack(
        [
            ForecastChoice.of(answers.since(window + 1)).ahead(
                {way: line[window] for way, line in answers.said.items()}
            )
            for window in range(newer)
        ]
    )
    errors = mean_errors(answers.truth[:newer], said, answers.scale[:newer])
    naive = {way.name: _mean(answers.errors[way.name][:newer]) for way in naive_ways()}
    best = min(naive, key=lambda name: naive[name])
    return {"MASE": _number(_mean(errors)), "naive": best, "naive_MASE": _number(naive[best])}


def _mean(errors: np.ndarray) -> float:
    """Over windows, then over series; infinite where nothing is known."""
    return float(overall(over_windows(errors)[:, None])[0])


def _scores(answers: Answers, said: np.ndarray) -> dict[str, Any]:
    """MASE and MAE over windows and series, with the range over windows."""
    off = np.abs(answers.truth - said)
    out = {}
    for name, part in (("MASE", off / answers.scale[:, :, None]), ("MAE", off)):
        means = np.array([overall(over_windows(window.T)[:, None])[0] for window in part])
        known = means[np.isfinite(means)]
        low, high = _ends(known)
        out[name] = {"value": _number(known.mean() if len(known) else np.nan), "low": low, "high": high}
    return out


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

    A series that the choice does not know gets the usual weights and the usual width.
    """
    choice, reach = forecast["choice"], forecast["reach"]
    weights = [choice["weights"].get(name, choice["usual"]) for name in panel.names]
    wanted = set().union(*weights)
    value = blended(said_ahead(panel.pasts, panel.horizon, seed, workers, wanted.__contains__, trees), weights)
    usual = float(np.median(list(reach["widths"].values())))
    widths = np.array([reach["widths"].get(name, usual) for name in panel.names])
    scale = np.array([past.scale for past in panel.pasts])
    half = PanelReach(LEVEL, reach["power"], widths).half(scale, panel.horizon)
    low = value - half
    floor = np.array([0.0 if past.never_negative else -np.inf for past in panel.pasts])[:, None]
    return {"value": value, "low": np.maximum(low, floor), "high": value + half}
