"""Files that grow, are replaced and become shorter."""

import os

import pytest

from karat.collect.streams.files import GrowingFiles
from karat.collect.streams.message import StreamLost
from karat.core.errors import InputError


def bodies(messages):
    return [m.body for m in messages]


def opened(path, places=None):
    stream = GrowingFiles(path, ["a"])
    stream.open(places or {}, ())
    return stream


def test_a_file_is_read_as_it_grows_and_goes_on_where_it_stopped(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_bytes(b'{"a":1}\n{"a":2}\n{"a"')
    stream = opened(path)
    first = stream.take(10, 0.0)
    assert bodies(first) == [b'{"a":1}', b'{"a":2}']
    with path.open("ab") as file:
        file.write(b':3}\n{"a":4}')
    assert bodies(stream.take(1, 0.0)) == [b'{"a":3}']
    stream.close()
    stream = opened(path, {"e.jsonl": first[-1].reached})
    assert bodies(stream.take(10, 0.0)) == [b'{"a":3}']
    assert bodies(stream.take(10, 0.0)) == [b'{"a":4}']  # nothing more came, and it is a whole object
    assert stream.take(10, 0.0) == []
    stream.close()


def test_a_file_that_was_replaced_is_read_to_its_end_and_then_the_new_one(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_bytes(b'{"a":1}\n')
    stream = opened(path)
    stream.take(10, 0.0)
    with path.open("ab") as file:
        file.write(b'{"a":2}\n')
    path.rename(tmp_path / "e.jsonl.1")
    path.write_bytes(b'{"a":3}\n')
    out = stream.take(10, 0.0) + stream.take(10, 0.1) + stream.take(10, 0.1)
    assert [(m.partition, m.body) for m in out] == [("e.jsonl", b'{"a":2}'), ("e.jsonl~2", b'{"a":3}')]
    assert stream.notes == ["e.jsonl is another file now: it is read from its beginning"]
    stream.close()


def test_a_file_that_became_shorter_is_read_from_its_beginning(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_bytes(b'{"a":1}\n{"a":2}\n')
    stream = opened(path)
    places = {m.partition: m.reached for m in stream.take(10, 0.0)}
    os.truncate(path, 0)
    path.write_bytes(b'{"a":9}\n')
    again = stream.take(10, 0.0)
    assert [(m.partition, m.offset, m.body) for m in again] == [("e.jsonl~2", "0", b'{"a":9}')]
    assert "became shorter" in stream.notes[0]
    stream.close()
    late = opened(path, places)  # it happened while nobody watched
    assert [m.partition for m in late.take(10, 0.0)] == ["e.jsonl~2"]
    late.close()
    path.write_bytes(b'{"a":7}\n{"a":8}\n{"a":9}\n')  # longer, and another one all the same
    late = opened(path, places)
    assert [m.offset for m in late.take(10, 0.0)] == ["0", "8", "16"]
    assert "is another file" in late.notes[0]
    late.close()


def test_files_of_a_folder_are_partitions_and_new_ones_are_seen(tmp_path):
    (tmp_path / "b.csv").write_bytes(b"a\n1\n2\n")
    (tmp_path / "c.parquet").write_bytes(b"PAR1")
    stream = opened(tmp_path)
    assert [(m.partition, m.cells) for m in stream.take(10, 0.0)] == [("b.csv", {"a": "1"}), ("b.csv", {"a": "2"})]
    assert "c.parquet is passed over" in stream.notes[0]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "d.jsonl").write_bytes(b"{}\n")
    assert [m.partition for m in stream.take(10, 0.0)] == ["sub/d.jsonl"]
    stream.close()


def test_a_file_of_another_kind_and_one_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(StreamLost, match="there is no file"):
        opened(tmp_path / "x.jsonl")
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="cannot be watched"):
        opened(tmp_path / "x.parquet")
