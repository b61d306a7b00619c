"""Mean absolute error."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.evaluate.mean_losses import Loss


@dataclass(frozen=True)
class MAE(Loss):
    """Mean absolute error, in the target's unit.

    An outlier counts no more than its size.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"regression"})

    def losses(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) of each record: numbers (n,), answers (n,)."""
        return np.asarray(np.abs(answer - truth))
