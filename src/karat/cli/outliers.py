"""``karat.outliers``: how unusual every record is, and in which columns."""

from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import InputError
from karat.core.finding import DoesNotApply

TOP = 3  # display: columns named for each record


def outliers(data: Any, target: str = "") -> pa.Table:
    """Score every record by how unlike the others it is; nothing is changed.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, or anything with ``__arrow_c_stream__``
    target : str, default ''
        A column to leave out of the comparison.

    Returns
    -------
    pyarrow.Table
        ``row`` (int64, position from 0), ``score`` (float64, around 0 for a usual record, about 1 for the most unusual
        tenth, without an upper end), ``columns`` (list of str: those that set the record apart most, the strongest
        first). Sorted by row.

    Raises
    ------
    karat.InputError
        Too few records, or fewer than two columns that tell records apart.

    Examples
    --------
    >>> table = pa.table({"a": [*range(60), *range(60), 30], "b": [*range(60), *range(60), 59]})
    >>> scores = outliers(table)
    >>> int(np.argmax(scores["score"]))
    120
    """
    from karat.flow.loading import load, plain_settings
    from karat.quality.accuracy.unusual_records import UnusualRecords

    check, block = UnusualRecords(), load(data, plain_settings(target, seed=0)).by_name
    refusal = check.applies(block.schema)
    if refusal is None:
        state = check.learn(block)
        scores = check.record_scores(state, block)
        model = check.model(state)
        if not isinstance(scores, DoesNotApply) and model is not None:
            shares, names = model.shares(block), np.array(model.features.names, object)
            order = np.argsort(-shares, axis=1, kind="stable")[:, :TOP]
            columns = pa.array([list(names[at]) for at in order], pa.list_(pa.string()))
            return pa.table({"row": pa.array(block.rows), "score": pa.array(scores), "columns": columns})
        refusal = scores if isinstance(scores, DoesNotApply) else None
    raise InputError(
        f"these records cannot be scored: {refusal.reason if refusal else 'no columns'}",
        "Pass at least 100 records with two columns of numbers or categories",
    )
