"""Documents as the ledger leaves them: edits that stand in it are made, others are not; records go; cells are set."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.core.block import Block
from karat.core.patch import changes, no_changes
from karat.core.schema import Column, Role, Schema
from karat.flow.refined_documents import RefinedDocuments, removed_by
from karat.flow.repeated_passages import CUTS, Cuts

SCHEMA = Schema((Column("text", Role.TEXT),), kind="text")


def cuts(*spans: tuple[int, int, int]) -> Cuts:
    rows = [
        {"row": row, "span_start": start, "span_end": end, "check": "RepeatedLines", "measure": 3.0, "limit": 2.0}
        | {"keeper": 0}
        for row, start, end in spans
    ]
    return Cuts(pa.Table.from_pylist(rows, schema=CUTS))


@pytest.fixture
def documents(parts_of) -> RefinedDocuments:
    _, parts = parts_of(["plain", "caf\u00c3\u00a9"], ["foot text", "last"], sign=False)
    return RefinedDocuments(parts, SCHEMA, "text", cuts((2, 0, 5)))


def test_all_edits_of_a_part_are_counted_over_the_corpus(documents: RefinedDocuments) -> None:
    first, second = documents.edits(0), documents.edits(1)
    assert set(first["row"].to_pylist()) == {1}
    assert [(entry["row"], entry["before"], entry["after"]) for entry in second.to_pylist()] == [(2, "foot ", "")]


def block(documents: RefinedDocuments, at: int) -> Block:
    rows = np.arange(documents.parts.first_rows[at], documents.parts.first_rows[at + 1])
    return Block(rows, documents.parts.records(at), SCHEMA)


def refined(documents: RefinedDocuments, at: int, ledger: pa.Table) -> list[str]:
    return documents.refined(at, block(documents, at), ledger)["text"].to_pylist()


def test_only_edits_that_the_ledger_holds_are_made(documents: RefinedDocuments) -> None:
    assert refined(documents, 0, documents.edits(0)) == ["plain", "café"]
    assert refined(documents, 0, no_changes()) == ["plain", "caf\u00c3\u00a9"]
    assert refined(documents, 1, documents.edits(1)) == ["text", "last"]
    assert refined(documents, 1, no_changes()) == ["foot text", "last"]


def test_what_a_person_wrote_is_set_over_it(documents: RefinedDocuments) -> None:
    word = changes(1, row=[1], column="text", action="set", before="x", after="tea", check="answers", who="anna")
    assert refined(documents, 0, pa.concat_tables([documents.edits(0), word])) == ["plain", "tea"]


def test_a_part_is_read_with_its_own_rows_of_the_ledger(documents: RefinedDocuments, tmp_path) -> None:
    ledger = pa.concat_tables([documents.edits(0), documents.edits(1), changes(1, row=[3], action="drop", check="C")])
    pq.write_table(ledger, tmp_path / "ledger.parquet")
    raw, table, kept = documents.part(1, tmp_path)
    assert raw.rows.tolist() == [2, 3]
    assert raw.table["text"].to_pylist() == ["foot text", "last"]
    assert table["text"].to_pylist() == ["text", "last"]
    assert kept.tolist() == [True, False]


def test_what_stays_is_written_with_its_numbers(documents: RefinedDocuments, tmp_path) -> None:
    with documents.written(tmp_path) as put:
        assert put(0, block(documents, 0), documents.edits(0)) == 2
        assert put(1, block(documents, 1), changes(1, row=[2], action="drop", check="C")) == 1
    table = pq.read_table(tmp_path / "data.parquet")
    assert table["_row"].to_pylist() == [0, 1, 3]
    assert table["text"].to_pylist() == ["plain", "café", "last"]


def test_removed_records() -> None:
    ledger = changes(3, row=[1, 2, 3], action=["drop", "edit", "drop"], check="C")
    assert removed_by(ledger).tolist() == [1, 3]
