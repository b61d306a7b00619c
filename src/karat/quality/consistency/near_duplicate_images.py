"""Pictures that repeat another one but for light, compression, size or a margin."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import SURE, Dimension
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency.duplicate_images import beside, called, surer
from karat.quality.consistency.picture_pairs import PicturePairs, near
from karat.quality.measured_pictures import path_of
from karat.quality.pictures import OfPictures, PictureFigures, belief

EVEN = 0.501  # a pair at the very limit: the later one a hair above an even chance; definition: above .5


@dataclass(frozen=True)
class NearDuplicateImages(OfPictures, Check):
    """A picture that is an earlier one made brighter, fainter, smaller, compressed anew or cut at the margin.

    No comparison of bytes finds it, and it lies in training and test alike. Thumbnails are compared wave by wave, fine
    ones counting as much as coarse ones; light and contrast are left out. In a set whose pictures all resemble each
    other, as digits do, two must be closer than chance brings them. Beyond 65,536 pictures a sample is compared. The
    earlier one is named too, at an even chance; it counts in no score and waits for nobody.

    Source: Barz & Denzler (2020), Do we train on test data? ``value`` is the path of the later one.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    by_order: ClassVar[str] = "of pictures that look alike the first in the file is kept"
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    def judge(self, state: PictureFigures, block: Block, before: Any = None) -> pa.Table:
        pairs = near(state)
        place = np.searchsorted(state.rows, block.rows)
        best = derived(state, "nearest", lambda: _best(pairs, len(state)))
        at = np.flatnonzero(best[place] >= 0)
        here, chosen = place[at], best[place[at]]
        later = pairs.later[chosen] == here
        other = np.where(later, pairs.earlier[chosen], pairs.later[chosen])
        sure = belief(pairs.alike[chosen] - pairs.limit, (1 - pairs.limit) / 4)
        return self.found(
            len(at),
            row=block.rows[at],
            value=path_of(block, at),
            confidence=np.where(later, np.maximum(sure, EVEN), SURE),
            message=[
                f"shows what {called(state, int(twin))} shows, {pairs.alike[pair]:.1%} alike once light and contrast "
                f"are left out{beside(state, int(own), int(twin))}"
                for own, twin, pair in zip(here, other, chosen, strict=True)
            ],
        )

    def measures(self, state: PictureFigures, schema: Schema, findings: pa.Table) -> list[Measure]:
        return super().measures(state, schema, surer(findings))

    def total(self, state: PictureFigures, schema: Schema) -> int:
        return len(state.looked)


def _best(pairs: PicturePairs, n: int) -> np.ndarray:
    """(n,) per picture the pair to name: the most alike of those it is the later one of, else of the others; or -1."""
    out = np.full(n, -1)
    for side, rest in ((pairs.earlier, pairs.later), (pairs.later, pairs.earlier)):
        order = np.lexsort((rest, -pairs.alike, side))
        which, first = np.unique(side[order], return_index=True)
        out[which] = order[first]
    return out
