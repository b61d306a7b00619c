"""What each feature adds to one prediction: exact SHAP values of linear models and of trees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.core.errors import OptionError


@dataclass(frozen=True, eq=False)
class Explained:
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


def linear_shap(features: np.ndarray, weights: np.ndarray, bias: float, background: np.ndarray) -> Explained:
    """Of a linear margin: each weight times how far the feature lies from its mean.

    Parameters
    ----------
    features : ndarray of float, shape (n, d)
    weights : ndarray of float, shape (d,)
    bias : float
    background : ndarray of float, shape (d,)
        The mean features of the training records.

    Source: Lundberg & Lee (2017), NeurIPS, corollary 1.
    """
    held = np.asarray(features, np.float64)
    return Explained(float(bias + background @ weights), (held - background) * weights)


def tree_shap(features: np.ndarray, trees: Any, output: int = 0) -> Explained:
    """Of gradient-boosted trees on histograms, as scikit-learn fits them: path-dependent and exact.

    Parameters
    ----------
    features : ndarray of float, shape (n, d)
        NaN for gaps.
    trees : HistGradientBoostingClassifier or HistGradientBoostingRegressor
        Fitted, without categorical splits.
    output : int
        Which class's margin, for more than two; else 0.

    Raises
    ------
    OptionError
        Trees with categorical splits.
    """
    from karat.kernels.tree_shapley import add_tree

    held = np.ascontiguousarray(features, np.float64)
    parts = np.zeros(held.shape)
    base = float(np.asarray(trees._baseline_prediction).reshape(-1)[output])
    for stage in trees._predictors:
        nodes = stage[output].nodes
        if nodes["is_categorical"].any():
            raise OptionError("splits by number wanted", "trees with categorical splits", do="encode categories first")
        base += add_tree(
            parts,
            held,
            nodes["feature_idx"].astype(np.int64),
            nodes["num_threshold"].astype(np.float64),
            nodes["missing_go_to_left"].astype(np.bool_),
            nodes["left"].astype(np.int64),
            nodes["right"].astype(np.int64),
            nodes["is_leaf"].astype(np.bool_),
            nodes["value"].astype(np.float64),
            nodes["count"].astype(np.float64),
        )
    return Explained(base, parts)


def card_parts(features: np.ndarray, model: Any) -> Explained:
    """Of a scorecard: what each column adds to the log-odds, a crossed table by halves to its two columns.

    ``base`` is the card's start: the log-odds of a record without evidence.
    """
    parts = model.parts(features)
    own = parts[:, : features.shape[1]].copy()
    for one, more in zip(model.crossed, parts[:, features.shape[1] :].T, strict=True):
        own[:, one.first] += more / 2
        own[:, one.second] += more / 2
    return Explained(float(model.bias), own)


def explain(model: Any, features: np.ndarray, background: np.ndarray, output: int = 0) -> Explained | None:
    """The SHAP values of a fitted learner, by the name of its class; None for one without an exact form.

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
    match type(model).__name__:
        case "LinearModel":
            return linear_shap(features, model.weights[:, output], float(model.bias[output]), background)
        case "TreesModel" if model.trees is not None:
            return tree_shap(features, model.trees, output)
        case "ScorecardModel":
            return card_parts(features, model)
    return None
