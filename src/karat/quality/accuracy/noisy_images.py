"""Pictures covered with noise."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures


@dataclass(frozen=True)
class NoisyImages(MeasuredPictures):
    """Pictures whose calmest parts are covered with noise.

    Noise of the sensor or of a broken transmission hides what the label is about, and a model takes it for texture.
    It is measured where the picture is calmest, so that grass and hair are not taken for it.

    Source: Immerkær (1996), Fast noise variance estimation.
    """

    floor: ClassVar[float] = 15.0  # standard deviation in grey levels
    prior: ClassVar[tuple[float, float]] = (2.5, 2.0)
    times: ClassVar[float] = 4.0

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        return pictures["noise"]

    def evidence(self, value: float, middle: float) -> str:
        return f"noise of {value:.0f} grey levels covers even its calmest parts; usual here are {middle:.0f}"
