"""Texts far longer than the rest of their column."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.counts import ColumnCounts
from karat.core.degrees import RARELY, SHAPE_SAMPLE
from karat.core.finding import Dimension
from karat.quality.by_text import ByText
from karat.quality.by_value import Rule, ValueVerdict
from karat.quality.distinct import Distinct


@dataclass(frozen=True)
class OutlyingTextLengths(ByText):
    """Texts that empty space cuts off from the lengths of all others: records glued together, a log, a whole page.

    A quotation mark that was never closed swallows the records behind it, a wrong field swallows the document. Such a
    text outweighs hundreds of others wherever characters are counted. Lengths are compared by their logarithm, and
    only what lies beyond a gap that the column has nowhere else is told; short texts are not, a word can be an answer.

    Parameters
    ----------
    gap : float
        How many times longer than the next shorter text, > 1.
    far : float
        How many spreads (quartile to median, in logarithms) above the median at least.

    Source: Tukey (1977) for fences by quartiles; ISO/IEC 5259-2, risk of data set inaccuracy.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "risk of data set inaccuracy of texts"

    gap: float = 2.0
    far: float = 4.0

    def text_rule(self, counts: ColumnCounts) -> Rule | None:
        """The longest length that is not cut off."""
        sizes = np.asarray(pc.utf8_length(counts.texts)).astype(np.int64)
        if len(sizes) < SHAPE_SAMPLE:
            return None
        logs = np.log1p(np.sort(sizes))
        median, upper = np.quantile(logs, [0.5, 0.75])
        fence = median + self.far * max(upper - median, 0.1)
        first = max(int(np.searchsorted(logs, fence)), int((1 - RARELY) * len(logs)), 1)
        steps = np.diff(logs)[first - 1 :]
        apart = np.flatnonzero(steps >= np.log(self.gap))
        if not len(apart):
            return None
        limit = round(float(np.expm1(logs[first - 1 + apart[0]])))
        return partial(_beyond, limit=limit, median=round(float(np.expm1(median))), fence=float(np.expm1(fence)))


def _beyond(seen: Distinct, limit: int, median: int, fence: float) -> Iterator[ValueVerdict]:
    sizes = np.asarray(pc.utf8_length(pa.array(seen.array)))
    for at in np.flatnonzero(sizes > limit).tolist():
        size = int(sizes[at])
        sure = min(0.8, 0.4 + 0.15 * float(np.log(size / max(limit, 1)))) if size > fence else 0.3
        yield ValueVerdict(
            at,
            round(sure, 4),
            f"{size:,} characters; all but the texts cut off with it have at most {limit:,}, half at most {median:,}",
        )
