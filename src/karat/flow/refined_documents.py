"""The documents of a part as they are written: edits and cuts made, and what people wrote set."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.patch import LEDGER, apply, no_changes
from karat.core.schema import Schema
from karat.flow import repeated_passages
from karat.flow.document_answers import People
from karat.flow.part_store import Parts
from karat.flow.repeated_passages import Cuts


@dataclass(frozen=True)
class Part:
    """One part.

    Parameters
    ----------
    block : Block
        The documents as they came.
    table : pyarrow.Table
        The same documents as refined, those that are dropped too.
    edits, own : pyarrow.Table
        Ledger rows: edits of Karat, and what people wrote.
    """

    block: Block
    table: pa.Table
    edits: pa.Table
    own: pa.Table


@dataclass(frozen=True)
class Refined:
    """The refined documents of a corpus, part by part.

    Parameters
    ----------
    parts : Parts
    schema : Schema
    text : str
        The column that holds the documents.
    cuts : Cuts
        What is cut because an earlier document says it.
    people : People
    """

    parts: Parts
    schema: Schema
    text: str
    cuts: Cuts
    people: People

    def part(self, at: int) -> Part:
        """One part; nothing of it depends on the others."""
        docs, mended = self.parts.documents_of(at)
        first, end = int(self.parts.first_rows[at]), int(self.parts.first_rows[at + 1])
        block = Block(np.arange(first, end), docs, self.schema)
        raw = docs.column(self.text).combine_chunks()
        texts, cut = repeated_passages.made(pc.coalesce(mended, raw), self.cuts.within(first, end), self.text)
        edits = pa.concat_tables([self.parts.edits(at), cut])
        edits = edits.set_column(0, "row", pc.add(edits["row"], first)).cast(LEDGER)
        own = no_changes()
        if self.people:
            before = edits
            own, _, edits, _ = self.people.taken_in(block, no_changes(), edits)
            as_came = np.setdiff1d(before["row"].to_numpy(), edits["row"].to_numpy())
            texts = pc.if_else(pa.array(np.isin(block.rows, as_came)), raw, texts)
        table = docs.set_column(docs.schema.get_field_index(self.text), self.text, texts)
        written = own.filter(pc.equal(own["action"], "set"))
        return Part(block, apply(table, block.rows, written)[0], edits, own)
