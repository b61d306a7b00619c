"""Mean squared error."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class MSE(Metric):
    """Mean squared error, in the square of the target's unit.

    Large errors rule it.
    """

    sign: ClassVar[int] = -1
    tasks: ClassVar[frozenset[str]] = frozenset({"regression"})

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of numbers (n,) and answers (n,)."""
        return float(((answer - truth) ** 2).mean())
