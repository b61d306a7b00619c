"""What a time says to a model: when in history, in the year, the week and the day."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Transform
from karat.prepare import onnx_columns
from karat.prepare.columns import Positions, picked, seconds
from karat.prepare.scale_numbers import FittedScale, fitted_scale

DAY = 86_400.0  # definition: seconds
YEAR_DAYS = 365.2425  # of the Gregorian calendar (ISO 8601), on the mean
PARTS = ("day", "season", "weekday", "hour")
WAVES = ("season sine", "season cosine", "weekday sine", "weekday cosine", "hour sine", "hour cosine")
PERIODS = (1.0, 7.0, 24.0)  # definition: of a season as a share of the year, a weekday, an hour of the day


def parts(since: np.ndarray) -> np.ndarray:
    """(n, 4) float32 of seconds since 1970 (n,): day number, share of the year, weekday (Monday 0), hour of the day.

    Arithmetic alone, without a calendar, so that an exported graph can do the same: the season counts mean
    Gregorian years and wanders by less than a day.
    """
    days = since / DAY
    year = np.mod(days / YEAR_DAYS, 1.0)
    weekday = np.mod(np.floor(days) + 3.0, 7.0)
    hour = np.mod(since, DAY) / 3600.0
    return np.column_stack([days, year, weekday, hour]).astype(np.float32)


@dataclass(frozen=True)
class TimeParts(Transform):
    """A time column as day number, season, weekday and hour; as waves for learners that weigh.

    Parameters
    ----------
    column : str
        A column of times.
    waves : bool
        Season, weekday and hour as sine and cosine, the day number scaled; a gap is the median day and no wave;
        otherwise plain numbers with NaN for gaps.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.TIME})
    ways: ClassVar[frozenset[str]] = frozenset({"linear", "vectors", "trees"})

    column: str
    waves: bool = False

    @classmethod
    def of(cls, column: Column, schema: Schema, way: str) -> Transform | None:
        """Waves for learners that weigh."""
        return cls(column.name, waves=way != "trees") if super().of(column, schema, way) else None

    def read(self, block: Block) -> None:
        seconds(block, self.column)

    def fit(self, train: Block, positions: Positions = None) -> "FittedTimeParts":
        """The scale of the day number, where waves are wanted."""
        if not self.waves:
            return FittedTimeParts(self.column, None)
        days = (picked(seconds(train, self.column), positions) / DAY).astype(np.float32)
        return FittedTimeParts(self.column, fitted_scale(self.column, days))


@dataclass(frozen=True)
class FittedTimeParts:
    """With a ``scale``: waves; without: plain parts."""

    to_onnx = staticmethod(onnx_columns.times)

    column: str
    scale: FittedScale | None

    @property
    def width(self) -> int:
        """Number of features."""
        return len(PARTS) if self.scale is None else 1 + len(WAVES)

    @property
    def names(self) -> tuple[str, ...]:
        """``column part``."""
        return tuple(f"{self.column} {part}" for part in (PARTS if self.scale is None else (PARTS[0], *WAVES)))

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, 4) with NaN for gaps, or (n, 7) without gaps, float32."""
        plain = parts(picked(seconds(block, self.column), positions))
        if self.scale is None:
            return plain
        angle = plain[:, 1:].astype(np.float64) * (2 * np.pi / np.array(PERIODS))
        out = np.empty((len(plain), 7), np.float32)
        out[:, 0] = self.scale.scale(plain[:, 0])
        out[:, 1::2] = np.sin(angle)
        out[:, 2::2] = np.cos(angle)
        return np.nan_to_num(out, nan=0.0)
