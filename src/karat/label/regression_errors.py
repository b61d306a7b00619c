"""Wrong numbers where a model predicts a number."""

from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.label._given import same_length
from karat.label.confident_sets import flagged, table_of
from karat.quality.accuracy.label_beliefs import LabelBeliefs, counted

# unproven; benchmarks/wrong_labels.md measures the whole
TAILS = (5.0, 30.0)  # degrees of freedom of the usual errors: heavy, nearly normal; each believed as much
# cost: the ends of the grid; each is believed as far as the errors bear it out
RATES = np.geomspace(1e-3, 0.45, 24)
WIDER = np.geomspace(1.5, 30.0, 10)  # cost: the ends of the grid; likewise
NEIGHBOURS = 0.1  # share of the records that the usual error at a prediction is taken from; unproven
FEWEST = 30  # unproven: fewer vary more


def is_regression(predictions: Any) -> bool:
    """One number a record."""
    return np.ndim(predictions) == 1


def regression_errors(
    numbers: Any, predictions: Any, *, precision: float | None = None, budget: int | None = None
) -> pa.Table:
    """Numbers too far from what a model that never saw them expects.

    Errors of the model have a usual size, which may depend on the prediction, and tails; wrong numbers are a second,
    wider group. How many and how much wider is found by likelihood, under two kinds of tail.

    Parameters
    ----------
    numbers, predictions : array-like, shape (n,)
        Numbers; predictions are out of sample.
    precision, budget
        As in ``wrong_labels``.

    Returns
    -------
    pyarrow.Table : ``row``, ``given``, ``suggested`` (the prediction), ``score``, ``is_error``.

    Raises
    ------
    InputError : NaN, infinite values or lengths that differ.
    """
    said, guess = _numbers(numbers, "given"), _numbers(predictions, "pred_probs")
    same_length(len(said), len(guess))
    doubts = _doubt(said - guess, guess)
    flags = flagged(doubts, precision, budget)
    columns = {
        "row": pa.array(np.arange(len(said))),
        "given": pa.array(said),
        "suggested": pa.array(guess),
        "score": pa.array(doubts.wrong),
        "is_error": pa.array(flags),
    }
    return table_of(columns, counted(doubts, flags))


def _numbers(values: Any, where: str) -> np.ndarray:
    try:
        out = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{where} are not numbers", "Give one number per record") from None
    bad = ~np.isfinite(out)
    if out.ndim != 1 or bad.any():
        fault = (
            f"{int(bad.sum()):,} NaN or infinite (row {int(bad.argmax())})" if out.ndim == 1 else f"shape {out.shape}"
        )
        raise InputError(
            f"{where} must be one finite number per record, but has {fault}", "Correct it or leave those records out"
        )
    return out


def _doubt(residual: np.ndarray, guess: np.ndarray) -> LabelBeliefs:
    size = len(residual)
    apart = (residual - np.median(residual)) / _usual(residual, guess) if size else residual
    scores, chances = [], []
    for tail in TAILS:
        usual = _student(apart, tail)
        for wider in WIDER:
            strange = _student(apart / wider, 5.0) / wider
            seen = np.log(np.outer(1 - RATES, usual) + np.outer(RATES, strange) + 1e-300).sum(axis=1)
            score = seen - RATES / 0.1
            best = int(score.argmax())
            odds = RATES[best] * strange / ((1 - RATES[best]) * usual + 1e-300)
            scores.append(float(score[best]))
            chances.append(np.where(np.abs(apart) > 1, odds / (1 + odds), np.minimum(odds / (1 + odds), RATES[best])))
    fits = np.array(scores).reshape(len(TAILS), -1)
    likelihood = np.exp(fits - fits.max(axis=1, keepdims=True))
    weights = (likelihood / likelihood.sum(axis=1, keepdims=True)).ravel() / len(TAILS)
    keep = weights >= min(0.01, weights.max())
    beliefs, weights = np.array(chances)[keep], weights[keep] / weights[keep].sum()
    return LabelBeliefs(weights @ beliefs, beliefs, weights, weights, np.zeros(size, np.int64))


def _usual(residual: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """(n,) the usual error near each prediction: the median distance among its neighbours, scaled to a deviation."""
    distance = np.abs(residual - np.median(residual))
    whole = 1.4826 * float(np.median(distance))
    if whole == 0:
        whole = float(distance.mean()) or 1.0
    width = max(int(NEIGHBOURS * len(residual)), FEWEST)
    if len(residual) < 4 * width:
        return np.full(len(residual), whole)
    order = np.argsort(guess, kind="stable")
    middles = np.arange(0, len(order) - width + 1, max(width // 4, 1))
    local = [1.4826 * float(np.median(distance[order[at : at + width]])) for at in middles]
    near = np.interp(np.arange(len(order)), middles + width / 2, local)
    out = np.empty(len(order))
    out[order] = np.maximum(near, 0.2 * whole)
    return out


def _student(apart: np.ndarray, tail: float) -> np.ndarray:
    from math import lgamma, log, pi

    scale = lgamma((tail + 1) / 2) - lgamma(tail / 2) - 0.5 * log(tail * pi)
    out: np.ndarray = np.exp(scale - (tail + 1) / 2 * np.log1p(apart**2 / tail))
    return out
