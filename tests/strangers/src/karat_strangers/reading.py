"""A source and a voter."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from karat.collect.reading import Reading
from karat.core.block import Block
from karat.core.unit import Source, Voter
from karat_strangers import used


@dataclass(frozen=True)
class BarFile(Source):
    """Files of the stranger's own: a name a column, then a record a line, bars between.

    Source: the stranger's taste.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".bars",)

    def read(self, path: Path) -> Reading:
        used(self.code(), path.stem)
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        names = tuple(head.split("|"))
        rows = [[cell or None for cell in line.split("|")] for line in lines]
        source = {"path": str(path), "bytes": path.stat().st_size, "records": len(rows)}
        batch = pa.record_batch([pa.array(list(column), pa.string()) for column in zip(*rows, strict=True)], names)
        return Reading(names, lambda: iter([batch]), sources=[source])


@dataclass(frozen=True)
class SaysGood(Voter):
    """Says that whatever holds the word is good.

    Source: the stranger's taste.
    """

    def vote(self, block: Block) -> pa.Table:
        used(self.code(), "votes")
        names = block.text("item").to_pylist()
        said = ["good" if "good" in (text or "") else "bad" for text in block.text("text").to_pylist()]
        return pa.table({"item": names, "voter": ["stranger"] * len(names), "label": said})
