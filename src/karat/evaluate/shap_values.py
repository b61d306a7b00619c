"""What each feature adds to one prediction: exact SHAP values, from models that have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class ShapValues:
    """Additive parts of predictions: ``base + parts.sum(1)`` is the prediction.

    Parameters
    ----------
    base : float
        The mean answer of the training records, in the unit of the margin: log-odds for classes, else the number.
    parts : ndarray of float64, shape (n, d)
    """

    base: float
    parts: np.ndarray

    @property
    def margin(self) -> np.ndarray:
        """(n,) what the parts sum to."""
        return np.asarray(self.base + self.parts.sum(1))

    def by_column(self, groups: Mapping[str, Sequence[int]]) -> dict[str, np.ndarray]:
        """(n,) sum of the parts of the features that each column became."""
        return {name: self.parts[:, list(at)].sum(1) for name, at in groups.items()}


def explain(model: Any, features: np.ndarray, background: np.ndarray, output: int = 0) -> ShapValues | None:
    """The SHAP values of a fitted learner, as its ``explain`` gives them; None for one without an exact form.

    Parameters
    ----------
    model : object
        As learners give.
    features : ndarray of float, shape (n, d)
        Dense.
    background : ndarray of float, shape (d,)
        The mean features of the training records, for linear models.
    output : int
        Which margin: of two classes and of numbers the only one, 0.
    """
    parts = getattr(model, "explain", lambda *_: None)(features, background, output)
    return None if parts is None else ShapValues(*parts)
