"""A stranger's check: one file, one class."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.unit import Check


@dataclass(frozen=True)
class ShoutedText(Check):
    """Texts written all in capitals.

    Shouting hides case, which models read as meaning. Source: the author's taste.

    Parameters
    ----------
    min_letters : int
        Shorter texts may be abbreviations.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data format consistency"

    min_letters: int = 12

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if schema.with_role(Role.TEXT) else DoesNotApply("no text column")

    def learn(self, block: Block) -> ValueCounts:
        return ValueCounts.of(block)

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        parts = []
        for column in block.schema.with_role(Role.TEXT):
            text = block.text(column.name)
            shouted = pc.and_(pc.utf8_is_upper(text), pc.greater_equal(pc.utf8_length(text), self.min_letters))
            at = np.flatnonzero(pc.fill_null(shouted, False).to_numpy(zero_copy_only=False))
            parts.append(
                self.found(
                    len(at),
                    row=block.rows[at],
                    column=column.name,
                    value=text.take(pa.array(at)),
                    confidence=0.6,
                    message="all its letters are capitals",
                )
            )
        return pa.concat_tables(parts)
