"""One sheet of a workbook as text."""

import json
from pathlib import Path

import pytest

from karat.collect import sheet
from karat.collect.sheet import sheet_table
from karat.core.errors import InputError, OptionError

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("python_calamine")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    workbook = openpyxl.Workbook()
    workbook.active.title = "empty"
    people = workbook.create_sheet("people")
    for place, cell in (("A3", "age"), ("B3", "城市"), ("A4", 30), ("B4", "北京"), ("A5", 2.5), ("A6", True)):
        people[place] = cell
    workbook.create_sheet("other")["A1"] = "x"
    workbook.save(tmp_path / "b.xlsx")
    return tmp_path / "b.xlsx"


def test_the_first_sheet_that_holds_anything_is_taken(book: Path) -> None:
    table = sheet_table(book, "")
    assert json.loads(table.schema.metadata[b"sheet"]) == ["people", ["empty", "other"], 2]
    assert [list(row.values()) for row in table.to_pylist()] == [
        ["age", "城市"],
        ["30", "北京"],
        ["2.5", None],
        ["true", None],
    ]
    assert table.column_names == ["0", "1"]


def test_a_sheet_may_be_named(book: Path) -> None:
    table = sheet_table(book, "other")
    assert table.to_pylist() == [{"0": "x"}]
    assert json.loads(table.schema.metadata[b"sheet"]) == ["other", ["empty", "people"], 0]
    assert sheet_table(book, "empty").num_rows == 0
    with pytest.raises(OptionError, match="sheet 'peopel' not found"):
        sheet_table(book, "peopel")


def test_rows_come_in_batches_that_change_nothing(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sheet_table(book, "people")
    monkeypatch.setattr(sheet, "BATCH_ROWS", 3)
    parts = sheet_table(book, "people")
    assert parts.column(0).num_chunks == 2
    assert parts.equals(whole)


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(InputError, match="is not a complete workbook"):
        sheet_table(tmp_path / "b.xlsx", "")
