"""Why the model says what it says, for a reader: the card, single predictions, groups; and what the proof cost."""

from collections.abc import Mapping, Sequence
from typing import Any

from karat.show.language import plain, title_of
from karat.show.masking import masked
from karat.show.run_files import Facts
from karat.show.words import short

MAX_COLUMNS = 12  # display: of the card
MAX_BINS = 14  # display: of a column
MAX_CROSSED = 4  # display: pairs of columns
FORECAST_METRICS = ("MASE", "Accuracy", "AUC", "F1", "MAE", "R2")


def explained(facts: Facts) -> dict[str, Any] | None:
    """What the page shows of the model's reasons; None without any.

    ``evaluation.json``: ``scorecard`` {start, of, stability, columns, crossed}, ``shap`` [{column, value}],
    ``predictions`` [{why, row, truth, of, answer, base, parts, others, margin, drivers, repairs}],
    ``fairness`` [{column, threshold, groups, unlike}], ``forecast`` {horizon, season, folds, learners}.
    """
    evaluation = facts.evaluation
    parts = {
        "card": _card(evaluation.get("scorecard")),
        "shap": _bars(evaluation.get("shap") or ()),
        "predictions": [_prediction(prediction) for prediction in evaluation.get("predictions") or ()],
        "fairness": [_groups(fairness) for fairness in evaluation.get("fairness") or ()],
        "forecast": _forecast(evaluation.get("forecast"), facts),
    }
    return parts if any(parts.values()) else None


def _plain(text: Any, limit: int = 40) -> str:
    """A cell or name, masked and cut; a blank as a word."""
    return short(masked("" if text is None else str(text)) or plain("blank"), limit)


def _card(card: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not card:
        return None
    columns = []
    for column in card["columns"][:MAX_COLUMNS]:
        bins = [dict(group) | {"bin": _plain(group["bin"])} for group in column["bins"] if group["records"]][:MAX_BINS]
        widest = max((abs(group["points"]) for group in bins), default=0.0) or 1.0
        for group in bins:
            group["width"] = round(50 * abs(group["points"]) / widest, 1)
        columns.append(dict(column) | {"bins": bins})
    crossed = [" × ".join(pair["columns"]) for pair in card.get("crossed") or ()]
    return dict(card) | {"columns": columns, "crossed": crossed[:MAX_CROSSED], "of": _plain(card["of"])}


def _bars(importances: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    top = max((bar["value"] for bar in importances), default=0.0) or 1.0
    return [dict(bar) | {"width": round(100 * bar["value"] / top, 1)} for bar in importances[:MAX_COLUMNS]]


def _prediction(prediction: Mapping[str, Any]) -> dict[str, Any]:
    """One prediction as bars about a middle line, and the training records behind it."""
    widest = max((abs(part["part"]) for part in prediction["parts"]), default=0.0) or 1.0
    parts = [
        dict(part) | {"value": _plain(part["value"]), "width": round(50 * abs(part["part"]) / widest, 1)}
        for part in prediction["parts"]
    ]
    drivers = [dict(driver) | {"truth": _plain(driver["truth"])} for driver in prediction.get("drivers") or ()]
    repairs = [
        dict(repair) | {"title": title_of(repair["check"]).lower()} for repair in prediction.get("repairs") or ()
    ]
    return dict(prediction) | {
        "parts": parts,
        "drivers": drivers,
        "repairs": repairs,
        "truth": _plain(prediction["truth"]),
        "of": _plain(prediction["of"]) if prediction["of"] else "",
    }


def _groups(fairness: Mapping[str, Any]) -> dict[str, Any]:
    groups = [dict(group) | {"name": _plain(group["name"])} for group in fairness["groups"]]
    return dict(fairness) | {"groups": groups, "unlike": [_plain(name) for name in fairness["unlike"]]}


def _forecast(forecast: Mapping[str, Any] | None, facts: Facts) -> dict[str, Any] | None:
    """One row a forecast, with the metrics that all of them have, and the end of the first series with its forecast."""
    if not forecast:
        return None
    metrics = [name for name in FORECAST_METRICS if all(name in scores for scores in forecast["learners"].values())]
    inside = forecast.get("intervals") or {}
    rows = [
        {"name": name, "scores": [scores[m] for m in metrics], "interval": inside.get(name)}
        for name, scores in forecast["learners"].items()
    ]
    level = next((interval["level"] for interval in inside.values()), None)
    return (
        dict(forecast)
        | {"metrics": metrics, "rows": rows, "level": level}
        | {"choice": forecast.get("choice"), "chart": _chart(forecast, facts)}
    )


def _chart(forecast: Mapping[str, Any], facts: Facts) -> Any:
    path = facts.folder / "forecast.parquet"
    if not forecast.get("tail") or not path.exists():
        return ""
    import pyarrow.parquet as pq

    from karat.show.forecast_chart import forecast_chart

    first = pq.read_table(path).slice(0, forecast["horizon"])
    return forecast_chart(forecast["tail"], *(first[name].to_pylist() for name in ("forecast", "low", "high")))


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
