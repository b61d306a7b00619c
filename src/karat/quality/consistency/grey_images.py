"""Pictures without colour among coloured ones."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.finding import Dimension
from karat.core.state import derived
from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures

COLOURED = 0.05  # difference between channels that is seen, beside that between dark and bright; unproven
FEW_TONES = 8.0  # grey levels; unproven: what is nearly flat has no colour to judge
MOST = 0.5  # definition: most pictures must have colour, else grey is usual


@dataclass(frozen=True)
class GreyImages(MeasuredPictures):
    """Pictures without any colour in a set most of which is coloured.

    A scan or an old photograph differs from the rest in what a model sees first. Grey is told by the pixels: a file
    that has three equal channels is as grey as one with a single channel.

    Source: ISO/IEC 5259-2, data record consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data record consistency"
    floor: ClassVar[float] = 0.015  # difference between channels beside that between dark and bright
    prior: ClassVar[tuple[float, float]] = (0.3, 0.02)
    above: ClassVar[bool] = False

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        tones = pictures["p99"] - pictures["p1"]
        return np.where(tones > FEW_TONES, pictures["chroma"] / np.maximum(tones, 1.0), np.nan)

    def beyond(self, state: PictureFigures, values: np.ndarray) -> tuple[np.ndarray, float, float]:
        coloured = derived(state, "coloured", lambda: self._coloured(state))
        return (self.floor - values if coloured >= MOST else np.full(len(values), np.nan)), 0.01, coloured

    def _coloured(self, state: PictureFigures) -> float:
        seen = self.figure(state)
        seen = seen[np.isfinite(seen)]
        return float((seen > COLOURED).mean()) if len(seen) else 0.0

    def evidence(self, value: float, middle: float) -> str:
        message = f"without colour, its channels differ by {value:.1%} of its contrast"
        return f"{message}; {middle:.0%} of the pictures are coloured"
