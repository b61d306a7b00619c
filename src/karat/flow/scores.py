"""The four dimensions: measures by check, a score and a 95 % interval by dimension."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import prod, sqrt
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from karat import kinds
from karat.core.finding import FACT, SCORED, SURE, Dimension
from karat.core.measure import Measure, wilson
from karat.core.patch import unresolved
from karat.core.plugins import attempted
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Check
from karat.flow.engine import Learned
from karat.flow.label_accuracy import label_accuracy
from karat.flow.unseen import Unseen

# Of accuracy: a table may have so many wrong cells more or fewer than the model's interval says.
FEW = 0.005  # unproven: wider covers more often and says less
ITEMS = (
    "cells",
    "records",
    "labels",
    "steps",
)  # what a data set is made of; columns, classes and groups are told beside


def score(
    learned: Learned,
    schema: Schema,
    findings: Mapping[str, pa.Table],
    records: int,
    ledger: pa.Table | None = None,
    unseen: Unseen | None = None,
) -> dict[str, Any]:
    """The dimensions' scores, as in ``scores.json``.

    A table's score in a dimension is the share of its cells that no check of that dimension calls wrong, times the same
    share of its records, of its labels, and of the steps of its times: a cell that two checks name counts once. The
    accuracy of cells and of labels counts those too that are thought to be wrong and were not found. Other kinds of
    data are scored by the mean of their measures. Intervals are Wilson's, combined for independent shares.

    Parameters
    ----------
    findings : mapping of str to pyarrow.Table
        Findings by check code: row, column, confidence, kind.
    records : int
        How many records were judged.
    ledger : pyarrow.Table or None
        What was done since: a score rises by its entries alone, never by judging the same data with other states.
    unseen : Unseen or None
        What is thought of the cells that no check calls wrong; None: they are right.
    """
    dimensions: dict[str, Any] = {}
    hidden = unseen or Unseen()
    cells = kinds.of(schema.kind).cells(schema)
    for dimension in SCORED:
        checks = {code: check for code, check in learned.checks.items() if check.dimension is dimension}
        measured = {code: _measures(learned, schema, code, findings[code], ledger) for code in checks}
        measures = [m for some in measured.values() for m in some if m.total]
        items = _items(checks, measured, cells, findings, records, ledger) if cells else None
        doubt = None
        if dimension is Dimension.ACCURACY and items:
            first = {code: _measures(learned, schema, code, findings[code], None) for code in checks}
            doubt = Doubt.of_cells(_items(checks, first, cells, findings, records, None), hidden)
            doubt = doubt.with_labels(label_accuracy(learned, schema, findings.get("SuspectLabels")))
        elif dimension is Dimension.CONSISTENCY and items:  # equal records may be one thing or several
            repeated = [findings[code] for code, check in checks.items() if check.unit == "records"]
            doubt = Doubt(0.0, hidden.suspected, max(map(_expected_right, repeated), default=0.0) / max(1, records))
        dimensions[str(dimension)] = dimension_score(measures, items, doubt)
    labels = label_accuracy(learned, schema, findings.get("SuspectLabels"), ledger)
    if labels is not None:
        dimensions[str(Dimension.ACCURACY)]["labels"] = labels
    return {"dimensions": dimensions}


def _measures(
    learned: Learned, schema: Schema, code: str, findings: pa.Table, ledger: pa.Table | None
) -> list[Measure]:
    check, state, schema = learned.checks[code], learned.states[code], schema.by_name
    if ledger is None:
        return attempted(check, "measures", lambda: check.measures(state, schema, findings), [])
    return attempted(check, "measures_after", lambda: check.measures_after(state, schema, findings, ledger), [])


def _items(
    checks: Mapping[str, Check],
    measured: Mapping[str, Sequence[Measure]],
    columns: Sequence[Column],
    findings: Mapping[str, pa.Table],
    records: int,
    ledger: pa.Table | None,
) -> list[Measure]:
    """Wrong cells of some columns, times, records and steps of one dimension, each counted once."""
    times = [column.name for column in columns if column.role is Role.TIME] if _of_time(checks) else []
    totals = {"times": records * len(times), "cells": records * (len(columns) - len(times)), "records": records}
    out = []
    for unit in ITEMS:
        mine = {code: check for code, check in checks.items() if check.unit == unit and measured[code]}
        counted = {code for code, check in mine.items() if type(check).measures is not Check.measures}
        pointed = [findings[code].select(["row", "column", "confidence", "kind"]) for code in mine.keys() - counted]
        own = [m for code in counted for m in measured[code] if m.total]
        named = [("times", times, True), ("cells", times, False)] if unit == "cells" else [(unit, [], False)]
        for name, within, inside in named:
            total = totals.get(name, max((m.total for m in own), default=0))
            if not mine or not total:
                continue
            shares = [round(m.bad / m.total * min(m.total, total)) for m in own] if name != "times" else []
            bad = max([_pointed_at(pointed, unit, ledger, within, inside=inside), *shares])
            out.append(Measure(name, "", min(bad, total), total, name))
    return out


def _expected_right(findings: pa.Table) -> float:
    """How many of the records that are found wrong are right, by the findings' own confidence."""
    sure = findings.filter(pc.and_(pc.greater_equal(findings["confidence"], SURE), pc.is_valid(findings["row"])))
    return float((1 - sure["confidence"].to_numpy()).sum())


