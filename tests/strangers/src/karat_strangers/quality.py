"""An annotation, a check that reads it, and a fix that follows the check."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import Dimension
from karat.core.patch import changes
from karat.core.unit import Annotation, Check, Fix
from karat_strangers import used

MARK = "QQQ"


@dataclass(frozen=True)
class MarksPerRecord(Annotation):
    """How many cells of each record hold the stranger's mark.

    Source: the stranger's taste.
    """

    columns: ClassVar[Mapping[str, pa.DataType]] = {"marks": pa.int32()}

    def annotate(self, batch: Block, column: str) -> Mapping[str, Any]:
        used(self.code(), batch.schema.kind)
        marks = np.zeros(len(batch), np.int32)
        for each in batch.schema:
            if each.type != "binary":
                held = pc.match_substring(batch.text(each.name), MARK)
                marks += np.asarray(pc.fill_null(held, fill_value=False)).astype(np.int32)
        return {"marks": marks}


@dataclass(frozen=True)
class Marked:
    """How many records were counted."""

    records: int

    def merge(self, other: "Marked") -> "Marked":
        return Marked(self.records + other.records)


@dataclass(frozen=True)
class MarkedRecords(Check):
    """Records that the stranger marked.

    Source: the stranger's taste.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    measure_name: ClassVar[str] = "share of marked records"
    unit: ClassVar[str] = "records"
    needs: ClassVar[frozenset[str]] = frozenset({"MarksPerRecord"})
    kinds: ClassVar[frozenset[str]] = frozenset({"table", "text", "chat", "image", "event"})

    def learn(self, block: Block) -> Marked:
        return Marked(len(block))

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        used(self.code(), block.schema.kind)
        at = np.flatnonzero(block.annotation("MarksPerRecord")["marks"].to_numpy() > 0)
        return self.found(len(at), row=block.rows[at], confidence=0.95, message="the stranger's mark stands in it")

    def total(self, state: Any, schema: Any) -> int:
        return int(state.records)


@dataclass(frozen=True)
class DropMarkedRecords(Fix):
    """Removes what the stranger marked.

    Source: the stranger's taste.
    """

    mends: ClassVar[frozenset[str]] = frozenset({"MarkedRecords"})
    family: ClassVar[str] = "marks"
    row_wise: ClassVar[bool] = False

    def propose(self, block: Block, found: pa.Table) -> pa.Table:
        used(self.code(), block.schema.kind)
        rows = found.filter(pc.equal(found["check"], "MarkedRecords"))["row"]
        return changes(len(rows), row=rows, action="drop", check="MarkedRecords", confidence=0.95)
