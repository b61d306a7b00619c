import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow import dataset
from karat.flow.dataset import Dataset

SCHEMA = Schema((Column("a", Role.CATEGORY),))


@pytest.fixture
def five_blocks(monkeypatch):
    monkeypatch.setattr(dataset, "BLOCK_RECORDS", 4)
    values = [str(i) for i in range(18)]
    return Dataset(
        SCHEMA, table=pa.table({"a": values}), rows=np.arange(18) * 2, extra={"p": np.arange(18.0), "now": 3}
    )


def test_blocks_cover_all_records_once_with_their_extras(five_blocks):
    blocks = list(five_blocks.blocks())
    assert [len(block) for block in blocks] == [4, 4, 4, 4, 2]
    assert np.concatenate([block.rows for block in blocks]).tolist() == list(range(0, 36, 2))
    assert np.concatenate([block.extra["p"] for block in blocks]).tolist() == list(range(18))
    assert {block.extra["now"] for block in blocks} == {3}


def test_records_come_by_number_in_the_order_asked_for(five_blocks):
    assert five_blocks.records(np.array([34, 0, 16, 0, 8])).column("a").to_pylist() == ["17", "0", "8", "0", "4"]


def test_short_blocks_on_disk_keep_their_extras(tmp_path):
    names = pa.schema([("_row", pa.int64()), ("a", pa.string())])
    with pa.ipc.new_file(str(tmp_path / "x.arrow"), names) as writer:
        for rows in ([0, 1], [2], [3, 4, 5]):
            writer.write_batch(pa.record_batch([pa.array(rows), pa.array([str(row) for row in rows])], schema=names))
    data = Dataset(SCHEMA, path=tmp_path / "x.arrow", extra={"p": np.arange(6) * 10})
    assert len(data) == 6
    assert [block.extra["p"].tolist() for block in data.blocks()] == [[0, 10], [20], [30, 40, 50]]
    assert data.whole().rows.tolist() == list(range(6))


def test_what_records_say_is_hashed_once_for_the_whole(five_blocks):
    first = [Block(b.rows, b.table, b.schema).content for b in five_blocks.blocks()]
    assert sorted(five_blocks.keys.tolist()) == sorted(np.concatenate(first).tolist())
    later = [block.memo("content", lambda: pytest.fail("hashed again")) for block in five_blocks.blocks()]
    assert all(np.array_equal(mine, theirs) for mine, theirs in zip(later, first, strict=True))
