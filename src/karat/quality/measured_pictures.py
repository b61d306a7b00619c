"""Checks that hold one figure of each picture against the rest of the set."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.pictures import LONELY, OfPictures, PictureFigures, belief, path_column, usual

TOLD_FROM = 0.3  # display: confidence below which a picture is not mentioned
FAR = 4.0  # unproven: spreads from the middle, where it is the way of a set to lie beyond the floor
THE_WAY = 0.25  # unproven: share of a set beyond a floor from which it is the way of the set


@dataclass(frozen=True)
class MeasuredPictures(OfPictures, Check):
    """One figure per picture that must lie beyond a floor; where many do, also far from what is usual in the set.

    Class variables
    ---------------
    floor : what no good picture of any set goes beyond, in the unit of the figure.
    prior : middle and spread of the figure in usual pictures.
    above : faults lie above the floor; else below it.
    both : faults lie on either side, the floor counted from the middle of the set.
    times : spreads that a fault lies from the middle of the set.
    stretched : in a set that differs widely by nature a fault lies so far out too, beyond the floor.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "data accuracy range"
    unit: ClassVar[str] = "records"

    floor: ClassVar[float]
    prior: ClassVar[tuple[float, float]]
    above: ClassVar[bool] = True
    both: ClassVar[bool] = False
    times: ClassVar[float] = 3.0
    stretched: ClassVar[bool] = False

    @abstractmethod
    def figure(self, pictures: PictureFigures) -> np.ndarray:
        """(n,) float64, NaN where it says nothing."""

    @abstractmethod
    def evidence(self, value: float, middle: float) -> str:
        """The evidence in words: the picture's figure, and what is usual in the set."""

    def beyond(self, state: PictureFigures, values: np.ndarray) -> tuple[np.ndarray, float, float]:
        """How far beyond the limit each value is, the spread it is measured in, and the middle of the set."""
        middle, spread = derived(state, f"usual {self.code()}", lambda: usual(self.figure(state), self.prior))
        if self.both:
            return np.abs(values - middle) - max(self.floor, self.times * spread), spread, middle
        sign = 1.0 if self.above else -1.0
        limit = sign * self.floor
        if self.stretched:
            limit = max(limit, sign * middle + self.times * spread)
        if derived(state, f"way {self.code()}", lambda: self._way(state)):
            own = (np.nan, self.prior[1])
            middle, spread = derived(state, f"own {self.code()}", lambda: usual(self.figure(state), own))
            limit = max(limit, sign * middle + max(self.times, FAR) * spread)
        return sign * values - limit, spread, middle

    def _way(self, state: PictureFigures) -> bool:
        """Is it the way of this set to lie beyond the floor, and so no fault of a picture?"""
        values = self.figure(state)
        beyond = int((values > self.floor).sum() if self.above else (values < self.floor).sum())
        return beyond > THE_WAY * (len(values) + LONELY)

    def judge(self, state: PictureFigures, block: Block, before: Any = None) -> pa.Table:
        here = PictureFigures.of(block)
        values = self.figure(here)
        far, spread, middle = self.beyond(state, values)
        sure = belief(far, (spread + self.prior[1]) / 8)
        at = np.flatnonzero(sure >= TOLD_FROM)
        return self.about(block, at, sure[at], [self.evidence(float(values[place]), middle) for place in at])

    def about(self, block: Block, at: np.ndarray, sure: np.ndarray, messages: list[str]) -> pa.Table:
        """Findings about the pictures at positions of the block; ``value`` is their path."""
        return self.found(
            len(at),
            row=block.rows[at],
            value=path_of(block, at),
            confidence=sure,
            message=messages,
        )

    def total(self, state: PictureFigures, schema: Schema) -> int:
        return int(state.readable.sum())


def path_of(block: Block, at: np.ndarray) -> pa.Array | None:
    """The paths of pictures; None without such a column."""
    name = path_column(block.schema)
    return block.text(name).take(pa.array(at)) if name else None
