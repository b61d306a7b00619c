"""Which training records carried a prediction: exact shares that sum to it, for boosted trees and linear models."""

from typing import Any

import numpy as np


def tree_drivers(
    trees: Any, train: np.ndarray, target: np.ndarray, asked: np.ndarray, penalty: float, rate: float
) -> np.ndarray:
    """What each training record added to the margin of each record asked about, beside the baseline.

    A leaf's value is minus the summed gradients of its training records over their summed curvature: it is a sum over
    records. Added up over all trees, the shares of a prediction sum to its margin less the baseline, the shape of the
    trees held fixed.

    Parameters
    ----------
    trees : HistGradientBoostingClassifier of two classes, or HistGradientBoostingRegressor
    train : ndarray of float, shape (n, d)
        The features it was fitted on.
    target : ndarray, shape (n,)
        Class codes 0 and 1, or numbers.
    asked : ndarray of float, shape (m, d)
    penalty, rate : float
        Of the fit: on leaf values, and the share of each tree that counts.

    Returns
    -------
    ndarray of float64, shape (m, n)

    Source: Brophy, Hammoudeh & Lowd (2023), Adapting and evaluating influence-estimation methods for
    gradient-boosted decision trees, JMLR 24, of which this is the additive form.
    """
    from sklearn.base import is_classifier

    margin = np.full(len(train), float(np.asarray(trees._baseline_prediction).reshape(-1)[0]))
    shares = np.zeros((len(asked), len(train)))
    classes = is_classifier(trees)
    for stage in trees._predictors:
        nodes = stage[0].nodes
        probability = 1 / (1 + np.exp(-margin)) if classes else margin
        pull = target - probability  # minus the gradient of the loss
        curve = probability * (1 - probability) if classes else np.ones(len(train))
        mine, theirs = leaves(nodes, train), leaves(nodes, asked)
        weight = np.bincount(mine, curve, len(nodes)) + penalty
        step = rate * pull / weight[mine]
        shares += np.where(theirs[:, None] == mine[None, :], step[None, :], 0.0)
        margin += nodes["value"][mine]
    return shares


def leaves(nodes: np.ndarray, features: np.ndarray) -> np.ndarray:
    """The leaf (n,) int64 that each record (n, d) ends in."""
    at = np.zeros(len(features), np.int64)
    rows = np.arange(len(features))
    leaf = nodes["is_leaf"].astype(bool)
    while not leaf[at].all():
        moving = rows[~leaf[at]]
        node = nodes[at[moving]]
        values = features[moving, node["feature_idx"]]
        left = np.where(np.isnan(values), node["missing_go_to_left"].astype(bool), values <= node["num_threshold"])
        at[moving] = np.where(left, node["left"], node["right"])
    return at


def linear_drivers(
    weights: np.ndarray, bias: float, train: np.ndarray, target: np.ndarray, asked: np.ndarray, strength: float
) -> np.ndarray:
    """The same for a penalised logistic or ridge regression; the shares sum to the margin less the bias.

    At the optimum the weights are ``strength`` times the sum of each training record's features by its error
    (representer theorem). Source: Yeh et al. (2018), Representer point selection, NeurIPS.

    Parameters
    ----------
    weights : ndarray of float, shape (d,)
    train, asked : ndarray of float, shapes (n, d) and (m, d)
    target : ndarray, shape (n,)
        Class codes 0 and 1 (int), or numbers (float).
    strength : float
        Inverse of the penalty.
    """
    margin = train.astype(np.float64) @ weights + bias
    classes = np.issubdtype(target.dtype, np.integer)
    off = target - (1 / (1 + np.exp(-margin)) if classes else margin)
    return np.asarray((asked.astype(np.float64) @ train.astype(np.float64).T) * (strength * off))
