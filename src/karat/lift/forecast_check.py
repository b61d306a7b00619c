"""How good the last forecast was: what an older certificate had foretold, beside what this one measured."""

from collections.abc import Collection
from math import hypot, sqrt
from typing import Any

from karat.lift.advice import ASK, COLLECT, DROP, MEND, SLICE
from karat.lift.certificate import Certificate

MORE = 1.1  # from a tenth more records on, somebody has collected; unproven: fewer could be a correction of the file
Came = tuple[float, float, float]


def followed_up(before: Certificate, now: Certificate, *, answered: Collection[int] = ()) -> tuple[dict[str, Any], ...]:
    """The steps of the certificate before that were taken since, with what was foretold and what came.

    Parameters
    ----------
    before, now : Certificate
        Of the same data set, earlier and now.
    answered : collection of int
        Rows about which a person has answered.

    A step taken in part counts in that part: a forecast for twice as many records in full from twice as many on. What
    came of answers is measured in the certificate itself, with and without them; of all else it is the refined model's
    score now less its score then.
    """
    if before.metric != now.metric or (before.versions.get("raw") == now.versions.get("raw") and not answered):
        return ()
    grown = float(now.splits.get("records", 0)) / max(1.0, float(before.splits.get("records", 0)))
    since = _since(before, now)
    answers_gain = since if now.answered is None else (now.answered.lift, now.answered.low, now.answered.high)
    followed = [_beside(_mended(before, now), answers_gain)] if answered else []
    for step in before.next:
        kind, about = step.get("kind", ""), str(step.get("about", ""))
        if kind == COLLECT:
            followed.append(_beside([(step, _part(grown))], since))
        elif kind == SLICE:
            followed.append(_beside([(step, _part(_size(now, about) / max(1, _size(before, about))))], since))
        elif kind == DROP:
            followed.append(_beside([(step, float(_size(before, about) > 0 and not _size(now, about)))], since))
        elif kind == ASK and answered:
            doubted = [entry["row"] for entry in before.records.get("harmful", ())]
            share = sum(row in answered for row in doubted) / len(doubted) if doubted else 1.0
            followed.append(_beside([(step, share)], answers_gain))
    return tuple(entry for entry in followed if entry)


def _mended(before: Certificate, now: Certificate) -> list[tuple[dict[str, Any], float]]:
    """The steps of mending what waited, and what part of each no longer waits."""
    left = {step.get("about"): step["cost"]["rows"] for step in now.next if step.get("kind") == MEND}
    steps = [step for step in before.next if step.get("kind") == MEND]
    return [(step, max(0.0, 1 - left.get(step["about"], 0) / step["cost"]["rows"])) for step in steps]


def _beside(steps: list[tuple[dict[str, Any], float]], came: Came) -> dict[str, Any]:
    """What steps taken together had foretold, beside what came; empty where none was taken."""
    steps = [(step, part) for step, part in steps if part > 0]
    if not steps:
        return {}
    foretold = sum(part * step["lift"] for step, part in steps)
    down, up = (sqrt(sum((part * (step[end] - step["lift"])) ** 2 for step, part in steps)) for end in ("low", "high"))
    return {
        "action": "; ".join(step["action"] for step, _ in steps),
        "taken": sum(part for _, part in steps) / len(steps),
        "foretold": foretold,
        "low": foretold - down,
        "high": foretold + up,
        "came": came[0],
        "came_low": came[1],
        "came_high": came[2],
        "inside": foretold - down <= came[0] <= foretold + up,
    }


def _part(grown: float) -> float:
    return min(1.0, grown - 1) if grown >= MORE else 0.0


def _size(certificate: Certificate, about: str) -> int:
    """Records of a slice."""
    return next((int(count) for _, name, count in certificate.recipe.get("slices", ()) if name == about), 0)


def _since(before: Certificate, now: Certificate) -> Came:
    came = now.refined.value - before.refined.value
    reach = hypot(_half(before), _half(now))
    return came, came - reach, came + reach


def _half(certificate: Certificate) -> float:
    return (certificate.refined.high - certificate.refined.low) / 2
