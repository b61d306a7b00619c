"""Wrong labels of tokens."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.label._given import listed, positions, probabilities
from karat.label.class_errors import class_errors
from karat.label.confident_sets import table_of


def is_tokens(pred_probs: Any) -> bool:
    """A list of (tokens, k) arrays, or an array of three dimensions."""
    if isinstance(pred_probs, np.ndarray) and pred_probs.dtype != object:
        return pred_probs.ndim == 3
    for first in pred_probs:
        return np.ndim(first) == 2
    return False


def token_errors(
    label_lists: Any,
    pred_probs: Any,
    *,
    classes: Sequence[Any] | None = None,
    precision: float | None = None,
    budget: int | None = None,
) -> pa.Table:
    """Tokens whose label is probably wrong: every token is a record of its own.

    Parameters
    ----------
    label_lists : n lists of labels
    pred_probs : n arrays of shape (tokens, k)
    classes, precision, budget
        As in ``wrong_labels``.

    Returns
    -------
    pyarrow.Table : ``row`` (the text), ``token`` (its place in it), ``given``, ``suggested``, ``score``, ``is_error``.

    Raises
    ------
    InputError : a text with another number of labels than of probabilities, and as in ``wrong_labels``.
    """
    texts, parts = [listed(labels) for labels in label_lists], [np.asarray(part, np.float64) for part in pred_probs]
    if len(texts) != len(parts):
        raise InputError(
            f"there are {len(texts)} texts and {len(parts)} arrays of pred_probs", "Give one array per text"
        )
    uneven = [at for at, (labels, part) in enumerate(zip(texts, parts, strict=True)) if len(labels) != len(part)]
    if uneven:
        at = uneven[0]
        raise InputError(
            f"{len(uneven):,} texts have another number of labels than of rows in pred_probs "
            f"(text {at}: {len(texts[at])} labels, {len(parts[at])} rows)",
            "Give one row per token",
        )
    expected = probabilities(np.concatenate(parts))
    codes, names = positions([label for labels in texts for label in labels], expected.shape[1], classes)
    lengths = np.array([len(labels) for labels in texts])
    columns, noise = class_errors(codes, names, expected, precision=precision, budget=budget)
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    columns["row"] = pa.array(np.repeat(np.arange(len(texts)), lengths))
    columns = {"row": columns.pop("row"), "token": pa.array(np.arange(len(codes)) - starts), **columns}
    return table_of(columns, noise)
