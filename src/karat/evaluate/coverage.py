"""How much of the catalogue anybody is shown."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.unit import Metric


@dataclass(frozen=True)
class CatalogueCoverage(Metric):
    """Share of all items that stand among the first k places of at least one person.

    A list of best-sellers scores well on every other metric and shows a hundredth of the catalogue; this tells.
    Source: Ge, Delgado-Battenfeld & Jannach (2010), Beyond accuracy.

    Parameters
    ----------
    k : int
        Places shown, >= 1.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})
    name: ClassVar[str] = "coverage"

    k: int = 10

    def score(self, truth: Any, answer: np.ndarray) -> float:
        """Of held-out items (n, items) in CSR and lists of items (n, j)."""
        shown = answer[:, : self.k]
        return float(len(np.unique(shown[shown >= 0])) / max(1, truth.shape[1]))
