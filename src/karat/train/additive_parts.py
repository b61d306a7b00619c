"""Margins taken apart: a base, and exact SHAP values of linear models, of trees and of scorecards that sum to it."""

from typing import Any

import numpy as np

from karat.core.errors import OptionError
from karat.train.tree_tables import TreeTables


def linear_parts(
    features: np.ndarray, weights: np.ndarray, bias: float, background: np.ndarray
) -> tuple[float, np.ndarray]:
    """The mean margin of a linear model, and each weight times how far the feature lies from its mean.

    Parameters
    ----------
    features : ndarray of float, shape (n, d)
    weights : ndarray of float, shape (d,)
    background : ndarray of float, shape (d,)
        The mean features of the training records.

    Source: Lundberg & Lee (2017), NeurIPS, corollary 1.
    """
    dense = np.asarray(features, np.float64)
    return float(bias + background @ weights), (dense - background) * weights


def tree_parts(features: np.ndarray, trees: Any, output: int = 0) -> tuple[float, np.ndarray]:
    """The mean margin of boosted trees, and what each feature adds: path-dependent and exact.

    Parameters
    ----------
    features : ndarray of float, shape (n, d)
        NaN for gaps.
    trees : HistGradientBoostingClassifier, HistGradientBoostingRegressor or TreeTables
        Fitted, without categorical splits.
    output : int
        Which class's margin, for more than two; else 0.

    Raises
    ------
    OptionError
        Trees with categorical splits.
    """
    from karat.kernels.tree_shapley import add_tree

    dense = np.ascontiguousarray(features, np.float64)
    parts = np.zeros(dense.shape)
    tables = trees if isinstance(trees, TreeTables) else TreeTables.of(trees)
    base = float(tables.baseline[output])
    for stage in tables.stages:
        nodes = stage[output]
        if nodes["is_categorical"].any():
            raise OptionError("trees with categorical splits cannot be explained", "Encode categories first")
        base += add_tree(
            parts,
            dense,
            nodes["feature_idx"].astype(np.int64),
            nodes["num_threshold"].astype(np.float64),
            nodes["missing_go_to_left"].astype(np.bool_),
            nodes["left"].astype(np.int64),
            nodes["right"].astype(np.int64),
            nodes["is_leaf"].astype(np.bool_),
            nodes["value"].astype(np.float64),
            nodes["count"].astype(np.float64),
        )
    return base, parts


def crossed_parts(features: np.ndarray, model: Any) -> tuple[float, np.ndarray]:
    """The log-odds of a record without evidence, and what each column of a scorecard adds: crossed tables by halves."""
    parts = model.parts(features)
    own = parts[:, : features.shape[1]].copy()
    for crossing, more in zip(model.crossed, parts[:, features.shape[1] :].T, strict=True):
        own[:, crossing.first] += more / 2
        own[:, crossing.second] += more / 2
    return float(model.bias), own
