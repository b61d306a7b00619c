"""What the published text rules count in a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Role
from karat.core.unit import Annotation
from karat.kernels.text_columns import COLUMNS
from karat.quality.text_family import text_scores


@dataclass(frozen=True)
class TextStatistics(Annotation):
    """Counts of words, lines, paragraphs, letters by script, repetitions and sentence ends in each text.

    One pass over the bytes counts everything that the rules of Gopher, C4, FineWeb, RefinedWeb and the Chinese rules
    compare with their limits; a limit can then be moved without reading the texts again. A missing text counts as an
    empty one.

    Source: the statistics of Rae et al. (2021), arXiv 2112.11446, table A1, Raffel et al. (2020), JMLR 21/140, and
    Penedo et al. (2024), arXiv 2406.17557; stored beside the texts as in Soldaini et al. (2024), Dolma,
    arXiv 2402.00159.
    """

    columns: ClassVar[Mapping[str, pa.DataType]] = dict.fromkeys(COLUMNS, pa.int32())
    reads: ClassVar[frozenset[Role]] = frozenset({Role.TEXT})

    def annotate(self, batch: Block, column: str) -> Mapping[str, Any]:
        scores = text_scores(batch.text(column), workers=1)
        return dict(zip(scores.column_names, scores.columns, strict=True))
