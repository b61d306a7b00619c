"""A Lance data set keeps versions, what was said about them, names for them, and shares their chunks."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import BLOCK_RECORDS, ROW
from karat.core.errors import MachineError, OptionError
from karat.store.content import chunked
from karat.store.lance_files import Lance

TABLE = pa.table({"a.b": ["x", None, "z"], "": ["1", "2", "3"], "50%.x": ["", "p", None], "%": ["q", "r", "s"]})
ROWS = np.array([0, 7, BLOCK_RECORDS])


def written(lance: Lance, table: pa.Table = TABLE, rows: np.ndarray = ROWS, **about: Any) -> int:
    chunks = chunked(table, rows)
    return lance.write(table.schema, chunks, {"chunks": [chunk.digest for chunk in chunks], **about})


@pytest.fixture
def lance(tmp_path: Path) -> Lance:
    lance = Lance(tmp_path / "data.lance")
    written(lance, label="城 raw")
    return lance


def test_there_is_nothing_before_the_first_version(tmp_path: Path) -> None:
    lance = Lance(tmp_path / "none")
    assert lance.numbers() == []
    assert lance.tags() == {}


def test_a_version_reads_back_with_odd_names(lance: Lance) -> None:
    back = lance.open(1)
    assert back.drop_columns([ROW]).equals(TABLE)
    assert back[ROW].to_pylist() == ROWS.tolist()
    assert lance.about(1)["label"] == "城 raw"
    assert [number for number, _ in lance.numbers()] == [1]


def test_chunks_are_read_one_at_a_time(lance: Lance) -> None:
    assert [part[ROW].to_pylist() for part in lance.chunks(1)] == [[0, 7], [BLOCK_RECORDS]]
    assert next(lance.chunks(1)).column_names == [ROW, *TABLE.column_names]


def test_one_record_by_its_number(lance: Lance) -> None:
    assert lance.record(1, 7) == {"a.b": None, "": "2", "50%.x": "p", "%": "r"}
    assert lance.record(1, BLOCK_RECORDS) == {"a.b": "z", "": "3", "50%.x": None, "%": "s"}
    assert lance.record(1, 8) is None
    assert lance.record(1, BLOCK_RECORDS + 1) is None


def test_a_chunk_that_is_there_is_shared(lance: Lance) -> None:
    changed = TABLE.set_column(1, "", pa.array(["1", "2", "9"]))
    assert written(lance, changed) == 2
    first, second = lance.known_fragments(TABLE.schema), len(list((lance.path / "data").iterdir()))
    assert set(first) == {chunk.digest for table in (TABLE, changed) for chunk in chunked(table, ROWS)}
    assert second == 3  # two chunks, and the one that changed
    assert lance.known_fragments(TABLE.rename_columns(["a", "b", "c", "d"]).schema) == {}


def test_an_old_version_is_made_again_without_a_byte_written(lance: Lance) -> None:
    written(lance, TABLE.slice(0, 2), ROWS[:2])
    before = sorted((lance.path / "data").iterdir())
    assert lance.again(1, lance.about(1) | {"label": "restored"}) == 3
    assert lance.open(3).equals(lance.open(1))
    assert lance.about(3)["label"] == "restored"
    assert sorted((lance.path / "data").iterdir()) == before


def test_a_name_in_a_folder_with_chinese_letters_makes_no_other_folder(tmp_path: Path) -> None:
    lance = Lance(tmp_path / "评论 é" / "data.lance")
    written(lance)
    written(lance, rows=ROWS + 1)
    lance.point("head", 1)
    lance.point("head", 2)
    assert lance.tags() == {"head": 2}
    assert [path.name for path in tmp_path.iterdir()] == ["评论 é"]


def test_names_point_at_versions_and_can_be_moved(lance: Lance) -> None:
    written(lance, TABLE.slice(0, 1), ROWS[:1])
    lance.point("b", 1)
    lance.point("a", 2)
    lance.point("a", 2)
    assert list(lance.tags().items()) == [("a", 2), ("b", 1)]
    lance.point("a", 1)
    assert lance.tags()["a"] == 1


@pytest.mark.parametrize(("name", "good"), [("a" * 100, True), ("a" * 101, False), ("", False), ("-a", False)])
def test_what_a_name_may_be(lance: Lance, name: str, good: bool) -> None:
    if good:
        lance.point(name, 1)
        assert lance.tags() == {name: 1}
    else:
        with pytest.raises(OptionError, match="is not a name for a version"):
            lance.point(name, 1)


def test_a_folder_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(MachineError, match="a version could not be written to") as error:
        written(Lance(tmp_path / "file" / "data.lance"))
    assert error.value.do == "Free the disk or name another folder with --out"
