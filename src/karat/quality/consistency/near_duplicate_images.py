"""Pictures that repeat another one but for light, compression, size or a margin."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._picture_pairs import Pairs, near
from karat.quality.consistency.duplicate_images import beside, called
from karat.quality.measured_pictures import path_of
from karat.quality.pictures import Pictures, belief, image_column


@dataclass(frozen=True)
class NearDuplicateImages(Check):
    """A picture that is an earlier one made brighter, fainter, smaller, compressed anew or cut at the margin.

    No comparison of bytes finds it, and it lies in training and test alike. Thumbnails are compared wave by wave, fine
    ones counting as much as coarse ones; light and contrast are left out. In a set whose pictures all resemble each
    other, as digits do, two must be closer than chance brings them. Beyond 65,536 pictures a sample is compared.

    Source: Barz & Denzler (2020), Do we train on test data? ``value`` is the path of the later one.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    kinds: ClassVar[frozenset[str]] = frozenset({"images"})
    at_the_door: ClassVar[bool] = False

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if image_column(schema) else DoesNotApply("no column of pictures")

    def learn(self, block: Block) -> Pictures:
        return Pictures.of(block)

    def judge(self, state: Pictures, block: Block, before: Any = None) -> pa.Table:
        pairs = near(state)
        place = np.searchsorted(state.rows, block.rows)
        best = derived(state, "nearest", lambda: _best(pairs))
        at = np.flatnonzero(np.isin(place, np.fromiter(best, np.int64, len(best))))
        chosen = [best[int(place[one])] for one in at]
        alike = pairs.alike[chosen]
        return self.found(
            len(at),
            row=block.rows[at],
            column=image_column(block.schema),
            value=path_of(block, at),
            confidence=belief(alike - pairs.limit, (1 - pairs.limit) / 4),
            message=[
                f"shows what {called(state, int(pairs.earlier[one]))} shows, {pairs.alike[one]:.1%} alike once light "
                f"and contrast are left out{beside(state, int(pairs.later[one]), int(pairs.earlier[one]))}"
                for one in chosen
            ],
        )

    def total(self, state: Pictures, schema: Schema) -> int:
        return len(state.looked)


def _best(pairs: Pairs) -> dict[int, int]:
    """Per later picture the pair it is most alike in."""
    order = np.lexsort((pairs.earlier, -pairs.alike, pairs.later))
    later, first = np.unique(pairs.later[order], return_index=True)
    return dict(zip(later.tolist(), order[first].tolist(), strict=True))
