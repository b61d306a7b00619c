"""A column that says where another column's numbers lie."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np

NEARLY = 1 - 1e-9  # definition: a quick look rounds otherwise than the whole one, and must not miss what it says


@dataclass(frozen=True, eq=False)
class Witness:
    """What one column says of another: along its values, where the other's lie.

    Parameters
    ----------
    column : str
        The witness.
    edges : ndarray of float64, shape (s - 1,)
        Its values between the steps.
    middle, spread : ndarray of float64, shape (s,)
        Median and robust standard deviation of the other column's numbers at each step.
    limit : float
        Robust standard deviations beyond which a number is contradicted.
    """

    column: str
    edges: np.ndarray
    middle: np.ndarray
    spread: np.ndarray
    limit: float

    def contradicts(self, numbers: np.ndarray, own: np.ndarray) -> np.ndarray:
        """By how much more than the limit allows each number (n,) is off; NaN where either is missing."""
        at = np.searchsorted(self.edges, own)
        off = np.abs(numbers - self.middle[at]) / self.spread[at] / self.limit
        return np.where(np.isfinite(numbers) & np.isfinite(own), off, np.nan)

    def may_contradict(self, number: float, own: float) -> bool:
        """Does it contradict one number, or nearly? Without arrays; NaN contradicts nothing."""
        at = bisect_left(self.steps, own)
        return abs(number - self.middle[at]) > NEARLY * self.limit * self.spread[at]

    @cached_property
    def steps(self) -> list[float]:
        """The edges as a list."""
        edges: list[float] = self.edges.tolist()
        return edges

    def expected(self, own: float) -> float:
        """The number that the witness would expect."""
        return float(self.middle[np.searchsorted(self.edges, own)])
