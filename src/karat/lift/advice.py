"""What to do next: each step with the lift to expect, an interval and a price, the most promising first."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from karat.evaluate.intervals import t_interval
from karat.lift.certificate import Certificate
from karat.train.cost import CORE_WATT

LEVEL = 0.8  # of the intervals foretold; how often they cover is measured in benchmarks/lift_forecasts.md
# unproven: that errors do
USUAL_SHRINK = 2.0**-0.5  # each doubling brings this part of the last one when errors fall with the root of the records
# width settled on draws 0-9 of six sets, measured on 100-109 (benchmarks/lift_forecasts.md)
CARRIED_ERROR = 0.4  # what is carried beyond what was measured errs by about this part of itself, besides chance
MINUTES_A_LABEL = 0.25  # display: a guess of a person's time; it prices a step and decides nothing
MINUTES_A_CASE = 0.1  # a case comes with its evidence and a proposal; display: a guess of a person's time
JOULE_PER_KWH = 3.6e6  # definition: SI
COLLECT, SLICE, ASK, REFRESH, STOP = "collect", "collect slice", "ask", "refresh", "stop"
MEND, DROP = "mend", "drop source"

Forecast = tuple[float, float, float]


def doubling(folds: Sequence[dict[str, Any]]) -> Forecast | None:
    """Expected lift of twice as many records, with an 80 % interval, from models that had a quarter, half, and all.

    The gain of the last doubling and the one before, shrunk to its place, are averaged and carried on, shrunk by how
    much less the last was than the one before (itself drawn towards the usual rate, since three points say little).
    Source: Hestness et al. (2017) for power laws of learning curves.
    """
    looks = [fold for fold in folds if "looks" in fold and fold["looks"]["refined"].get("curve")]
    if len(looks) < 2:
        return None
    quarter, half = (np.array([f["looks"]["refined"]["curve"][part] for f in looks]) for part in ("0.25", "0.5"))
    full = np.array([f["looks"]["refined"]["sets"]["raw"] for f in looks])
    last, before = full - half, half - quarter
    measured = float(np.clip(last.mean() / before.mean(), 0.25, 1.0)) if before.mean() > 0 else USUAL_SHRINK
    shrink = (measured + USUAL_SHRINK) / 2
    return carried_on((last + shrink * before) / 2, shrink, float(np.mean([f["test"] / f["train"] for f in looks])))


def carried_on(gains: np.ndarray, shrink: float, ratio: float) -> Forecast:
    """The next gain after the last ones measured.

    Parameters
    ----------
    gains : ndarray of float, shape (folds,)
        What the last doubling brought.
    shrink : float
        What part of it the next one brings.
    ratio : float
        Test records per training record.
    """
    # The forecast errs by the last step's chance, by its own next step's, and by the rate.
    error = float(np.hypot(chance(gains, ratio) * np.sqrt(1 + shrink**2), CARRIED_ERROR * gains.mean()))
    interval = t_interval(shrink * float(gains.mean()), error, len(gains) - 1, LEVEL)
    return interval.mean, interval.low, interval.high


def chance(gains: np.ndarray, ratio: float) -> float:
    """The standard error of a mean gain over folds that share training records."""
    return float(np.sqrt(gains.var(ddof=1) * (1 / len(gains) + ratio)))


def mended(per_percent: float, error: float, folds: int, percent: float) -> Forecast:
    """The lift of taking away so many percent of a defect, with an 80 % interval.

    Parameters
    ----------
    per_percent, error : float
        Points of metric per 1 % of the defect, and the standard error.
    folds : int
        That they were measured in.
    """
    lift = -per_percent * percent
    off = float(np.hypot(error * percent, CARRIED_ERROR * lift))
    interval = t_interval(lift, off, folds - 1, LEVEL)
    return interval.mean, interval.low, interval.high


def steps(certificate: Certificate, records: int, cpu_seconds: float = 0.0) -> tuple[dict[str, Any], ...]:
    """The ranked list of what to do next, each with its price: records, minutes of people, and of the machine.

    Parameters
    ----------
    certificate : Certificate
        As far as it is measured.
    records : int
        Records in the data set.
    cpu_seconds : float
        What the next proof of as many records takes, by estimate; 0 leaves the machine's price out.
    """
    out = waiting_steps(certificate.folds, records)
    more = doubling(certificate.folds)
    if more is not None:
        out.append(_step(COLLECT, f"collect {records:,} more records like these", more, {"rows": records}))
    for part in certificate.slice_curves:
        words = f"collect {part['records']:,} more records where {part['slice']}"
        lift = (part["lift"], part["low"], part["high"])
        out.append(_step(SLICE, words, lift, {"rows": part["records"]}, part["slice"]))
    for source in certificate.sources:
        if source["clear"]:
            name, count = source["slice"], source["records"]
            words = f"drop the source {name}: its {count:,} records mislead the model about the others"
            lift = (source["lift"], source["low"], source["high"])
            out.append(_step(DROP, words, lift, {"rows": -count}, name))
    out += _repairs(certificate)
    if cpu_seconds:
        out = [step | {"cost": step["cost"] | _machine(step, records, cpu_seconds)} for step in out]
    out.sort(key=lambda step: (-step["lift"], step["action"]))
    best = max((step["high"] for step in out), default=0.0)
    if best < certificate.minimal_detectable_effect / 2 or not any(step["lift"] > 0 for step in out):
        words = "stop: nothing in sight is worth more than this proof could see"
        out.insert(0, _step(STOP, words, (0.0, 0.0, max(0.0, best)), {}))
    return tuple(out)


def _machine(step: dict[str, Any], records: int, cpu_seconds: float) -> dict[str, float]:
    """What the proof of the step takes: seconds of a core, and energy, both estimated."""
    grown = max(0, step["cost"].get("rows", 0)) if step["kind"] in (COLLECT, SLICE) else 0
    spent = cpu_seconds * (1 + grown / max(1, records))
    return {"cpu_seconds_estimated": round(spent), "kwh_estimated": float(f"{spent * CORE_WATT / JOULE_PER_KWH:.2g}")}


def waiting_steps(folds: Sequence[dict[str, Any]], records: int) -> list[dict[str, Any]]:
    """What waits for a person, by check, who fixes what is wrong and leaves the rest.

    Putting a wrong cell right brings back what another such cell costs: the score with as many planted as are expected
    to be wrong says what can be won at best. Where records would be removed, all proposals are taken.
    """
    looks = [fold for fold in folds if fold.get("waiting")]
    out = []
    for check in sorted({name for fold in looks for name in fold["waiting"]}):
        here = [fold for fold in looks if check in fold["waiting"]]
        if len(here) < 2:
            continue
        parts = [fold["waiting"][check] for fold in here]
        repair = all("planted" in part for part in parts)
        levels = np.array([fold["scores"]["refined"] for fold in here])
        gains = levels - [part["planted"] for part in parts] if repair else [part["score"] for part in parts] - levels
        ratio = float(np.mean([fold["test"] / fold["train"] for fold in here]))
        off = float(np.hypot(chance(gains, ratio), CARRIED_ERROR * gains.mean()))
        interval = t_interval(float(gains.mean()), off, len(here) - 1, LEVEL)
        lift = max(0.0, interval.mean) if repair else interval.mean  # what a person puts right does no harm
        count, wrong = (_in_all(here, check, name, records) for name in ("cases", "wrong"))
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", check).lower()
        cost = {"rows": count, "minutes": round(count * MINUTES_A_CASE, 1)}
        part = f" (about {wrong:,} are wrong)" if repair and wrong < count else ""
        action = f"look at the {count:,} cases of {words} that need review, and fix what is wrong{part}"
        out.append(_step(MEND, action, (lift, interval.low, interval.high), cost, check))
    return out


def _in_all(folds: Sequence[dict[str, Any]], check: str, name: str, records: int) -> int:
    """A count of the folds' training records, in all records."""
    shares = [fold["waiting"][check].get(name, 0) / fold["train"] for fold in folds]
    return max(1, round(float(np.mean(shares)) * records))


