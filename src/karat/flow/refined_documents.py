"""The documents of a part as the ledger leaves them: edits and cuts made, and what people wrote set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.block import Block
from karat.core.patch import LEDGER, apply
from karat.core.schema import Schema
from karat.flow import repeated_passages
from karat.flow.grouped_parquet import GroupedParquet
from karat.flow.part_store import Parts
from karat.flow.repeated_passages import Cuts
from karat.flow.typed import typed, typed_empty

APPLIED = ("row", "column", "action", "after")  # of the ledger, what has to be known to do again what it says


@dataclass(frozen=True)
class RefinedDocuments:
    """The refined documents of a corpus, part by part.

    Parameters
    ----------
    text : str
        The column that holds the documents.
    cuts : Cuts
        What is cut because an earlier document says it.
    """

    parts: Parts
    schema: Schema
    text: str
    cuts: Cuts

    def part(self, at: int, place: Path) -> tuple[Block, pa.Table, np.ndarray]:
        """A part as it came and as refined, by the ledger that ``place`` holds; and (n,) bool which documents stay."""
        first, end = self._span(at)
        within = [("row", ">=", first), ("row", "<", end)]
        ledger = pq.read_table(place / "ledger.parquet", columns=list(APPLIED), filters=within)
        block = Block(np.arange(first, end), self.parts.records(at), self.schema)
        return block, self.refined(at, block, ledger), ~np.isin(block.rows, removed_by(ledger))

    def refined(self, at: int, block: Block, ledger: pa.Table) -> pa.Table:
        """All documents of a part with the edits that its ledger holds; those that are removed too."""
        raw = block.table.column(self.text).combine_chunks()
        cuts = self.cuts.within(*self._span(at))
        texts, _ = repeated_passages.cut_out(pc.coalesce(self.parts.mended(at), raw), cuts, self.text)
        edited = np.union1d(self.parts.edits(at)["row"].to_numpy(), cuts["row"].to_numpy()) + self._span(at)[0]
        done = ledger.filter(pc.equal(ledger["action"], "edit"))["row"].to_numpy()
        as_came = pa.array(np.isin(block.rows, np.setdiff1d(edited, done)))
        texts = pc.if_else(as_came, raw, texts)
        table = block.table.set_column(block.table.schema.get_field_index(self.text), self.text, texts)
        return apply(table, block.rows, ledger.filter(pc.equal(ledger["action"], "set")))[0]

    def edits(self, at: int) -> pa.Table:
        """Ledger rows of all edits of a part."""
        first, end = self._span(at)
        edits, cuts = self.parts.edits(at), self.cuts.within(first, end)
        if cuts.num_rows:
            edits = pa.concat_tables(
                [edits, repeated_passages.cut_out(self.parts.texts(at, self.text), cuts, self.text)[1]]
            )
        return edits.set_column(0, "row", pc.add(edits["row"], first)).cast(LEDGER)

    @contextmanager
    def written(self, place: Path) -> Iterator[Callable[[int, Block, pa.Table], int]]:
        """Writes ``data.parquet``: called with a part, its block and its ledger, it says how many documents stay."""
        with GroupedParquet(place / "data.parquet", typed_empty(self.schema), self.text) as data:

            def put(at: int, block: Block, ledger: pa.Table) -> int:
                kept = ~np.isin(block.rows, removed_by(ledger))
                table = self.refined(at, block, ledger).filter(pa.array(kept))
                data.write(typed(table, block.rows[kept], self.schema))
                return int(kept.sum())

            yield put

    def _span(self, at: int) -> tuple[int, int]:
        return int(self.parts.first_rows[at]), int(self.parts.first_rows[at + 1])


def removed_by(ledger: pa.Table) -> np.ndarray:
    """Numbers of the records that a ledger removes."""
    rows: np.ndarray = ledger.filter(pc.equal(ledger["action"], "drop"))["row"].to_numpy()
    return rows
