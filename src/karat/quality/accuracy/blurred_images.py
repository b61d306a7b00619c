"""Pictures that are out of focus."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from karat.quality.measured_pictures import MeasuredPictures
from karat.quality.pictures import PictureFigures

SOMETHING = 2.0  # flat from 1 to 4 by its tests (benchmarks/constants.md): bits of entropy; lower judges empty pictures
# 16 does worse, 4 as well by its tests (benchmarks/constants.md): grey levels; lower judges pictures without an edge
SOME_EDGE = 8.0
# flat from 1.5 to 6 by its tests (benchmarks/constants.md): compressed until only blocks are left; higher takes
# blocks for sharp edges
BLOCKY = 3.0


@dataclass(frozen=True)
class BlurredImages(MeasuredPictures):
    """Pictures whose finest detail is gone: out of focus, moved, or blown up from a smaller one.

    Blur takes the finest edges first. Their strength is held against that of the coarse ones, so that neither a
    weak contrast nor a calm motif is taken for blur, and a large picture is judged at the size that a model sees. A
    picture without any edge is not judged, nor one of which compression left only blocks. In a set that holds the soft
    and the crisp by nature, as cuts of photographs do, a blurred picture must be softer than those.

    Source: Pertuz et al. (2013), Analysis of focus measure operators, for the Laplacian energies.
    """

    floor: ClassVar[float] = -0.87  # logarithm of 0.42
    prior: ClassVar[tuple[float, float]] = (-0.43, 0.12)
    above: ClassVar[bool] = False
    times: ClassVar[float] = 2.2
    stretched: ClassVar[bool] = True

    def figure(self, pictures: PictureFigures) -> np.ndarray:
        edged = (pictures["detail"] >= SOME_EDGE) & (pictures["entropy"] >= SOMETHING) & ~(pictures["blocks"] >= BLOCKY)
        return np.where(edged, np.log(np.maximum(pictures["sharpness"], 1e-3)), np.nan)

    def evidence(self, value: float, middle: float) -> str:
        mine, theirs = np.exp([value, middle])
        return f"its finest edges are {mine:.2f} times as strong as its coarse ones; usual here is {theirs:.2f}"
