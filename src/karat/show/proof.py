"""The certificate for a reader: arms, differences with intervals, what each family was worth, where it failed."""

from collections.abc import Mapping, Sequence
from typing import Any

from karat.core.registry import as_metric, is_error
from karat.show.charts import intervals
from karat.show.language import counted, evidence, plain, title_of
from karat.show.masking import masked
from karat.show.proof_charts import doses, learning, waterfall

ARMS = (
    ("raw", "Raw", "as received"),
    ("plain", "Plain cleaning", "baseline cleaning: duplicates removed, gaps filled"),
    ("refined", "Cleaned", "cleaned by Karat"),
    ("clean", "Truth", "trained on the clean records you gave"),
)
TONES = {
    "worth it": "good",
    "harm": "bad",
    "no effect seen": "even",
    "nothing changed": "even",
    "keep": "good",
    "no effect": "even",
    "left out": "even",
}
LEDE = {
    "worth it": "The gain is larger than chance and larger than the same number of random changes would bring.",
    "no effect seen": "The data may be cleaner, but this model did not measurably profit from it.",
    "nothing changed": "Both models train on the same records, so there is no effect to measure.",
    "harm": "The cleaned data made this model worse. The raw data is the better choice here.",
}
SPOILED = {
    "missing": "30 % of the cells blank",
    "noise": "noise in numbers, values swapped",
    "shift": "all numbers moved up",
}
MAX_SLICES = 8  # display: of the test records


