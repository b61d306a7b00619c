"""The four dimensions: measures by check, a score and a 95 % interval by dimension."""

from math import sqrt
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import SCORED
from karat.core.measure import Measure, wilson
from karat.core.schema import Schema
from karat.flow.engine import Learned


def score(
    learned: Learned, schema: Schema, found: dict[str, pa.Table], ledger: pa.Table | None = None
) -> dict[str, Any]:
    """The dimensions' scores, as in ``scores.json``.

    A dimension's score is the mean of its measures' good shares; its interval is that of a mean of independent shares,
    each with the Wilson variance. Measures of nothing (0 of 0) are left out; a dimension without measures has no score.

    Parameters
    ----------
    learned : Learned
    schema : Schema
    found : dict of str to pyarrow.Table
        Findings by check code.
    ledger : pyarrow.Table or None
        What was done since: a score rises by its entries alone, never by judging the same data with other states.
    """
    dimensions: dict[str, Any] = {}
    for dimension in SCORED:
        measures: list[Measure] = []
        for code, check in learned.checks.items():
            if check.dimension is dimension:
                state = learned.states[code]
                measures += (
                    check.measures(state, schema, found[code])
                    if ledger is None
                    else check.measures_after(state, schema, found[code], ledger)
                )
        dimensions[str(dimension)] = dimension_score([m for m in measures if m.total])
    return {"dimensions": dimensions}


def dimension_score(measures: list[Measure]) -> dict[str, Any]:
    """One dimension of ``scores.json`` from its measures."""
    listed = [
        {"name": m.name, "standard": m.standard, "bad": m.bad, "total": m.total, "unit": m.unit} for m in measures
    ]
    if not measures:
        return {"score": None, "low": None, "high": None, "measures": listed}
    share = sum(m.score for m in measures) / len(measures)
    ends = [wilson(m.total - m.bad, m.total) for m in measures]
    below = sqrt(sum((m.score - low) ** 2 for m, (low, _) in zip(measures, ends, strict=True))) / len(measures)
    above = sqrt(sum((high - m.score) ** 2 for m, (_, high) in zip(measures, ends, strict=True))) / len(measures)
    return {"score": share, "low": max(0.0, share - below), "high": min(1.0, share + above), "measures": listed}


def by_check(found: pa.Table, learned: Learned) -> dict[str, pa.Table]:
    """Findings split by check code, one entry for every check that ran."""
    return {code: found.filter(pc.equal(found["check"], code)) for code in learned.checks}
