"""Versions written chunk by chunk."""

import numpy as np
import pyarrow as pa
import pytest

from karat.store.append import Growing, stream
from karat.store.versions import Store

TEXTS = pa.schema([("text", pa.string()), ("url.host", pa.string())])


def chunk(first, texts):
    rows = pa.array(np.arange(first, first + len(texts)), pa.int64())
    return pa.table(
        {"_row": rows, "text": pa.array(texts, pa.string()), "url.host": pa.array([None] * len(texts), pa.string())}
    )


def grown(store, chunks, label="raw", parent=None):
    made = Growing(store, TEXTS)
    for one in chunks:
        made.add(one)
    return made.finish(parent=parent, label=label, meta={})


def test_a_version_in_chunks_is_read_back_in_chunks_and_whole(tmp_path):
    store = Store(tmp_path / "store")
    chunks = [chunk(0, ["一", "b"]), chunk(2, []), chunk(7, ["c", None])]
    number = grown(store, chunks)
    back = list(stream(store, number))
    assert [part.num_rows for part in back] == [2, 2]
    assert pa.concat_tables(back).equals(pa.concat_tables(chunks).cast(back[0].schema))
    table, rows = store.read(number)
    assert rows.tolist() == [0, 1, 7, 8]
    assert table["text"].to_pylist() == ["一", "b", "c", None]


def test_the_same_content_is_the_same_version_and_chunks_are_shared(tmp_path):
    store = Store(tmp_path / "store")
    raw = grown(store, [chunk(0, ["a"]), chunk(1, ["b"])])
    assert grown(store, [chunk(0, ["a"]), chunk(1, ["b"])]) == raw
    files = set((tmp_path / "store" / "data").iterdir())
    refined = grown(store, [chunk(0, ["a"])], "refined", raw)
    assert refined != raw
    assert set((tmp_path / "store" / "data").iterdir()) == files


def test_restoring_reads_nothing_and_gives_every_value_back(tmp_path):
    store = Store(tmp_path / "store")
    raw = grown(store, [chunk(0, ["a", "b"]), chunk(2, ["c"])])
    grown(store, [chunk(0, ["A"])], "refined", raw)
    number = store.restore(raw)
    assert store.read()[0].equals(store.read(raw)[0])
    assert [held.label for held in store.log()] == ["raw", "refined", "restored-1"]
    assert store.head() == number


def test_rows_that_do_not_rise_are_refused(tmp_path):
    from karat.core.errors import InputError

    made = Growing(Store(tmp_path / "store"), TEXTS)
    odd = chunk(0, ["a", "b"])
    with pytest.raises(InputError, match="rising"):
        made.add(odd.take(pa.array([1, 0])))
