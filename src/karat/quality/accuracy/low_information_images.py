"""Pictures with next to nothing in them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures


@dataclass(frozen=True)
class LowInformationImages(MeasuredPictures):
    """Pictures of one colour or one flat shape: place-holders, lens caps, blank scans.

    There is nothing in them to learn a label from, so that a model learns the label of nothing. Information is the
    entropy of the grey levels, in bits; where a whole set is drawn in few tones, few tones are no fault.

    Source: Shannon (1948); the threshold follows what place-holders and drawings have.
    """

    floor: ClassVar[float] = 1.0  # bit: two tones
    prior: ClassVar[tuple[float, float]] = (7.0, 0.6)
    above: ClassVar[bool] = False

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        return pictures["entropy"]

    def evidence(self, value: float, middle: float) -> str:
        return f"its grey levels hold {value:.1f} bits of information; usual here are {middle:.1f}"
