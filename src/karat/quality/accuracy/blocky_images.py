"""Pictures compressed until blocks show."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures


@dataclass(frozen=True)
class BlockyImages(MeasuredPictures):
    """Pictures that were compressed so hard that the 8 x 8 blocks of JPEG stand out.

    Re-compressed copies lose the texture that tells classes apart, and where one class comes from a source that
    compresses more, the blocks become its label. Told by the pixels, so that a copy saved anew is found too.

    Source: Wang, Sheikh & Bovik (2002), No-reference perceptual quality assessment of JPEG compressed images.
    """

    floor: ClassVar[float] = 2.6  # times as steep on borders of blocks as elsewhere
    prior: ClassVar[tuple[float, float]] = (1.1, 0.15)
    times: ClassVar[float] = 4.0

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        return pictures["blocks"]

    def evidence(self, value: float, middle: float) -> str:
        message = f"its grey levels jump {value:.1f} times as much on borders of 8 x 8 blocks as elsewhere"
        return f"{message}; usual here {middle:.1f}"
