"""Wrong labels of classes: what the one judge says of them, as columns and a count."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from karat.label.confident_sets import flagged, named
from karat.quality.accuracy.label_beliefs import Noise, counted
from karat.quality.accuracy.label_judge import fitted_on_sample


def class_errors(
    codes: np.ndarray,
    names: list[Any] | None,
    expected: np.ndarray,
    *,
    precision: float | None = None,
    budget: int | None = None,
    keys: Any = None,
) -> tuple[dict[str, pa.Array], Noise]:
    """Which labels are probably wrong, and how many.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        Positions of the given labels among the classes.
    names : list, optional
        The classes' names.
    expected : ndarray of float64, shape (n, k)
        Out-of-sample probabilities.
    precision, budget, keys
        As in ``wrong_labels``.

    Returns
    -------
    (columns, noise) : ``row``, ``given``, ``suggested``, ``score``, ``is_error``; the count does not depend on
        ``precision`` or ``budget``.
    """
    judge = fitted_on_sample(expected, codes, keys)
    beliefs = judge.beliefs(expected, codes)
    if precision is None and budget is None:
        flags = judge.flags(beliefs, codes)
    else:
        flags = flagged(beliefs, precision, budget, judge.known(codes, beliefs.likely))
    columns = {
        "row": pa.array(np.arange(len(codes))),
        "given": named(codes, names),
        "suggested": named(beliefs.likely, names),
        "score": pa.array(beliefs.wrong),
        "is_error": pa.array(flags),
    }
    of_all, of_flags = judge.noise, counted(beliefs, flags, judge.noise.reason, proven=judge.noise.proven)
    return columns, replace(of_flags, wrong=of_all.wrong, low=of_all.low, high=of_all.high)
