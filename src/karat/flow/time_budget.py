"""The time a run is to take, and what each of its stages may use of what is left.

Shares are of the time that is left when a stage begins, so that a slow machine, or a stage that took longer, leaves the
later ones less and none is left without.
"""

import re
from time import perf_counter

from karat.core.errors import OptionError

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}  # definition: seconds of each
# cost: of the time that is left; more for a stage leaves less to those behind it
SHARES = {"look": 0.2, "choose": 0.2, "prove": 0.45, "weigh": 0.2, "learn": 0.5, "leaks": 0.2, "forecast": 0.4}

AIM = 0.85  # cost: of the budget; what remains is for steps that cannot be cut short


def seconds_of(text: str) -> float:
    """Seconds of a time as users write it: ``90s``, ``5m``, ``1h``, or a number of seconds.

    Raises
    ------
    OptionError
        For anything else.

    >>> seconds_of("5m")
    300.0
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smh]?)\s*", text.lower())
    if match is None or not float(match[1]):
        raise OptionError(f"--budget {text!r} is not a time", "Write a number and its unit, such as 90s, 5m or 1h")
    return float(match[1]) * UNITS[match[2]]


def deadline(stage: str, budget: str, began: float) -> float | None:
    """Moment of ``time.perf_counter`` by which a stage has to end; None without a budget.

    Parameters
    ----------
    stage : str
        One of ``SHARES``.
    budget : str
        As users write it; "" for none.
    began : float
        When the run began, as ``time.perf_counter`` told it.
    """
    if not budget:
        return None
    now = perf_counter()
    return now + SHARES[stage] * max(0.0, began + AIM * seconds_of(budget) - now)


def over(budget: str, began: float) -> bool:
    """Is what stages may use of a budget used up? Never without one."""
    return bool(budget) and perf_counter() > began + AIM * seconds_of(budget)
