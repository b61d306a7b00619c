"""Pictures whose tones lie close together."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.quality.accuracy.bright_images import BrightImages
from karat.quality.accuracy.dark_images import DarkImages
from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures

SOMETHING = 2.0  # bits of entropy; unproven: lower judges empty pictures


@dataclass(frozen=True)
class LowContrastImages(MeasuredPictures):
    """Pictures whose darkest and brightest parts hardly differ, though there is something to see.

    Fog, a film over the lens or a wrong scaling of the values: to a model that scales all pictures alike they are next
    to empty. Pictures with nothing in them at all are left to ``LowInformationImages``, dark and bright ones to their
    own checks.

    Source: contrast faults, as in Hendrycks & Dietterich (2019), Benchmarking neural network robustness.
    """

    floor: ClassVar[float] = 40.0  # grey levels between the 1st and the 99th percentile
    prior: ClassVar[tuple[float, float]] = (190.0, 40.0)
    above: ClassVar[bool] = False
    times: ClassVar[float] = 2.0

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        spread = pictures["p99"] - pictures["p1"]
        lit = (pictures["p5"] < BrightImages.floor) & (pictures["log_mean"] > DarkImages.floor)
        return np.where(lit & (pictures["entropy"] >= SOMETHING), spread, np.nan)

    def evidence(self, value: float, middle: float) -> str:
        return f"its tones span {value:.0f} of 255 grey levels; usual here are {middle:.0f}"
