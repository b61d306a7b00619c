"""DropDocuments: one ledger row a document, the record whole, with measure, limit and keeper."""

import json

import numpy as np
import pyarrow as pa

from karat.clean.drop_documents import OPEN, REMOVED, DropDocuments
from karat.core.block import Block
from karat.core.finding import no_findings
from karat.core.patch import apply, undo
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.gopher_quality import GopherQuality


def test_documents_go_and_come_back_value_for_value():
    table = pa.table({"text": ["a", "b", None], "id": ["1", None, "3"]})
    removed = {"row": [6, 7], "check": ["X", "Y"], "measure": [0.5, None], "limit": [1.0, None], "keeper": [None, 5]}
    schema = Schema((Column("text", Role.TEXT), Column("id", Role.ID)), kind="text")
    block = Block(np.array([5, 6, 7]), table, schema, {REMOVED: pa.table(removed)})
    ledger = DropDocuments().propose(block, no_findings())
    assert ledger.select(list(removed)).to_pylist() == pa.table(removed).to_pylist()
    assert [json.loads(text) for text in ledger["before"].to_pylist()] == table.slice(1).to_pylist()
    left, rows = apply(table, block.rows, ledger)
    assert rows.tolist() == [5]
    back, rows = undo(left, rows, ledger)
    assert back.to_pylist() == table.to_pylist()
    assert rows.tolist() == [5, 6, 7]


def test_nothing_is_proposed_where_nothing_is_to_go():
    block = Block(np.array([0]), pa.table({"text": ["a"]}), Schema((Column("text", Role.TEXT),), kind="text"))
    assert DropDocuments().propose(block, no_findings()).num_rows == 0


def test_what_the_guard_stopped_is_proposed_without_the_record():
    found = GopherQuality().found(2, row=[5, 6], column="text", confidence=0.7, message="few words")
    schema = Schema((Column("text", Role.TEXT),), kind="text")
    block = Block(np.array([5, 6]), pa.table({"text": ["a", "b"]}), schema, {OPEN: {"GopherQuality": np.array([6])}})
    (proposal,) = DropDocuments().propose(block, found).to_pylist()
    assert (proposal["row"], proposal["action"], proposal["check"]) == (6, "drop", "GopherQuality")
    assert (proposal["confidence"], proposal["before"]) == (0.7, None)
