"""The forecast that today is as the same hour, day or month was a season ago."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.unit import Learner
from karat.train.last_value import RepeatModel, repeated


@dataclass(frozen=True)
class SeasonalNaive(Learner):
    """Says what was there a season ago: what a forecast of a series with seasons must beat.

    Wants the target of a season ago as its second feature, as ``Lags`` gives it.

    Parameters
    ----------
    classes : int
        Number of classes, 0 to take it from the target.

    Source: Hyndman & Athanasopoulos (2021), Forecasting: principles and practice, ch. 5.2.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"forecasting"})
    name: ClassVar[str] = "seasonal naive"

    classes: int = 0

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> RepeatModel:
        """Learn how often the value of a season ago holds, from features (n, d) and targets (n,)."""
        del seed
        return repeated(features, target, 1, self.classes)
