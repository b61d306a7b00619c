"""Checks that give every record a score and change nothing."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.unit import Check


@dataclass(frozen=True)
class ScoringCheck(Check):
    """A check that scores every record and names the few that stand apart.

    Its findings are suspicions that no fix reads, so it is left out where only changes count, as in the folds of a
    proof, and where a single record is judged at request time.

    Class variables
    ---------------
    score_name : column of ``records.parquet`` that holds its scores.
    """

    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False
    score_name: ClassVar[str]

    @abstractmethod
    def record_scores(self, state: Any, block: Block) -> np.ndarray | DoesNotApply:
        """(n,) float64: a score of every record of the block, higher for stranger ones, NaN for none; or why none."""
