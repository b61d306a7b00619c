"""The forecast that nothing changes."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from karat.core.unit import Learner
from karat.train.cost import measured
from karat.train.probabilities import class_count, is_classes


@dataclass(frozen=True)
class LastValue(Learner):
    """Says what was there last: what every forecast must beat, and many do not.

    Wants the last known target as its first feature, as ``Lags`` gives it; where that is not known it says the mean,
    or the shares of the classes. For classes the last one gets the share of training records that kept their class.

    Parameters
    ----------
    classes : int
        Number of classes, 0 to take it from the target.

    Source: Hyndman & Athanasopoulos (2021), Forecasting: principles and practice, ch. 5.2.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"forecasting"})
    name: ClassVar[str] = "last value"

    classes: int = 0

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> "RepeatModel":
        """Learn how often the last value holds, from features (n, d) and targets (n,)."""
        del seed
        return repeated(features, target, 0, self.classes)


def repeated(features: Any, target: np.ndarray, feature: int, classes: int) -> "RepeatModel":
    """A model that repeats one feature."""
    cost: dict[str, float] = {}
    with measured(cost):
        values = np.asarray(features)[:, feature].astype(np.float64)
        if not is_classes(target):
            return RepeatModel(feature, np.array([target.mean()]), 1.0, 0, cost)
        k = class_count(target, classes)
        shares = np.bincount(target, minlength=k) / max(len(target), 1)
        known = np.isfinite(values)
        kept = float((values[known] == target[known]).mean()) if known.any() else 0.0
        return RepeatModel(feature, shares, max(kept, 1 / k), k, cost)


@dataclass(frozen=True, eq=False)
class RepeatModel:
    """Repeats a feature.

    Parameters
    ----------
    otherwise : ndarray of float64, shape (k,) or (1,)
        What it says where the feature is not known.
    kept : float
        Probability of the repeated class.
    classes : int
        0 for numbers.
    """

    feature: int
    otherwise: np.ndarray
    kept: float
    classes: int
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        """(n, k) class probabilities, or (n,) numbers."""
        values = np.asarray(features)[:, self.feature].astype(np.float64)
        known = np.isfinite(values)
        if not self.classes:
            return np.where(known, values, self.otherwise[0])
        out = np.tile(self.otherwise, (len(values), 1))
        out[known] = (1 - self.kept) / max(self.classes - 1, 1)
        out[known, values[known].astype(np.int64)] = self.kept
        return out
