"""``karat.label.errors``: wrong labels from given probabilities, or from Karat's own model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError


def errors(
    given: Any = None,
    pred_probs: Any = None,
    *,
    classes: Sequence[Any] | None = None,
    data: Any = None,
    target: str | None = None,
    precision: float | None = None,
    budget: int | None = None,
    seed: int = 0,
) -> pa.Table:
    """Which given labels are probably wrong; see ``karat.label.wrong_labels.wrong_labels``.

    Parameters
    ----------
    given, pred_probs, classes, precision, budget
        As there.
    data : path, URL, ``RUN@N``, or anything with ``__arrow_c_stream__``
        Without ``pred_probs``: the records, which Karat's own model answers out of fold.
    target : str
        The column of ``data`` that holds the labels.
    seed : int
        Draws the folds that ``data`` is answered in.

    Returns
    -------
    pyarrow.Table : ``row``, ``given``, ``suggested``, ``score``, ``is_error``; from ``data``, ``row`` is the record's
        position and a record without a label is left out.

    Raises
    ------
    OptionError : neither probabilities nor data with a target.
    InputError : as there.
    """
    from karat.label.wrong_labels import wrong_labels

    options = {"precision": precision, "budget": budget}
    if pred_probs is not None:
        if given is None:
            raise OptionError("karat.label.errors was given probabilities but no labels", "Pass the labels first")
        return wrong_labels(given, pred_probs, classes=classes, **options)  # type: ignore[arg-type]
    if data is None or not target:
        raise OptionError(
            "karat.label.errors needs probabilities, or records to learn from", "Pass pred_probs=, or data= and target="
        )
    from karat.flow.loading import load, plain_settings
    from karat.flow.out_of_fold import out_of_fold

    block = load(data, plain_settings(target, seed=seed))
    answers, read = out_of_fold(block, seed)
    answered = np.flatnonzero(~read.missing & ~np.isnan(answers.reshape(len(answers), -1)).any(axis=1))
    labels = [read.classes[code] for code in read.values[answered]] if read.classes else read.values[answered]
    classes, keys = list(read.classes) or None, block.keys[answered]
    suspects = wrong_labels(labels, answers[answered], classes=classes, keys=keys, **options)  # type: ignore[arg-type]
    return suspects.set_column(0, "row", pa.array(answered)).replace_schema_metadata(suspects.schema.metadata)
