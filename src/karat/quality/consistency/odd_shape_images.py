"""Pictures of another shape than the rest."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.core.finding import Dimension
from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures


@dataclass(frozen=True)
class OddShapeImages(MeasuredPictures):
    """Pictures far wider or higher than the rest of the set: strips, banners, crops gone wrong.

    Squeezed into the square that a model wants they show shapes that nothing has. A set of mixed formats allows more.

    Source: ISO/IEC 5259-2, data record consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data record consistency"
    floor: ClassVar[float] = 0.95  # 2.6 times as wide or high, as a natural logarithm
    prior: ClassVar[tuple[float, float]] = (np.nan, 0.15)
    both: ClassVar[bool] = True
    times: ClassVar[float] = 4.0

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        return np.log(pictures["wide"]) - np.log(pictures["high"])

    def evidence(self, value: float, middle: float) -> str:
        return f"{np.exp(value):.2f} times as wide as high; usual here is {np.exp(middle):.2f}"
