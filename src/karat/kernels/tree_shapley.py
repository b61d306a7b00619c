"""Exact Shapley values of tree ensembles, leaf by leaf.

A leaf answers a game: a record reaches it with the product, over the features on its path, of 1 or 0 where the
feature is known, and of the share of training records that pass where it is not. The Shapley value of a product game
is a sum over coalition sizes, read off a polynomial. Summed over leaves and trees this is path-dependent TreeSHAP
(Lundberg et al. 2020, Nature Machine Intelligence 2), at the cost of leaves x depth squared.
"""

import numpy as np
from numba import njit

MAX_PATH = 64  # cost: room for distinct features on one path


@njit(cache=True, nogil=True)
def leaf_paths(
    left: np.ndarray, right: np.ndarray, is_leaf: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # pragma: no cover
    """Parent of each node (-1 for the root), and whether it is its parent's left child."""
    parent = np.full(len(left), -1, np.int64)
    is_left = np.zeros(len(left), np.bool_)
    for node in range(len(left)):
        if not is_leaf[node]:
            parent[left[node]] = node
            parent[right[node]] = node
            is_left[left[node]] = True
    return parent, is_left


@njit(cache=True, nogil=True)
def _add_leaf(  # pragma: no cover
    out: np.ndarray, value: float, known: np.ndarray, share: np.ndarray, feature: np.ndarray, m: int, work: np.ndarray
) -> None:
    """Adds one leaf's Shapley values of one record to ``out`` (d,)."""
    for i in range(m):
        for k in range(m):
            work[k] = 0.0
        work[0] = 1.0
        size = 1
        for j in range(m):
            if j == i:
                continue
            for k in range(size, 0, -1):
                work[k] = work[k] * share[j] + work[k - 1] * known[j]
            work[0] *= share[j]
            size += 1
        weight, total = 1.0 / m, 0.0
        for k in range(m):
            total += weight * work[k]
            if k + 1 < m:
                weight *= (k + 1) / (m - k - 1)
        out[feature[i]] += value * (known[i] - share[i]) * total


@njit(cache=True, nogil=True)
def add_tree(  # pragma: no cover  one array a field of a node, as scikit-learn keeps them
    out: np.ndarray,
    features: np.ndarray,
    feature: np.ndarray,
    threshold: np.ndarray,
    missing_left: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    is_leaf: np.ndarray,
    value: np.ndarray,
    count: np.ndarray,
) -> float:
    """Adds one tree's Shapley values of records (n, d) to ``out`` (n, d); returns the tree's expected value.

    A record goes left when its value is at most the threshold, or is NaN and ``missing_left`` says so.
    """
    parent, is_left = leaf_paths(left, right, is_leaf)
    known, share, work = np.empty(MAX_PATH), np.empty(MAX_PATH), np.empty(MAX_PATH + 1)
    on_path = np.empty(MAX_PATH, np.int64)
    expected = 0.0
    for leaf in range(len(left)):
        if not is_leaf[leaf]:
            continue
        expected += value[leaf] * count[leaf] / count[0]
        for row in range(len(features)):
            m, node = 0, leaf
            while parent[node] >= 0:
                above = parent[node]
                cell = features[row, feature[above]]
                goes_left = missing_left[above] if np.isnan(cell) else cell <= threshold[above]
                passes = 1.0 if goes_left == is_left[node] else 0.0
                part = count[node] / count[above]
                at = 0
                while at < m and on_path[at] != feature[above]:
                    at += 1
                if at == m:
                    on_path[m], known[m], share[m] = feature[above], passes, part
                    m += 1
                else:
                    known[at] *= passes
                    share[at] *= part
                node = above
            if m:
                _add_leaf(out[row], value[leaf], known, share, on_path, m, work)
    return expected
