"""How well the order is."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.unit import Metric
from karat.evaluate.ranks import area_under_roc, placements


@dataclass(frozen=True)
class AUC(Metric):
    """Chance that a record of the class outscores another one, ties counted half.

    For more than two classes the mean over one against the rest. Source: Hanley & McNeil (1982).
    """

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """Of class codes (n,) int and probabilities (n, k)."""
        k = answer.shape[1]
        if k == 2:
            return area_under_roc(truth == 1, answer[:, 1])
        areas = [area_under_roc(truth == code, answer[:, code]) for code in range(k)]
        known = [area for area in areas if not np.isnan(area)]
        return float(np.mean(known)) if known else float("nan")

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all. Source: DeLong et al. (1988)."""
        k = answer.shape[1]
        codes = [1] if k == 2 else [code for code in range(k) if 0 < (truth == code).sum() < len(truth)]
        parts = [placements(truth == code, answer[:, code]) for code in codes]
        return np.asarray(np.mean(parts, axis=0)) if parts else np.full(len(truth), np.nan)
