"""Measures of quality: a numerator, a denominator, a unit and an interval."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # definition: 0.975 quantile of the normal distribution


@dataclass(frozen=True)
class Measure:
    """How many of how many are bad.

    Parameters
    ----------
    name : str
        The measure's name in the standard, e.g. "value completeness".
    standard : str
        Where the name comes from.
    bad, total : int
        ``0 <= bad <= total``. A total of 0 says nothing: the measure is left out of the score.
    unit : str
        What is counted: cells, records, columns, steps, classes.
    """

    name: str
    standard: str
    bad: int
    total: int
    unit: str = "cells"

    def __post_init__(self) -> None:
        if not 0 <= self.bad <= self.total:
            raise ValueError(f"{self.name}: {self.bad} bad of {self.total} is no share of a total")

    @property
    def score(self) -> float:
        """The share that is good, in [0, 1]."""
        return 1 - self.bad / self.total


def wilson(good: float, total: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval for a share.

    Parameters
    ----------
    good, total : float
        Successes and trials; ``total > 0``.
    z : float
        Normal quantile; 1.96 for 95 %.

    Source: Wilson (1927), JASA 22.
    """
    share, spread = good / total, z * z / total
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, centre - half), min(1.0, centre + half)
