"""Pictures in which next to nothing can be seen for darkness."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures


@dataclass(frozen=True)
class DarkImages(MeasuredPictures):
    """Pictures so dark that their shapes drown, in a set that is not dark as a whole.

    A model learns that dark means whatever the dark ones happen to be. The light of a picture is the geometric mean of
    its grey levels, so that one lamp does not make a night a day.

    Source: gamma and exposure faults, as in Hendrycks & Dietterich (2019), Benchmarking neural network robustness.
    """

    floor: ClassVar[float] = 3.33  # logarithm of a grey level of 28
    prior: ClassVar[tuple[float, float]] = (4.7, 0.4)
    above: ClassVar[bool] = False
    times: ClassVar[float] = 2.5

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        return pictures["log_mean"]

    def evidence(self, value: float, middle: float) -> str:
        return f"so dark that its typical grey level is {np.exp(value):.0f} of 255; usual here is {np.exp(middle):.0f}"
