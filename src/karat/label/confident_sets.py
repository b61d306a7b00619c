"""Where to cut a ranking of suspects, how many there are, and how precise the flags will be."""

import json
import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError
from karat.label.noise_estimate import NoiseEstimate

SURE = 1.645  # standard errors of a 90 % interval; definition: normal quantile
# standard errors of disagreement beyond the model's own errors, below which nothing is flagged: 5 % by chance; on the
# sets of benchmarks/wrong_labels.md it silences half of those without wrong labels and none of those with 2 % or more
BY_CHANCE = 1.645
ALL_RIGHT = "the model contradicts no more labels than it would if all were right"


@dataclass(frozen=True)
class Noise:
    """How many labels are wrong.

    Parameters
    ----------
    wrong, low, high : float
        Wrong labels expected, with a 90 % interval: from what chance leaves open and from what is not known about the
        model's own errors. NaN, 0 and all where no model could tell.
    labels : int
        Labels in all.
    flagged : int
        Labels flagged.
    expected_precision : float
        Share of the flagged that are expected to be wrong.
    precision_low, precision_high : float
        Between what the least and the most doubtful belief expect of the flagged, with chance (90 %).
    reason : str
        Why nothing is flagged; empty where something is.
    """

    wrong: float
    low: float
    high: float
    labels: int
    flagged: int
    expected_precision: float
    precision_low: float = math.nan
    precision_high: float = math.nan
    reason: str = ""


def flagged(
    doubt: NoiseEstimate, precision: float | None = None, budget: int | None = None, known: np.ndarray | None = None
) -> np.ndarray:
    """(n,) bool: the labels to flag.

    Parameters
    ----------
    doubt : Doubt
    precision : float, optional
        In (0, 1]: as many as can be flagged with this expected precision.
    budget : int, optional
        At least 0: no more than so many.
    known : ndarray of bool, shape (n,), optional
        Labels that the model can judge; no other is flagged.

    Without either, the cut with the best expected F1, averaged over the beliefs; none where the model contradicts no
    more labels than it would if all were right.
    """
    if precision is not None and not 0 < precision <= 1:
        raise OptionError(f"precision is {precision}", "Use a share above 0 and at most 1")
    if budget is not None and budget < 0:
        raise OptionError(f"budget is {budget}", "Use 0 or more")
    size = len(doubt.wrong)
    out = np.zeros(size, bool)
    if not size:
        return out
    order = np.argsort(-doubt.wrong, kind="stable")
    order = order if known is None else order[known[order]]
    if not len(order):
        return out
    many = np.arange(1, len(order) + 1)
    if precision is not None:
        enough = np.flatnonzero(np.cumsum(doubt.stated[order]) / many >= precision)
        cut = int(enough[-1]) + 1 if len(enough) else 0
    elif budget is not None:
        cut = len(order)
    elif doubt.surplus < BY_CHANCE:
        cut = 0
    else:
        gain = np.zeros(len(order))
        for weight, belief in zip(doubt.weights, doubt.beliefs, strict=True):
            hits = np.cumsum(belief[order])
            gain += weight * 2 * hits / (many + hits[-1] + 1e-12)
        cut = int(gain.argmax()) + 1
    out[order[: min(cut, budget) if budget is not None else cut]] = True
    return out


def counted(doubt: NoiseEstimate, flags: np.ndarray, reason: str = "") -> Noise:
    """How many labels are wrong, as far as the beliefs tell; ``reason``: why no model could tell, where that is so."""
    if reason:
        return Noise(math.nan, 0.0, float(len(flags)), len(flags), 0, math.nan, reason=reason)
    totals = doubt.beliefs.sum(axis=1)
    low, high = float(totals.min()), float(totals.max())
    stated = doubt.stated
    chance = SURE * float(np.sqrt((stated * (1 - stated)).sum()))
    size = len(doubt.wrong)
    return Noise(
        float(stated.sum()),
        max(0.0, low - SURE * float(np.sqrt(low))),
        min(float(size), high + chance),
        size,
        int(flags.sum()),
        float(stated[flags].mean()) if flags.any() else math.nan,
        *_precisions(doubt, flags),
        "" if flags.any() or doubt.surplus >= BY_CHANCE else ALL_RIGHT,
    )


def _precisions(doubt: NoiseEstimate, flags: np.ndarray) -> tuple[float, float]:
    """The least and the most of the flagged that can be expected to be wrong."""
    if not flags.any():
        return math.nan, math.nan
    each = doubt.beliefs[doubt.credence > 0][:, flags].mean(axis=1)
    low, high = float(each.min()), float(each.max())
    middle = min(max((low + high) / 2, 0.1), 0.9)
    chance = SURE * float(np.sqrt(middle * (1 - middle) / flags.sum()))
    return max(0.0, low - chance), min(1.0, high + chance)


def table_of(columns: dict[str, pa.Array], noise: Noise) -> pa.Table:
    """The answer, with the estimate as JSON in its schema's metadata under ``karat``."""
    facts = {name: None if value != value else value for name, value in asdict(noise).items()}  # noqa: PLR0124  NaN
    return pa.table(columns).replace_schema_metadata({"karat": json.dumps(facts)})


def named(codes: np.ndarray, names: list[Any] | None) -> pa.Array:
    """Classes by their names, else by their positions."""
    if names is None:
        return pa.array(codes.astype(np.int64))
    return pa.array(names).take(pa.array(codes))
