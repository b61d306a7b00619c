"""``karat.read`` gives the records in their types, and says how they were read."""

import pandas as pd
import pyarrow as pa
import pytest

import karat


@pytest.fixture
def place(tmp_path):
    content = "Отчёт\nимя;сумма\n" + "".join(f"Иван{at};{at},5\n" for at in range(30))
    (tmp_path / "x.csv").write_bytes(content.encode("cp1251"))
    return tmp_path / "x.csv"


def test_a_file_is_read_as_every_command_reads_it(place):
    read = karat.read(place)
    assert isinstance(read, karat.Read)
    assert read.data.schema == pa.schema([("имя", pa.string()), ("сумма", pa.float64())])
    assert read.data["сумма"].to_pylist()[:2] == [0.5, 1.5]
    assert {name: entry["value"] for name, entry in read.assumed.items()} == {
        "encoding": "cp1251",
        "delimiter": ";",
        "header_row": "2",
        "decimal": ",",
    }
    assert [column["name"] for column in read.columns] == ["имя", "сумма"]
    assert read.notes == ["1 line set aside, not read as records: line 1: above the header"]
    assert repr(read).startswith("x.csv: 30 records, 2 columns")


def test_options_set_how_it_is_read_and_a_frame_stays_a_frame(place):
    assert karat.read(place, header_row="0").columns[0]["name"] == "column_0"
    frame = karat.read(pd.DataFrame({"a": ["1", "2"], "b": ["x", "y"]})).data
    assert list(frame.columns) == ["a", "b"]
    with pytest.raises(karat.OptionError, match="Did you mean 'decimal'"):
        karat.read(place, decimals=".")
