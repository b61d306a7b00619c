"""How good the model is, for a reader: from ``evaluation.json`` and the model's card."""

from collections.abc import Mapping, Sequence
from typing import Any

from karat.core.registry import is_error
from karat.show.charts import calibration
from karat.show.language import plain, title_of
from karat.show.masking import masked
from karat.show.run_files import Facts
from karat.show.words import short

MAX_CLASSES = 12  # display: of a confusion matrix
MAX_FEATURES = 12  # display: the most important ones
MAX_SLICES = 6  # display: of the test records


def model_quality(facts: Facts) -> dict[str, Any] | None:
    """What the page shows of the model; None without an evaluation.

    ``evaluation.json``: ``learners`` {name: {metric: {value, low, high, train, gap}}}, ``headline``, ``classes``,
    ``monotone`` {column: direction}, ``confusion`` (rows: truth), ``calibration`` [{predicted, observed, n}],
    ``importance`` [{column, value, low, high}],
    ``slices`` [{slice, records, value}], ``leaks`` [{columns, metric, with, without, low, high}].
    """
    evaluation = facts.evaluation
    if not evaluation.get("learners"):
        return None
    metrics = list(dict.fromkeys(name for scores in evaluation["learners"].values() for name in scores))
    lead = evaluation.get("headline", "")
    learners = [
        {"name": title_of(name), "lead": name == lead, "scores": [scores.get(m) for m in metrics]}
        for name, scores in sorted(evaluation["learners"].items(), key=lambda pair: pair[0] != lead)
    ]
    points = [(p["predicted"], p["observed"]) for p in evaluation.get("calibration") or () if p["observed"] is not None]
    return {
        "metrics": [{"name": title_of(name), "lower": is_error(name)} for name in metrics],
        "learners": learners,
        "lead": title_of(lead),
        "gaps": _gaps(evaluation["learners"].get(lead) or {}),
        "folds": evaluation.get("folds"),
        "ranking": evaluation.get("ranking"),
        "monotone": _ordered(evaluation.get("monotone") or {}, evaluation.get("classes") or ()),
        "confusion": _confusion(evaluation.get("confusion") or (), evaluation.get("classes") or ()),
        "calibration": calibration(points) if len(points) > 1 else "",
        "importance": _importance(evaluation.get("importance") or ()),
        "slices": _slices(evaluation.get("slices") or ()),
        "leaks": _leaks(evaluation.get("leaks") or ()),
        "threshold": evaluation.get("threshold"),
    }


def _leaks(leaks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Columns that seem to leak the outcome, with the headline metric with and without them."""
    return [
        {
            "names": plain(" and ").join(short(masked(name) or "", 40) for name in leak["columns"]),
            "many": len(leak["columns"]) > 1,
            "metric": title_of(leak["metric"]),
            "given": leak["with"],
            "left_out": leak["without"],
            "worth": {"value": leak["with"] - leak["without"], "low": leak["low"], "high": leak["high"]},
        }
        for leak in leaks
    ]


def _ordered(directions: Mapping[str, str], classes: Sequence[str]) -> str:
    """The directions that the user ordered, in words; "" without any."""
    ways = {
        way: [short(masked(name) or "", 40) for name in directions if directions[name] == way]
        for way in sorted(set(directions.values()))
    }
    words = {"increasing": "rise with {columns}", "decreasing": "fall with {columns}"}
    rules = plain(" and ").join(plain(words[way], columns=", ".join(names)) for way, names in ways.items())
    if not rules:
        return ""
    if len(classes) != 2:
        return plain("the answer may only {rules}", rules=rules)
    label = short(masked(str(classes[1])) or "", 24)
    return plain("the probability of {label} may only {rules}", label=label, rules=rules)


def _slices(slices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The worst slices, as they come: worst first."""
    known = [subset for subset in slices if subset.get("value") is not None][:MAX_SLICES]
    return [dict(subset) | {"slice": masked(str(subset["slice"]))} for subset in known]


def _gaps(scores: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"name": title_of(name), "train": score.get("train"), "value": score.get("value"), "gap": score["gap"]}
        for name, score in scores.items()
        if score.get("gap") is not None
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


def _importance(features: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ranked = sorted(features, key=lambda feature: -feature["value"])[:MAX_FEATURES]
    top = max((feature["value"] for feature in ranked), default=0) or 1
    return [dict(feature) | {"width": round(100 * max(0.0, feature["value"]) / top, 1)} for feature in ranked]
