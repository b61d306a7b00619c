"""A native reader that breaks takes nobody with it."""

from pathlib import Path

import pytest

from karat.collect.apart import apart
from karat.collect.limits import LimitError
from karat.core.errors import InputError, OptionError

SHEET = "karat.collect.sheet:sheet_table"


def test_what_the_reader_says_is_raised_here(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(InputError, match="not a complete workbook"):
        apart(SHEET, tmp_path / "t.xlsx", 500, sheet="")


def test_the_table_comes_over_whole_and_other_sheets_are_named(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["名", None, 2.5])
    book.save(tmp_path / "t.xlsx")
    table = apart(SHEET, tmp_path / "t.xlsx", 500, sheet="")
    assert [column.to_pylist() for column in table.columns] == [["名"], [None], ["2.5"]]
    with pytest.raises(OptionError, match="'Sheeet' not found"):
        apart(SHEET, tmp_path / "t.xlsx", 500, sheet="Sheeet")


def test_a_reader_that_dies_is_an_error_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="set max_memory_mb higher"):
        apart("os:abort", tmp_path / "t.xlsx", 500)
