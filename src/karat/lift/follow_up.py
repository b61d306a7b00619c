"""How good the last forecast was: what an older certificate had foretold, beside what this one measured."""

from math import hypot
from typing import Any

from karat.lift.advice import ASK, COLLECT
from karat.lift.certificate import Certificate

MORE = 1.1  # from a tenth more records on, somebody has collected


def followed_up(before: Certificate, now: Certificate, *, answered: bool = False) -> tuple[dict[str, Any], ...]:
    """The steps of the certificate before that were taken since, with what was foretold and what came.

    Parameters
    ----------
    before, now : Certificate
        Of the same data set, earlier and now.
    answered : bool
        Whether a person has answered since.

    What came is the refined model's score now less its score then. A forecast for twice as many records counts in full
    from twice as many on, else in the part of a doubling that was collected.
    """
    if before.metric != now.metric or (before.versions.get("raw") == now.versions.get("raw") and not answered):
        return ()
    came = now.refined.value - before.refined.value
    reach = hypot(_half(before), _half(now))
    grown = float(now.splits.get("records", 0)) / max(1.0, float(before.splits.get("records", 0)))
    made = []
    for step in before.next:
        taken = {COLLECT: min(1.0, grown - 1) if grown >= MORE else 0.0, ASK: float(answered)}.get(
            step.get("kind", ""), 0.0
        )
        if taken:
            lift, low, high = (float(step[name]) * taken for name in ("lift", "low", "high"))
            made.append(
                {
                    "action": step["action"],
                    "taken": taken,
                    "foretold": lift,
                    "low": low,
                    "high": high,
                    "came": came,
                    "came_low": came - reach,
                    "came_high": came + reach,
                    "inside": low <= came <= high,
                }
            )
    return tuple(made)


def _half(made: Certificate) -> float:
    return (made.refined.high - made.refined.low) / 2
