"""How good the model is, for a reader: from ``evaluation.json`` and the model's card."""

from collections.abc import Mapping, Sequence
from typing import Any

from karat.show.charts import calibration
from karat.show.masking import masked
from karat.show.run_files import Facts
from karat.show.words import short, title

MAX_CLASSES = 12
MAX_FEATURES = 12
MAX_SLICES = 6
LOWER_IS_BETTER = {"LogLoss", "MSE", "MAE", "Brier"}


def model_quality(facts: Facts) -> dict[str, Any] | None:
    """What the page shows of the model; None without an evaluation.

    ``evaluation.json``: ``learners`` {name: {metric: {value, low, high, train, gap}}}, ``headline``, ``classes``,
    ``monotone`` {column: direction}, ``confusion`` (rows: truth), ``calibration`` [{predicted, observed, n}],
    ``importance`` [{column, value, low, high}],
    ``slices`` [{slice, records, value}].
    """
    held = facts.evaluation
    if not held.get("learners"):
        return None
    metrics = list(dict.fromkeys(name for scores in held["learners"].values() for name in scores))
    lead = held.get("headline", "")
    learners = [
        {"name": title(name), "lead": name == lead, "scores": [scores.get(m) for m in metrics]}
        for name, scores in sorted(held["learners"].items(), key=lambda pair: pair[0] != lead)
    ]
    points = [(p["predicted"], p["observed"]) for p in held.get("calibration") or () if p["observed"] is not None]
    return {
        "metrics": [{"name": title(name), "lower": name in LOWER_IS_BETTER} for name in metrics],
        "learners": learners,
        "lead": title(lead),
        "gaps": _gaps(held["learners"].get(lead) or {}),
        "folds": held.get("folds"),
        "ranking": held.get("ranking"),
        "monotone": _ordered(held.get("monotone") or {}, held.get("classes") or ()),
        "confusion": _confusion(held.get("confusion") or (), held.get("classes") or ()),
        "calibration": calibration(points) if len(points) > 1 else "",
        "importance": _importance(held.get("importance") or ()),
        "slices": _slices(held.get("slices") or ()),
        "threshold": held.get("threshold"),
    }


def _ordered(held: Mapping[str, str], classes: Sequence[str]) -> str:
    """The directions that the user ordered, in words; "" without any."""
    ways = {
        way: [short(masked(name) or "", 40) for name in held if held[name] == way] for way in sorted(set(held.values()))
    }
    words = {"increasing": "rise", "decreasing": "fall"}
    told = " and ".join(f"{words[way]} with {', '.join(names)}" for way, names in ways.items())
    what = f"the probability of {short(masked(str(classes[1])) or '', 24)}" if len(classes) == 2 else "the answer"
    return f"{what} may only {told}" if told else ""


def _slices(held: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The worst slices, as they come: worst first."""
    known = [one for one in held if one.get("value") is not None][:MAX_SLICES]
    return [dict(one) | {"slice": masked(str(one["slice"]))} for one in known]


def _gaps(scores: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"name": title(name), "train": one.get("train"), "value": one.get("value"), "gap": one["gap"]}
        for name, one in scores.items()
        if one.get("gap") is not None
    ]


def _confusion(matrix: Sequence[Sequence[float]], classes: Sequence[str]) -> dict[str, Any] | None:
    if not matrix or len(matrix) > MAX_CLASSES:
        return None
    names = [short(masked(str(name)) or "", 24) for name in classes]
    rows = []
    for name, counts in zip(names, matrix, strict=True):
        whole = sum(counts) or 1
        rows.append({"name": name, "cells": [{"n": int(n), "share": round(n / whole, 3)} for n in counts]})
    return {"names": names, "rows": rows}


def _importance(held: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ranked = sorted(held, key=lambda one: -one["value"])[:MAX_FEATURES]
    top = max((one["value"] for one in ranked), default=0) or 1
    return [dict(one) | {"width": round(100 * max(0.0, one["value"]) / top, 1)} for one in ranked]
