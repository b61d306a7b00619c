"""Wrong numbers where a model predicts a number."""

from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.label._given import same_length
from karat.label.confident_sets import flagged, table_of
from karat.quality.accuracy.label_beliefs import ALL_RIGHT, LabelBeliefs, counted
from karat.quality.accuracy.number_judge import NumberJudge

# right numbers with normal or even errors state at most .03, some wrong ones .24 and more (benchmarks/wrong_labels.md)
LEAST_RIGHT = 0.1  # share of the flagged that is expected to be wrong
NOBODY = LabelBeliefs(np.zeros(0), np.zeros((1, 0)), np.ones(1), np.ones(1), np.zeros(0, np.int64))


def is_regression(predictions: Any) -> bool:
    """One number a record."""
    return np.ndim(predictions) == 1


def regression_errors(
    numbers: Any, predictions: Any, *, precision: float | None = None, budget: int | None = None
) -> pa.Table:
    """Numbers too far from what a model that never saw them expects.

    They are judged by ``NumberJudge``, as ``SuspectLabels`` judges them. None is flagged, and the reason said, where
    hardly one in ten of those would be expected to be wrong, as where the model predicts every number.

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
    judge = NumberJudge.of(said, guess) if len(said) else None
    doubts = judge.beliefs(said, guess) if judge else NOBODY
    flags, reason = flagged(doubts, precision, budget), ""
    if precision is None and budget is None and not (flags.any() and doubts.stated[flags].mean() >= LEAST_RIGHT):
        flags, reason = np.zeros(len(said), bool), ALL_RIGHT
    clear = judge is not None and bool((flags & judge.proven(said, guess)).any())
    columns = {
        "row": pa.array(np.arange(len(said))),
        "given": pa.array(said),
        "suggested": pa.array(guess),
        "score": pa.array(doubts.wrong),
        "is_error": pa.array(flags),
    }
    return table_of(columns, counted(doubts, flags, reason, proven=clear))


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
