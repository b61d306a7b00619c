"""Pictures of another size than the rest."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.finding import Dimension
from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures


@dataclass(frozen=True)
class OddSizeImages(MeasuredPictures):
    """Pictures far smaller or larger than the rest of the set.

    Thumbnails and stray icons are blown up to the size a model wants and become blurs; giants are shrunk until nothing
    is left. Size is the side of a square of the same area, on a scale of ratios; a set of mixed sizes allows more.

    Source: ISO/IEC 5259-2, data record consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data record consistency"
    floor: ClassVar[float] = 1.1  # a third or three times as large, as a natural logarithm
    prior: ClassVar[tuple[float, float]] = (np.nan, 0.2)
    both: ClassVar[bool] = True
    times: ClassVar[float] = 4.0

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        return (np.log(pictures["wide"]) + np.log(pictures["high"])) / 2

    def evidence(self, value: float, middle: float) -> str:
        ratio = np.exp(abs(value - middle))
        way = "more" if value > middle else "less"
        return f"{np.exp(value):.0f} pixels a side, {ratio:.1f} times {way} than usual here"
