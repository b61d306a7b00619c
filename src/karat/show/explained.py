"""Why the model says what it says, for a reader: the card, single predictions, groups; and what the proof cost."""

from collections.abc import Mapping, Sequence
from typing import Any

from karat.show.masking import masked
from karat.show.run_files import Facts
from karat.show.words import short, title

MAX_COLUMNS = 12
MAX_BINS = 14
MAX_CROSSED = 4
FORECAST_METRICS = ("Accuracy", "AUC", "F1", "MAE", "R2")


def explained(facts: Facts) -> dict[str, Any] | None:
    """What the page shows of the model's reasons; None without any.

    ``evaluation.json``: ``scorecard`` {start, of, stability, columns, crossed}, ``shap`` [{column, value}],
    ``predictions`` [{why, row, truth, of, answer, base, parts, others, margin, drivers, repairs}],
    ``fairness`` [{column, threshold, groups, unlike}], ``forecast`` {horizon, season, folds, learners}.
    """
    held = facts.evaluation
    told = {
        "card": _card(held.get("scorecard")),
        "shap": _bars(held.get("shap") or ()),
        "predictions": [_prediction(one) for one in held.get("predictions") or ()],
        "fairness": [_groups(one) for one in held.get("fairness") or ()],
        "forecast": _forecast(held.get("forecast")),
    }
    return told if any(told.values()) else None


def _plain(text: Any, limit: int = 40) -> str:
    """A cell or name, masked and cut; a blank as a word."""
    return short(masked("" if text is None else str(text)) or "blank", limit)


def _card(held: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not held:
        return None
    columns = []
    for column in held["columns"][:MAX_COLUMNS]:
        bins = [dict(one) | {"bin": _plain(one["bin"])} for one in column["bins"] if one["records"]][:MAX_BINS]
        widest = max((abs(one["points"]) for one in bins), default=0.0) or 1.0
        for one in bins:
            one["width"] = round(50 * abs(one["points"]) / widest, 1)
        columns.append(dict(column) | {"bins": bins})
    crossed = [" × ".join(one["columns"]) for one in held.get("crossed") or ()]
    return dict(held) | {"columns": columns, "crossed": crossed[:MAX_CROSSED], "of": _plain(held["of"])}


def _bars(held: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    top = max((one["value"] for one in held), default=0.0) or 1.0
    return [dict(one) | {"width": round(100 * one["value"] / top, 1)} for one in held[:MAX_COLUMNS]]


def _prediction(one: Mapping[str, Any]) -> dict[str, Any]:
    """One prediction as bars about a middle line, and the training records behind it."""
    widest = max((abs(part["part"]) for part in one["parts"]), default=0.0) or 1.0
    parts = [
        dict(part) | {"value": _plain(part["value"]), "width": round(50 * abs(part["part"]) / widest, 1)}
        for part in one["parts"]
    ]
    drivers = [dict(driver) | {"truth": _plain(driver["truth"])} for driver in one.get("drivers") or ()]
    repairs = [dict(repair) | {"title": title(repair["check"]).lower()} for repair in one.get("repairs") or ()]
    return dict(one) | {
        "parts": parts,
        "drivers": drivers,
        "repairs": repairs,
        "truth": _plain(one["truth"]),
        "of": _plain(one["of"]) if one["of"] else "",
    }


def _groups(one: Mapping[str, Any]) -> dict[str, Any]:
    groups = [dict(group) | {"name": _plain(group["name"])} for group in one["groups"]]
    return dict(one) | {"groups": groups, "unlike": [_plain(name) for name in one["unlike"]]}


def _forecast(held: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """One row a forecast, with the metrics that all of them have."""
    if not held:
        return None
    metrics = [name for name in FORECAST_METRICS if all(name in scores for scores in held["learners"].values())]
    inside = held.get("intervals") or {}
    rows = [
        {"name": name, "scores": [scores[m] for m in metrics], "interval": inside.get(name)}
        for name, scores in held["learners"].items()
    ]
    level = next((one["level"] for one in inside.values()), None)
    return dict(held) | {"metrics": metrics, "rows": rows, "level": level}


def proof_cost(lift: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the proof cost, and what a hundredth of lift cost where there is any."""
    cost = (lift or {}).get("cost") or {}
    joule = cost.get("energy_joule_estimated")
    if joule is None:
        return None
    gained = (lift or {}).get("lift") or 0.0
    return {
        "cpu_seconds": cost.get("cpu_seconds"),
        "watt_hours": joule / 3_600,
        "per_point": joule / 3_600 / (100 * gained) if (lift or {}).get("verdict") == "worth it" else None,
        "metric": (lift or {}).get("metric", ""),
    }