def proof(lift: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page shows of ``lift.json``; None when nothing was proved."""
    if "lift" not in lift or "verdict" not in lift:
        return None
    metric = str(lift.get("metric", "score"))
    return {
        "metric": plain("{metric}, where lower is better", metric=title_of(metric))
        if is_error(metric)
        else title_of(metric),
        "verdict": lift["verdict"],
        "tone": TONES.get(lift["verdict"], "even"),
        "lede": plain(LEDE[lift["verdict"]]) if lift["verdict"] in LEDE else "",
        "lift": lift["lift"],
        "low": lift.get("low"),
        "high": lift.get("high"),
        "p_value": lift.get("p_value"),
        "unseen": lift.get("minimal_detectable_effect"),
        "protocol": lift.get("protocol", ""),
        "arms": _arms(lift, metric),
        "chart": intervals(_differences(lift), unseen=lift.get("minimal_detectable_effect") or 0.0),
        "waterfall": waterfall(lift),
        "doses": doses(lift.get("dose_response") or ()),
        "learning": learning(lift),
        "metrics": [
            as_metric(other, other["metric"], "raw", "refined")
            | {"metric": title_of(other["metric"]) + (" ↓" if is_error(other["metric"]) else "")}
            for other in lift.get("metrics") or ()
        ],
        "follow_up": [_step(step) for step in lift.get("follow_up") or ()],
        "contributions": _contributions(lift.get("contributions") or ()),
        "slices": _slices([as_metric(part, metric, "raw", "refined") for part in lift.get("slices") or ()]),
        "robustness": _robustness(lift.get("robustness") or ()),
        "gap": {when: dict(gap) for when, gap in (lift.get("gap") or {}).items() if "value" in gap},
        "next": [_step(step) for step in lift.get("next") or ()],
        "won_back": lift.get("won_back"),
        "notes": [evidence(note) for note in lift.get("notes") or ()],
        "rerun": lift.get("rerun", ""),
        "cost": _cost(lift.get("cost") or {}),
    }


def _arms(lift: Mapping[str, Any], metric: str) -> list[dict[str, Any]]:
    return [
        _arm(lift[key], metric) | {"name": plain(name), "about": plain(said), "chosen": key == "refined"}
        for key, name, said in ARMS
        if lift.get(key)
    ]


def _arm(arm: Mapping[str, Any], metric: str) -> dict[str, Any]:
    """A level with its interval, the lower end first."""
    level = as_metric(arm, metric, "value", "low", "high")
    ends = [level[end] for end in ("low", "high") if level.get(end) is not None]
    return level | ({"low": min(ends), "high": max(ends)} if len(ends) == 2 else {})


def _differences(lift: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [
        ("Cleaned − raw", "the lift", lift, "lift"),
        ("Cleaned − plain cleaning", "gain over baseline cleaning", lift.get("over_plain"), "rest"),
        ("Cleaned − placebo", "gain over random changes", lift.get("over_placebo"), "rest"),
        ("Placebo − raw", "the same changes in random places", lift.get("placebo"), "chance"),
    ]
    return [
        {
            "label": plain(label),
            "about": plain(said),
            "tone": tone,
            "value": difference["lift"],
            "low": difference.get("low"),
            "high": difference.get("high"),
        }
        for label, said, difference, tone in rows
        if difference
    ]


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step in words that begin a sentence; a slice is named by a value, which may be personal."""
    words = masked(str(step.get("action", ""))) or ""
    price = _price(step.get("cost") or {})
    return {"kind": "", "cost": {}} | dict(step) | {"action": evidence(words[:1].upper() + words[1:]), "price": price}


def _price(cost: Mapping[str, Any]) -> str:
    """What a step costs, in words."""
    parts = []
    rows, minutes, seconds = (cost.get(name) or 0 for name in ("rows", "minutes", "cpu_seconds_estimated"))
    if rows:
        parts.append(
            plain("{records} fewer", records=counted(-rows, "record")) if rows < 0 else counted(rows, "record")
        )
    if minutes:
        parts.append(plain("about {time} of a person's time", time=duration(60 * minutes)))
    if cost.get("period"):
        parts.append(plain("{share} of the period covered", share=f"{cost['period']:.0%}"))
    if seconds:
        words = "about {time} of a processor core and {energy} kWh (estimated)"
        parts.append(plain(words, time=duration(seconds), energy=f"{cost.get('kwh_estimated', 0):.2g}"))
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """A time in the unit people would say it in."""
    if seconds >= 1.5 * 3_600:
        return plain("{hours} h", hours=f"{seconds / 3_600:,.0f}")
    if seconds >= 1.5 * 60:
        return plain("{minutes} min", minutes=f"{seconds / 60:,.0f}")
    return plain("{seconds} s", seconds=f"{seconds:.0f}")


def _contributions(families: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    rows = [
        {
            "label": title_of(family["family"]),
            "about": plain(family.get("verdict", "")),
            "tone": TONES.get(family.get("verdict", ""), "even"),
            "value": family["lift"],
            "low": family.get("low"),
            "high": family.get("high"),
        }
        for family in families
    ]
    return intervals(sorted(rows, key=lambda r: -r["value"])) if rows else None


def _slices(slices: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The slices the model serves worst, raw and refined."""
    return [
        {
            "name": masked(str(subset.get("slice", ""))),
            "records": subset.get("records"),
            "raw": subset.get("raw"),
            "refined": subset.get("refined"),
            "lift": subset.get("lift"),
            "certain": (subset.get("p_value") or 1.0) < 0.05,
        }
        for subset in slices[:MAX_SLICES]
    ]


def _robustness(tests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How far the score falls when test records are spoiled, raw and refined."""
    return [
        {
            "name": plain(SPOILED.get(test["test"], test["test"])),
            "before": -test["fall_before"],
            "after": -test["fall_after"],
        }
        for test in tests
    ]


def _cost(cost: Mapping[str, Any]) -> str:
    parts = []
    if "seconds" in cost:
        parts.append(f"{cost['seconds']:.1f} s")
    if "cpu_seconds" in cost:
        parts.append(f"{cost['cpu_seconds']:.1f} CPU-s")
    peak = cost.get("peak_memory_bytes")
    if peak:
        parts.append(f"{peak / 2**20:,.0f} MiB at most")
    return " · ".join(parts)
