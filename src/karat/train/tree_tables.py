"""Boosted trees as plain tables of nodes, whoever fitted them: what exporters and explanations read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class TreeTables:
    """Margins as a baseline and what the leaves of trees add to it.

    Parameters
    ----------
    baseline : ndarray of float64, shape (m,)
    stages : tuple of tuple of ndarray
        A table of nodes for each of the m outputs, round by round, the root first, with the fields of scikit-learn's
        (``value``, ``feature_idx``, ``num_threshold``, ``left``, ``right`` …); a value goes left where it is at most
        the threshold.
    """

    baseline: np.ndarray
    stages: tuple[tuple[np.ndarray, ...], ...]

    @classmethod
    def of(cls, trees: Any) -> "TreeTables":
        """Of scikit-learn's boosted trees, or of a model that has ``tables``."""
        if hasattr(trees, "tables"):
            tables: TreeTables = trees.tables()
            return tables
        baseline = np.asarray(trees._baseline_prediction, np.float64).reshape(-1)
        return cls(baseline, tuple(tuple(tree.nodes for tree in stage) for stage in trees._predictors))

    @classmethod
    def mean(cls, several: Sequence["TreeTables"]) -> "TreeTables":
        """The trees of several models together, whose margins are the mean of theirs."""
        if len(several) == 1:
            return several[0]
        stages = [
            tuple(_scaled(nodes, 1 / len(several)) for nodes in stage) for tables in several for stage in tables.stages
        ]
        return cls(np.mean([tables.baseline for tables in several], axis=0), tuple(stages))


def _scaled(nodes: np.ndarray, share: float) -> np.ndarray:
    out = nodes.copy()
    out["value"] *= share
    return out
