"""Numbers of which a check on single values surely says nothing: what a server can tell without asking the check."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

ON_STEP = 1e-10  # definition: narrower than what checks take for rounding


@dataclass(frozen=True)
class QuietNumbers:
    """The numbers of an interval, but for some.

    Parameters
    ----------
    low, high : float
        Ends of the interval, which belong to it.
    apart : frozenset of float
        Numbers inside it that do not belong to it.
    steps : frozenset of float
        Every number that belongs to it is a multiple of each.
    """

    low: float = -math.inf
    high: float = math.inf
    apart: frozenset[float] = frozenset()
    steps: frozenset[float] = frozenset()

    def holds(self, number: float) -> bool:
        """Does a number belong to it? NaN does not."""
        if not self.low <= number <= self.high or number in self.apart:
            return False
        return not self.steps or all(abs(number / s - round(number / s)) <= ON_STEP for s in self.steps)

    def also(self, other: "QuietNumbers") -> "QuietNumbers":
        """The numbers that belong to both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return QuietNumbers(low, high, self.apart | other.apart, self.steps | other.steps)


ALL_QUIET = QuietNumbers()


def quiet_for_all(several: Iterable[QuietNumbers | None]) -> QuietNumbers | None:
    """The numbers of which none of several checks says anything; None where one of them does not tell."""
    known = list(several)
    return None if None in known else reduce(QuietNumbers.also, known, ALL_QUIET)  # type: ignore[arg-type]
