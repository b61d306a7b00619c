"""A few items that take nearly all events."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.degrees import SHAPE_SAMPLE
from karat.core.finding import Dimension, no_findings
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.events import OfEvents, SampledEvents
from karat.quality.interaction_columns import InteractionColumns

TELLING = 0.4  # Gini from which it is worth a word; unproven: lower tells of every catalogue


@dataclass(frozen=True)
class PopularitySkew(OfEvents, Check):
    """How unequally events are spread over items: Gini coefficient and the share of the top hundredth.

    Every catalogue has best-sellers. Where they are nearly all there is, a list of them scores well, and the model
    learns nothing about the rest; what is shown then sells more of the same.

    Parameters
    ----------
    extreme_gini, extreme_item : float
        From here on the finding counts: the Gini coefficient, and the share of the one item that has most.

    Source: Abdollahpouri et al. (2017), Controlling popularity bias; Gini (1912).
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY

    extreme_gini: float = 0.95
    extreme_item: float = 0.1

    def conclude(self, state: SampledEvents, schema: Schema) -> pa.Table:
        named = InteractionColumns.of(schema)
        counts = np.sort(np.bincount(state.sequence.item))[::-1]
        counts = counts[counts > 0]
        if named is None or len(counts) < SHAPE_SAMPLE:
            return no_findings()
        unequal, whole = gini(counts), int(counts.sum())
        top = int(counts[: max(1, len(counts) // 100)].sum())
        half = int(np.searchsorted(np.cumsum(counts), whole / 2)) + 1
        first = float(counts[0] / whole)
        if unequal < TELLING and first < self.extreme_item:
            return no_findings()
        extreme = unequal >= self.extreme_gini or first >= self.extreme_item
        return self.found(
            1,
            column=named.item,
            confidence=0.6 if extreme else 0.3,
            message=f"half of all events fall on {half:,} of {len(counts):,} items, {top / whole:.0%} on the top "
            f"hundredth, {first:.1%} on one; Gini {unequal:.2f}",
        )


def gini(counts: np.ndarray) -> float:
    """0 where all have the same, towards 1 where one has everything.

    Parameters
    ----------
    counts : ndarray, shape (k,)
        Not negative, of any order.
    """
    rising = np.sort(np.asarray(counts, np.float64))
    size, whole = len(rising), float(rising.sum())
    return float(2 * (np.arange(1, size + 1) * rising).sum() / (size * whole) - (size + 1) / size) if whole else 0.0
