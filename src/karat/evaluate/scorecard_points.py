"""A scorecard as lenders print it: points for each bin, and what one applicant gets."""

from collections.abc import Sequence
from typing import Any

import numpy as np


def card_table(parts: Sequence[Any], model: Any) -> dict[str, Any]:
    """The whole card: a start, and points for each bin of each column; a score is the start and one bin a column.

    Parameters
    ----------
    parts : sequence of fitted evidence
        In feature order.
    model : ScorecardModel
        Higher points are safer: less likely the second class. Points of a column are told from its best bin down.

    Returns
    -------
    dict
        ``start``, ``columns`` [{``column``, ``information``, ``shape``, ``bins`` [{``bin``, ``records``, ``rate``,
        ``points``}]}], the most telling first, and ``crossed`` [{``columns``, ``first``, ``second``, ``points``}].
    """
    factor = model.factor
    columns = []
    for at, part in enumerate(parts):
        points = -factor * float(model.weights[at]) * part.weights
        bins = [
            {"bin": name, "records": int(n), "rate": float(yes / n) if n else None, "points": float(point)}
            for name, n, yes, point in zip(part.bins(), part.all, part.yes, points, strict=True)
        ]
        information = part.information if model.weights[at] > 0 else 0.0
        columns.append({"column": part.column, "information": information, "shape": part.shape, "bins": bins})
    crossed = [
        {
            "columns": [parts[crossing.first].column, parts[crossing.second].column],
            "first": _stretches(parts[crossing.first], crossing.first_edges),
            "second": _stretches(parts[crossing.second], crossing.second_edges),
            "points": (-factor * float(weight) * crossing.table).tolist(),
        }
        for crossing, weight in zip(model.crossed, model.weights[len(parts) :], strict=True)
    ]
    columns.sort(key=lambda column: (-column["information"], column["column"]))
    return {"start": model.start, "columns": columns, "crossed": crossed}


def _stretches(part: Any, edges: np.ndarray) -> list[list[str]]:
    """The bins of a column, by the coarse stretch of evidence that they fall in."""
    place = np.searchsorted(edges, part.weights.astype(np.float32).astype(np.float64), side="left")
    names = part.bins()
    return [[name for name, here in zip(names, place, strict=True) if here == k] for k in range(len(edges) + 1)]


def points_of(model: Any, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The score (n,) of each record and the points (n, d + crossings) that sum to it with the start."""
    points = model.points(features)
    return points.sum(1) + model.start, points