def _step(kind: str, action: str, lift: Forecast, cost: dict[str, Any], about: str = "") -> dict[str, Any]:
    return {
        "kind": kind,
        "about": about,
        "action": action,
        "lift": lift[0],
        "low": lift[1],
        "high": lift[2],
        "interval": LEVEL,
        "cost": cost,
    }


def _repairs(certificate: Certificate) -> list[dict[str, Any]]:
    """Priced by dose and response, where ``--full`` measured it."""
    slopes = {response["defect"]: response for response in certificate.dose_response}
    out = []
    rate = certificate.records.get("wrong_label_rate")
    if "wrong labels" in slopes and rate:
        count = len(certificate.records["harmful"])
        share = 100 * min(float(rate), count / max(1, certificate.records["valued"]))
        cost = {"rows": count, "minutes": round(count * MINUTES_A_LABEL, 1)}
        words = f"ask a person about the {count} most doubtful labels"
        lift, low, high = _of(slopes["wrong labels"], share)
        out.append(_step(ASK, words, (max(0.0, lift), low, high), cost))  # what a person puts right does no harm
    if "newest records absent" in slopes:
        words = "refresh: add the newest tenth of a period"
        out.append(_step(REFRESH, words, _of(slopes["newest records absent"], 10.0), {"period": 0.1}))
    return out


def _of(slope: dict[str, Any], percent: float) -> Forecast:
    return mended(slope["per_percent"], slope["error"], slope["folds"], percent)
