"""Numbers on one scale, gaps filled, for learners that weigh."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.core.unit import Transform
from karat.prepare import onnx_columns
from karat.prepare.columns import FLOAT32_MAX, Positions, numbers, picked


@dataclass(frozen=True)
class ScaleNumbers(Transform):
    """A number column with mean 0 and deviation 1 over the training records; gaps get the training median.

    Unscaled inputs make gradient descent diverge and let the widest column rule a penalty on the weights.
    Source: LeCun et al. (1998), Efficient BackProp, section 4.3.

    Parameters
    ----------
    column : str
        A column of numbers.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.NUMBER})
    ways: ClassVar[frozenset[str]] = frozenset({"linear", "vectors"})

    column: str

    def read(self, block: Block) -> None:
        numbers(block, self.column)

    def fit(self, train: Block, positions: Positions = None) -> "FittedScale":
        """Median, mean and deviation (population) of the training records; 0, 0 and 1 where nothing is known."""
        return fitted_scale(self.column, picked(numbers(train, self.column), positions))


def fitted_scale(name: str, values: np.ndarray) -> "FittedScale":
    """The scale of values (n,) float32 with NaN for gaps."""
    known = values[~np.isnan(values)].astype(np.float64)
    if not len(known):
        return FittedScale(name, 0.0, 0.0, 1.0)
    fill = np.float32(np.median(known))
    filled = np.where(np.isnan(values), fill, values).astype(np.float64)
    mean, deviation = float(filled.mean()), float(filled.std())
    # A constant column says nothing: dividing by its rounding noise would blow it up.
    tiny = 1e-7 * max(abs(mean), 1e-30)
    return FittedScale(name, float(fill), mean, deviation if deviation > tiny else 1.0)


@dataclass(frozen=True)
class FittedScale:
    """``(filled - mean) / deviation``, computed in float64, given as float32."""

    to_onnx = staticmethod(onnx_columns.scaled)
    rises: ClassVar[bool] = True

    column: str
    fill: float
    mean: float
    deviation: float

    @property
    def width(self) -> int:
        """Number of features."""
        return 1

    @property
    def names(self) -> tuple[str, ...]:
        """One feature, named as the column."""
        return (self.column,)

    def scale(self, values: np.ndarray) -> np.ndarray:
        """Scaled values (n,) float32 of values (n,) with NaN for gaps."""
        filled = np.where(np.isnan(values), self.fill, values).astype(np.float64)
        return np.clip((filled - self.mean) / self.deviation, -FLOAT32_MAX, FLOAT32_MAX).astype(np.float32)

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, 1) float32 without gaps."""
        return self.scale(picked(numbers(block, self.column), positions))[:, None]