def _of_time(checks: Mapping[str, Check]) -> bool:
    return any(check.dimension is Dimension.TIMELINESS for check in checks.values())


def _pointed_at(
    parts: Sequence[pa.Table], unit: str, ledger: pa.Table | None, within: Sequence[str], *, inside: bool
) -> int:
    """How many different cells or records findings of fact at 0.5 or above name, in some columns or outside them."""
    if not parts:
        return 0
    some = pa.concat_tables(parts)
    keep = pc.and_(pc.greater_equal(some["confidence"], SURE), pc.equal(some["kind"], FACT))
    some = some.filter(pc.and_(keep, pc.is_valid(some["row"])))
    if within:
        here = pc.fill_null(pc.is_in(some["column"], pa.array(within, pa.string())), False)
        some = some.filter(here if inside else pc.invert(here))
    some = some if ledger is None else unresolved(some, ledger)
    names = ["row", "column"] if unit == "cells" else ["row"]
    return int(some.group_by(names).aggregate([]).num_rows)


@dataclass(frozen=True)
class Doubt:
    """What is thought and not known of a dimension's items, as shares of them.

    Parameters
    ----------
    unseen : float
        Wrong, and not found.
    below, above : float
        How far the true share of right items may lie below and above the score.
    """

    unseen: float
    below: float
    above: float

    @classmethod
    def of_cells(cls, items: Sequence[Measure], unseen: Unseen) -> "Doubt":
        """Of accuracy, from the items before anything was fixed: fixing them finds nothing more."""
        wrong = 1 - prod(item.score for item in items) + unseen.share
        return cls(unseen.share, max(0.0, unseen.high - wrong) + FEW, max(0.0, wrong - unseen.low) + FEW)

    def with_labels(self, labels: Mapping[str, Any] | None) -> "Doubt":
        """The same with what is not known of the labels."""
        if labels is None:
            return self
        below, above = labels["score"] - labels["low"], labels["high"] - labels["score"]
        return Doubt(self.unseen, sqrt(self.below**2 + below**2), sqrt(self.above**2 + max(0.0, above) ** 2))


def dimension_score(
    measures: Sequence[Measure], items: Sequence[Measure] | None = None, doubt: Doubt | None = None
) -> dict[str, Any]:
    """One dimension of ``scores.json``.

    Parameters
    ----------
    measures : sequence of Measure
        All that was measured, by check.
    items : sequence of Measure or None
        Wrong cells, records and steps, each counted once, from which the score follows; None: from the measures' mean.
    doubt : Doubt or None
        Wrong cells that were not found take part in the score, and what is not known of them in its interval.
    """
    listed: dict[str, Any] = {
        "measures": [
            {"name": m.name, "standard": m.standard, "bad": m.bad, "total": m.total, "unit": m.unit} for m in measures
        ]
    }
    if items is not None:
        listed["items"] = [{"unit": m.unit, "bad": m.bad, "total": m.total} for m in items]
    if doubt is not None:
        listed["doubt"] = asdict(doubt)
    counted = measures if items is None else items
    if not counted:
        return {"score": None, "low": None, "high": None, **listed}
    ends = [wilson(m.total - m.bad, m.total) for m in counted]
    size = len(counted) if items is None else 1
    share = sum(m.score for m in counted) / size if items is None else prod(m.score for m in counted)
    below = sqrt(sum((m.score - low) ** 2 for m, (low, _) in zip(counted, ends, strict=True))) / size
    above = sqrt(sum((high - m.score) ** 2 for m, (_, high) in zip(counted, ends, strict=True))) / size
    if doubt is not None:
        share = max(0.0, share - doubt.unseen)
        below, above = sqrt(below**2 + doubt.below**2), sqrt(above**2 + doubt.above**2)
    return {"score": share, "low": max(0.0, share - below), "high": min(1.0, share + above), **listed}


def by_check(findings: pa.Table, learned: Learned) -> dict[str, pa.Table]:
    """Findings split by check code, one entry for every check that ran."""
    return {code: findings.filter(pc.equal(findings["check"], code)) for code in learned.checks}
