"""Given labels and probabilities as arrays; what does not fit is counted, shown and refused."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.core.words import many

SHOWN = 3  # display: examples in an error
SUMS_TO_ONE = 1e-3  # unproven: less refuses what was rounded, more lets through what is no probability


def probabilities(values: Any, dimensions: int = 2, *, sums: bool = True) -> np.ndarray:
    """Probabilities as float64, checked.

    Parameters
    ----------
    values : array-like, shape (n, k)
    dimensions : int
        Dimensions wanted.
    sums : bool
        Every record's sum to 1 (else each stands for itself in [0, 1]).

    Raises
    ------
    InputError : wrong shape, NaN, outside [0, 1], or not summing to 1.
    """
    try:
        out = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise InputError(
            "pred_probs has rows of different length", "Give one probability per class in each row"
        ) from None
    if out.ndim != dimensions or (dimensions == 2 and out.shape[1] < 1):
        raise InputError(f"pred_probs has shape {out.shape}", "Give probabilities of shape (n, k)")
    strange = np.asarray(((out < -1e-9) | (out > 1 + 1e-6)).any(axis=1))
    _refuse(np.asarray(np.isnan(out).any(axis=1)), "NaN", "fill or drop them")
    _refuse(strange, "numbers outside [0, 1]", "pass probabilities, not scores")
    if sums:
        total = out.sum(axis=1)
        apart = np.asarray(np.abs(total - 1) > SUMS_TO_ONE)
        _refuse(apart, "sums other than 1", "normalise them", total)
        out = out / total[:, None]
    return np.clip(out, 0.0, 1.0)


def _refuse(bad: np.ndarray, fault: str, do: str, shown: np.ndarray | None = None) -> None:
    if not bad.any():
        return
    rows = np.flatnonzero(bad)
    some = ", ".join(f"row {row}" + (f": {shown[row]:.4g}" if shown is not None else "") for row in rows[:SHOWN])
    more = ", …" if len(rows) > SHOWN else ""
    raise InputError(f"pred_probs has {fault} in {len(rows):,} of {len(bad):,} rows ({some}{more})", do)


def listed(values: Any) -> list[Any]:
    """Labels as a list of plain values; blank is None."""
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return list(values.to_pylist())
    if isinstance(values, np.ndarray):
        return list(values.tolist())
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        raise InputError(f"given is of type {type(values).__name__}", "Give a sequence of labels")
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def positions(labels: Any, count: int, classes: Sequence[Any] | None) -> tuple[np.ndarray, list[Any] | None]:
    """Given labels as positions among the classes (n,) int64, and the classes' names, if they have any.

    Parameters
    ----------
    labels : array-like, shape (n,)
        Positions, or with ``classes`` names.
    count : int
        Classes that the probabilities are about.
    classes : sequence, optional
        Their names in the order of the probabilities' columns.

    Raises
    ------
    InputError : a label outside the classes, or names without ``classes``.
    """
    if classes is None and isinstance(labels, np.ndarray) and labels.dtype.kind in "iu":
        codes = labels.astype(np.int64)
        _inside(codes, [None] * 0, count, codes)
        return codes, None
    values = listed(labels)
    if classes is None:
        codes = np.array([_position(value) for value in values], np.int64)
        _inside(codes, values, count, codes)
        return codes, None
    names = list(classes)
    if len(names) != count or len({str(name) for name in names}) != count:
        raise InputError(
            f"classes names {len(names)}: {names[:SHOWN]}, and pred_probs has {count} columns",
            "Name each column's class, all different",
        )
    place = {str(name): at for at, name in enumerate(names)}
    numbers = all(isinstance(value, int) and not isinstance(value, bool) for value in values)
    if numbers and not any(str(value) in place for value in values):
        codes = np.array(values, np.int64)
    else:
        codes = np.array([-1 if value is None else place.get(str(value), -1) for value in values], np.int64)
    _inside(codes, values, count, codes)
    return codes, names


def _position(value: Any) -> int:
    """A label as a position; -1 of what is none."""
    if isinstance(value, str):
        raise InputError(
            f"labels are names ({value!r}), and nothing says which column belongs to which",
            "Pass classes= in the order of the columns",
        )
    return int(value) if isinstance(value, (int, float)) and value == value // 1 else -1


def _inside(codes: np.ndarray, values: list[Any], count: int, shown: np.ndarray) -> None:
    out = np.flatnonzero((codes < 0) | (codes >= count))
    if len(out):
        some = ", ".join(f"row {at}: {(values[at] if values else shown[at])!r}" for at in out[:SHOWN])
        more = ", …" if len(out) > SHOWN else ""
        raise InputError(
            f"{many(len(out), 'label is', 'labels are')} not among the {count} classes ({some}{more})",
            "Pass classes=, or drop these rows",
        )


def same_length(label_count: int, expected: int) -> None:
    """Raises InputError unless there is one answer of the model per label."""
    if label_count != expected:
        raise InputError(
            f"there are {label_count:,} labels and {expected:,} rows of pred_probs", "Give one row per label"
        )
