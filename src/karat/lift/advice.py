"""What to do next: each step with the lift to expect, an interval and a price, the most promising first."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from karat.evaluate.intervals import t_interval
from karat.lift.certificate import Certificate

LEVEL = 0.8
USUAL_SHRINK = 2.0**-0.5  # each doubling brings this part of the last one when errors fall with the root of the records
MINUTES_A_LABEL = 0.25


def doubling(folds: Sequence[dict[str, Any]]) -> tuple[float, float, float] | None:
    """Expected lift of twice as many records, with an 80 % interval, from models that had a quarter, half, and all.

    The gain of the last doubling, shrunk by how much less it was than the one before (itself drawn towards the usual
    rate, since three points say little), carries on. Source: Hestness et al. (2017) for power laws of learning curves.
    """
    looks = [fold for fold in folds if "looks" in fold and fold["looks"]["refined"].get("curve")]
    if len(looks) < 2:
        return None
    quarter, half = (np.array([f["looks"]["refined"]["curve"][part] for f in looks]) for part in ("0.25", "0.5"))
    full = np.array([f["looks"]["refined"]["sets"]["raw"] for f in looks])
    last, before = full - half, half - quarter
    told = float(np.clip(last.mean() / before.mean(), 0.25, 1.0)) if before.mean() > 0 else USUAL_SHRINK
    shrink = (told + USUAL_SHRINK) / 2
    ratio = float(np.mean([f["test"] / f["train"] for f in looks]))
    # The forecast errs by the last step's error, by its own next step's, and by the rate.
    error = np.sqrt(last.var(ddof=1) * (1 / len(last) + ratio) * (1 + shrink**2) + (0.25 * last.mean()) ** 2)
    found = t_interval(shrink * float(last.mean()), float(error), len(last) - 1, LEVEL)
    return found.mean, found.low, found.high


def steps(made: Certificate, records: int) -> tuple[dict[str, Any], ...]:
    """The ranked list of what to do next.

    Parameters
    ----------
    made : Certificate
        As far as it is measured.
    records : int
        Records in the data set.
    """
    out = []
    more = doubling(made.folds)
    if more is not None:
        out.append(_step(f"collect {records:,} more records like these", more, {"rows": records}))
    out += [_step(*one) for one in _repairs(made)]
    out.sort(key=lambda one: (-one["lift"], one["action"]))
    best = max((one["high"] for one in out), default=0.0)
    if best < made.minimal_detectable_effect / 2 or not any(one["lift"] > 0 for one in out):
        words = "stop: nothing in sight is worth more than this proof could see"
        out.insert(0, _step(words, (0.0, 0.0, max(0.0, best)), {}))
    return tuple(out)


def _step(action: str, lift: tuple[float, float, float], cost: dict[str, Any]) -> dict[str, Any]:
    return {"action": action, "lift": lift[0], "low": lift[1], "high": lift[2], "interval": LEVEL, "cost": cost}


def _repairs(made: Certificate) -> list[tuple[str, tuple[float, float, float], dict[str, Any]]]:
    """Priced by dose and response, where ``--full`` measured it."""
    slopes = {one["defect"]: one for one in made.dose_response}
    out: list[tuple[str, tuple[float, float, float], dict[str, Any]]] = []
    rate = made.records.get("wrong_label_rate")
    if "wrong labels" in slopes and rate:
        count = len(made.records["harmful"])
        share = 100 * min(float(rate), count / max(1, made.records["valued"]))
        cost = {"rows": count, "minutes": round(count * MINUTES_A_LABEL, 1)}
        out.append(
            (f"ask a person about the {count} most doubtful labels", _mended(slopes["wrong labels"], share), cost)
        )
    if "newest records absent" in slopes:
        out.append(
            (
                "refresh: add the newest tenth of a period",
                _mended(slopes["newest records absent"], 10.0),
                {"period": 0.1},
            )
        )
    return out


def _mended(slope: dict[str, Any], percent: float) -> tuple[float, float, float]:
    """The lift of taking away so many percent of a defect."""
    ends = sorted((-slope["low"] * percent, -slope["high"] * percent))
    return -slope["per_percent"] * percent, ends[0], ends[1]
