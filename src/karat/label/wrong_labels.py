"""Labels that are probably wrong, cut where it is worth it, with what to expect of the cut."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from karat.label._given import listed, positions, probabilities, same_length
from karat.label.class_errors import class_errors
from karat.label.confident_sets import table_of
from karat.quality.accuracy.label_beliefs import Noise
from karat.quality.accuracy.label_judge import fitted_on_sample


def wrong_labels(
    given: Any,
    pred_probs: Any,
    *,
    classes: Sequence[Any] | None = None,
    precision: float | None = None,
    budget: int | None = None,
    keys: Any = None,
) -> pa.Table:
    """Which given labels are probably wrong, from a model's out-of-sample answers.

    The kind is told by the shapes: one label and k probabilities a record (classes); a set of labels or a row of 0/1
    and k probabilities (several labels); a number and a prediction (regression); a list of labels and a list of
    probabilities (tokens). Labels of 0 and 1 beside one number in [0, 1] a record are two classes and the probability
    of the second.

    Nothing is flagged, and the reason said, where the model tells no class from the others better than chance, or
    contradicts no more labels than it would if all were right; nor a label of a class with fewer than 20 records.

    Parameters
    ----------
    given : array-like, shape (n,), (n, k) or n lists
        Positions among the classes, with ``classes`` names, numbers, or lists of these.
    pred_probs : array-like, shape (n, k), (n,) or n arrays
        Probabilities from a model that has not seen the record; for numbers its predictions.
    classes : sequence of length k, optional
        Names in the order of the columns.
    precision : float, optional
        In (0, 1]: flag as many as can be with this expected precision.
    budget : int, optional
        Flag no more than so many.
    keys : array-like of uint64, shape (n,), optional
        Of more than 16,384 records the judge is fitted on those with the smallest; by default they follow from the
        probabilities and the label.

    Returns
    -------
    pyarrow.Table : ``row``, ``given``, ``suggested``, ``score`` (probability that the label is wrong; higher = more
        suspect), ``is_error``. The schema's metadata has, under ``karat``, the estimate as JSON: ``wrong`` with
        ``low`` and ``high`` (90 %), ``labels``, ``flagged``, ``expected_precision`` with ``precision_low`` and
        ``precision_high``, and ``reason``. For tokens also ``token``.

    Raises
    ------
    InputError : NaN, sums that are not 1, labels outside the classes, lengths that differ.
    OptionError : a precision or a budget that cannot be.

    Examples
    --------
    >>> found = wrong_labels([0, 1, 1, 0] * 20, [[0.9, 0.1], [0.1, 0.9], [0.1, 0.9], [0.9, 0.1]] * 20)
    >>> found.column_names
    ['row', 'given', 'suggested', 'score', 'is_error']
    """
    from karat.label.multi_label_errors import is_multi_label, multi_label_errors
    from karat.label.regression_errors import is_regression, regression_errors
    from karat.label.token_errors import is_tokens, token_errors

    if is_tokens(pred_probs):
        return token_errors(given, pred_probs, classes=classes, precision=precision, budget=budget)
    if _of_two(given, pred_probs):
        pred_probs = np.column_stack([1 - np.asarray(pred_probs), pred_probs])
    if is_regression(pred_probs):
        return regression_errors(given, pred_probs, precision=precision, budget=budget)
    if is_multi_label(given):
        return multi_label_errors(given, pred_probs, classes=classes, precision=precision, budget=budget)
    return table_of(*class_errors(*_read(given, pred_probs, classes), precision=precision, budget=budget, keys=keys))


def noise(given: Any, pred_probs: Any, *, classes: Sequence[Any] | None = None, keys: Any = None) -> Noise:
    """How many labels are wrong, with a 90 % interval; parameters as in ``wrong_labels``, for classes."""
    codes, _, expected = _read(given, pred_probs, classes)
    judge = fitted_on_sample(expected, codes, keys)
    return replace(judge.noise, flagged=int(judge.flags(judge.beliefs(expected, codes), codes).sum()))


def _of_two(given: Any, pred_probs: Any) -> bool:
    """Labels of 0 and 1, and of each record the probability of 1."""
    if np.ndim(pred_probs) != 1 or not len(pred_probs) or isinstance(pred_probs, str):
        return False
    try:
        labels, chances = np.asarray(listed(given), np.float64), np.asarray(pred_probs, np.float64)
    except (TypeError, ValueError):
        return False
    return bool(np.isin(labels, (0, 1)).all() and ((chances >= 0) & (chances <= 1)).all())


def _read(
    labels: Any, pred_probs: Any, classes: Sequence[Any] | None
) -> tuple[np.ndarray, list[Any] | None, np.ndarray]:
    expected = probabilities(pred_probs)
    values = labels if isinstance(labels, np.ndarray) else listed(labels)
    same_length(len(values), len(expected))
    codes, names = positions(values, expected.shape[1], classes)
    return codes, names, expected
