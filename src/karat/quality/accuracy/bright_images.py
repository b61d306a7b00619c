"""Pictures that are washed out by light."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures


@dataclass(frozen=True)
class BrightImages(MeasuredPictures):
    """Pictures so bright that their shapes are lost in white, in a set that is not bright as a whole.

    What is over-exposed holds no more than its silhouette. Even the darkest twentieth of its pixels must lie above a
    floor: a black shape on white paper is no fault.

    Source: gamma and exposure faults, as in Hendrycks & Dietterich (2019), Benchmarking neural network robustness.
    """

    floor: ClassVar[float] = 180.0
    prior: ClassVar[tuple[float, float]] = (45.0, 35.0)
    times: ClassVar[float] = 2.5

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        return pictures["p5"]

    def evidence(self, value: float, middle: float) -> str:
        return f"so bright that 95 % of it is above grey level {value:.0f} of 255; usual here is {middle:.0f}"
