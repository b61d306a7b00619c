"""Wrong labels where a record may have several."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.core.words import many
from karat.label._given import listed, probabilities, same_length
from karat.label.confident_sets import flagged, table_of
from karat.quality.accuracy.label_beliefs import ALL_RIGHT, LabelBeliefs, counted
from karat.quality.accuracy.label_judge import fitted_on_sample

# chosen on 32 other arrays, of digits and three made sets (benchmarks/wrong_labels.md)
WEIGHTS = (0.2, 0.1, 0.2, 0.2, 0.1, 0.0, 0.2)  # of the beliefs, in ranking and cutting: each question errs rarely


def is_multi_label(labels: Any) -> bool:
    """A row of 0/1, or a collection of labels, per record."""
    if isinstance(labels, np.ndarray) and labels.dtype != object:
        return labels.ndim == 2
    for first in labels:
        return isinstance(first, (list, tuple, set, frozenset, np.ndarray))
    return False


def multi_label_errors(
    label_sets: Any,
    pred_probs: Any,
    *,
    classes: Sequence[Any] | None = None,
    precision: float | None = None,
    budget: int | None = None,
) -> pa.Table:
    """Records with a label too many or too few.

    Every class is a question of yes or no with its own rates of error; a record is doubted as far as its most doubtful
    answer is. (Many small doubts do not add up: a weak model has them everywhere.)

    Parameters
    ----------
    label_sets : array-like, shape (n, k), or n collections
        0/1, or the labels that hold, as positions or names.
    pred_probs : array-like, shape (n, k)
        Out-of-sample probability of each class; a row need not sum to 1.
    classes, precision, budget
        As in ``wrong_labels``.

    Returns
    -------
    pyarrow.Table : ``row``, ``given`` and ``suggested`` (lists of classes), ``score``, ``is_error``.

    Raises
    ------
    InputError : as in ``wrong_labels``.
    """
    expected = probabilities(pred_probs, sums=False)
    size, count = expected.shape
    names = list(classes) if classes is not None else list(range(count))
    if len(names) != count:
        raise InputError(f"classes names {len(names)}, and pred_probs has {count} columns", "Name each column's class")
    marks = _marks(label_sets, names)
    same_length(len(marks), size)
    known, each, clear = np.zeros(size, bool), [], False
    for at in range(count):
        codes, two = marks[:, at].astype(np.int64), np.column_stack([1 - expected[:, at], expected[:, at]])
        judge = fitted_on_sample(two, codes)
        known |= judge.skill.classes[codes] & (judge.cut < math.inf)
        clear = clear or judge.noise.proven
        each.append(judge.beliefs(two, codes))
    beliefs = np.max([answer.beliefs for answer in each], axis=0)
    credence = np.mean([answer.credence for answer in each], axis=0)
    weights = np.array(WEIGHTS)
    whole = LabelBeliefs(weights @ beliefs, beliefs, weights, credence, np.zeros(size, np.int64))
    asked = precision is not None or budget is not None
    flags = flagged(whole, precision, budget, None if asked else known)
    doubted = np.column_stack([answer.wrong for answer in each])
    turned = doubted >= 0.5
    turned[np.arange(size), doubted.argmax(axis=1)] = True  # the most doubtful one, whatever else
    columns = {
        "row": pa.array(np.arange(size)),
        "given": _sets(marks, names),
        "suggested": _sets(marks ^ turned, names),
        "score": pa.array(whole.wrong),
        "is_error": pa.array(flags),
    }
    return table_of(columns, counted(whole, flags, "" if flags.any() or asked else ALL_RIGHT, proven=clear))


def _marks(label_sets: Any, names: list[Any]) -> np.ndarray:
    """(n, k) bool from rows of 0/1 or collections of labels."""
    if isinstance(label_sets, np.ndarray) and label_sets.ndim == 2:
        rows = label_sets
        if rows.shape[1] != len(names):
            raise InputError(
                f"given has {rows.shape[1]} columns, and there are {len(names)} classes", "Give one column per class"
            )
        other = ~np.isin(rows, (0, 1))
        if other.any():
            raise InputError(
                f"{int(other.sum()):,} values of given are not 0 or 1 (row {int(np.argwhere(other)[0][0])})",
                "Give 1 where a class applies, else 0",
            )
        return rows.astype(bool)
    place = {str(name): at for at, name in enumerate(names)}
    sets = listed(label_sets)
    out = np.zeros((len(sets), len(names)), bool)
    unknown: list[tuple[int, Any]] = []
    for row, labels in enumerate(sets):
        for label in labels:
            at = place.get(str(label))
            if at is None:
                unknown.append((row, label))
            else:
                out[row, at] = True
    if unknown:
        row, label = unknown[0]
        raise InputError(
            f"{many(len(unknown), 'label is', 'labels are')} not among the {len(names)} classes (row {row}: {label!r})",
            "Pass classes=, or drop these rows",
        )
    return out


def _sets(marks: np.ndarray, names: list[Any]) -> pa.Array:
    _, at = np.nonzero(marks)
    ends = np.concatenate([[0], np.cumsum(marks.sum(axis=1))])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(names).take(pa.array(at)))
