"""A part is read, measured and signed once; what is there already stays."""

import pytest

from karat.flow.part_reading import PartReader
from karat.flow.part_store import Parts


@pytest.fixture
def read(parts_of):
    return parts_of(["one text", "caf\u00c3\u00a9"], ["", "three"], sign=False)


def test_documents_stand_as_they_came_and_as_mended(read) -> None:
    plan, parts = read
    assert plan.text == "text"
    assert parts.sizes == [2, 2]
    assert parts.first_rows.tolist() == [0, 2, 4]
    assert parts.records(0)["text"].to_pylist() == ["one text", "caf\u00c3\u00a9"]
    assert parts.mended(0).to_pylist() == [None, "café"]
    assert parts.texts(0, "text").to_pylist() == ["one text", "café"]
    assert parts.facts(0)["characters"].to_pylist() == [8, 4]
    assert parts.facts(1)["characters"].to_pylist()[0] == 0
    assert parts.edits(0)["row"].to_pylist() == [1]


def test_an_order_is_carried_out_once(read) -> None:
    plan, parts = read
    before = {path: path.stat().st_mtime_ns for place in parts.places for path in place.iterdir()}
    reader = PartReader(parts.part_store, plan)
    reader.do({"read": 0})
    assert {path: path.stat().st_mtime_ns for place in parts.places for path in place.iterdir()} == before
    assert Parts.of(parts.part_store, len(plan.pieces)).places == parts.places


def test_documents_are_signed_as_they_are_asked_for(read) -> None:
    import pyarrow.parquet as pq

    plan, parts = read
    reader = PartReader(parts.part_store, plan)
    path = parts.places[0] / "signatures.parquet"
    reader.do({"sign": parts.places[0].name, "rows": [1]})
    first = pq.read_table(path)
    assert first["row"].to_pylist() == [1]
    reader.do({"sign": parts.places[0].name, "rows": [0, 1]})
    both = pq.read_table(path)
    assert both["row"].to_pylist() == [0, 1]
    assert both.slice(1).equals(first)


def test_what_cannot_be_read_is_set_aside_without_personal_data(parts_of, tmp_path) -> None:
    place = tmp_path / "texts"
    place.mkdir()
    (place / "9.jsonl").write_text('{"text": "good"}\n{"text": wei@example.org\n', encoding="utf-8")
    _, parts = parts_of(sign=False)
    (quarantine,) = parts.quarantine()
    assert quarantine.num_rows == 1
    assert b"wei@example.org" not in quarantine["raw"][0].as_py()
    assert parts.documents == 1
