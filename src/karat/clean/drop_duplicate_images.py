"""Drops pictures that show exactly what an earlier one shows."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import SURE
from karat.core.patch import changes, no_changes, record_text
from karat.core.unit import Fix
from karat.quality.consistency.duplicate_images import DuplicateImages
from karat.quality.pictures import PictureFigures, image_column


@dataclass(frozen=True)
class DropDuplicateImages(Fix):
    """Proposes to drop a picture that repeats an earlier one to the last pixel, under the same label.

    It needs review or a proof: the ledger keeps a dropped record as text, and a picture is no text. Copies under
    another label are left to whoever knows which label is right.

    Source: Barz & Denzler (2020), Do we train on test data?
    """

    mends: ClassVar[frozenset[str]] = frozenset({DuplicateImages.code()})
    safe: ClassVar[bool] = False
    family: ClassVar[str] = "duplicate pictures"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, findings: pa.Table) -> pa.Table:
        mine = findings.filter(
            pc.and_(pc.equal(findings["check"], DuplicateImages.code()), pc.greater(findings["confidence"], SURE))
        )
        if not mine.num_rows or not image_column(block.schema):
            return no_changes()
        here = PictureFigures.of(block)
        at = np.searchsorted(block.rows, mine["row"].to_numpy())
        _, first, back = np.unique(here.hashes, return_index=True, return_inverse=True)
        keeper = first[back[at]]
        labels = here.labels.to_pylist()
        good = np.array([k < a and labels[k] == labels[a] for k, a in zip(keeper, at, strict=True)], bool)
        if not good.any():
            return no_changes()
        texts = block.table.drop_columns([c.name for c in block.schema if c.type == "binary"])
        return changes(
            int(good.sum()),
            row=block.rows[at[good]],
            action="drop",
            before=record_text(texts, at[good]),
            check=DuplicateImages.code(),
            confidence=mine["confidence"].to_numpy()[good],
            keeper=block.rows[keeper[good]],
        )
