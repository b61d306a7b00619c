"""What a check's score is worth on tables it has never seen, and from which confidence on it may fix a cell unasked.

The curves in ``calibration.json`` are fitted by ``benchmarks/calibrate.py`` on foreign tables with known truth, each
table weighing the same and whole tables left out. A check that claims facts and has no curve there keeps its own score
up to ``UNPROVEN`` and fixes nothing unasked.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import inf
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import FORM

FORM_FROM = 0.5  # unproven: a change of form keeps the meaning and is undone by a rule
UNPROVEN = 0.49  # definition: just under ``SURE``; below this a finding is a suspicion: written, not counted


@dataclass(frozen=True)
class Curve:
    """Score against the share of such findings that were right on tables left out.

    Parameters
    ----------
    score, right : tuple of float, rising, in [0, 1]
    fixes_from : float
        Confidence (after the curve) from which on the lower 5 % bound for a new table is 0.95; infinite when nowhere.
    tables : int
        Foreign tables with at least one right finding.
    """

    score: tuple[float, ...]
    right: tuple[float, ...]
    fixes_from: float
    tables: int


@cache
def curves() -> Mapping[str, Curve]:
    """Every fitted curve, by check code."""
    fitted: dict[str, Any] = json.loads(files("karat.quality").joinpath("calibration.json").read_text("utf-8"))
    return {
        code: Curve(
            tuple(curve["score"]),
            tuple(curve["right"]),
            inf if curve["fixes_from"] is None else curve["fixes_from"],
            curve["tables"],
        )
        for code, curve in fitted["checks"].items()
    }


def calibrated(code: str, findings: pa.Table) -> pa.Table:
    """Findings of one check with their score replaced by what it is worth; changes of form are left as they are."""
    curve = curves().get(code)
    if curve is None or not findings.num_rows:
        return findings
    worth = np.round(np.interp(findings["confidence"].to_numpy(), curve.score, curve.right), 4)
    form = pc.equal(findings["kind"], FORM)
    new = pc.if_else(form, findings["confidence"], pa.array(worth))
    return findings.set_column(findings.schema.get_field_index("confidence"), "confidence", new)


def worth(code: str, score: float, kind: str) -> float:
    """What one score of a check is worth, as ``calibrated`` says of a table of them."""
    curve = curves().get(code)
    if curve is None or kind == FORM:
        return float(score)
    return float(np.round(np.interp(score, curve.score, curve.right), 4))


def fixes_from(code: str) -> float:
    """The confidence from which on findings of fact by a check are fixed unasked; infinite when never."""
    curve = curves().get(code)
    return inf if curve is None else curve.fixes_from
