"""What a source hands over: names that differ, a schema, entries of the quarantine."""

import pyarrow as pa
import pytest

from karat.collect.reading import Reading, named, quarantined
from karat.core.errors import InputError


def test_cells_without_a_name_are_numbered() -> None:
    assert named(["a", None, " ", "", "城市"], "x.csv") == ("a", "column_1", "column_2", "column_3", "城市")
    assert named([], "x.csv") == ()


def test_two_columns_of_one_name_are_refused_with_both_places() -> None:
    with pytest.raises(InputError, match=r"x\.csv has two columns named 'a': columns 2 and 4") as error:
        named(["b", "a", "c", "a"], "x.csv")
    assert error.value.do == "Rename one of them"
    with pytest.raises(InputError, match="columns 1 and 2"):
        named(["column_1", None], "x.csv")


def test_pictures_are_bytes_and_all_else_is_text() -> None:
    batch = pa.record_batch({"n": ["1"], "p": pa.array([b"x"]), "t": ["a"]})
    reading = Reading(("n", "p", "t"), lambda: iter([batch]), {"n": "int64", "p": "binary"})
    assert reading.schema == pa.schema([("n", pa.string()), ("p", pa.binary()), ("t", pa.string())])
    assert list(reading.batches()) == [batch]


def test_an_entry_of_the_quarantine_keeps_its_bytes_and_their_number() -> None:
    entry = quarantined("x.csv", "a NUL byte", b"1,\xff", 3, 40)
    assert entry == {
        "source": "x.csv",
        "line": 3,
        "offset": 40,
        "length": 3,
        "row": None,
        "error": "a NUL byte",
        "raw": b"1,\xff",
    }
    assert quarantined("x.parquet", "broken", b"")["line"] is None


def test_the_first_records_alone_leave_the_rest_unread() -> None:
    asked = []

    def pull():
        for start in (0, 3, 6):
            asked.append(start)
            yield pa.record_batch({"n": [str(start + at) for at in range(3)]})

    reading = Reading(("n",), pull).first(4)
    assert pa.Table.from_batches(list(reading.batches()))["n"].to_pylist() == ["0", "1", "2", "3"]
    assert asked == [0, 3]
