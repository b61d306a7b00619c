"""Mean squared error."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.evaluate.mean_losses import Loss


@dataclass(frozen=True)
class MSE(Loss):
    """Mean squared error, in the square of the target's unit.

    Large errors rule it.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"regression"})

    def losses(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) of each record: numbers (n,), answers (n,)."""
        return np.asarray((answer - truth) ** 2)
