"""Workbooks."""

import datetime as dt
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from karat.collect.assumed import ReadingOptions
from karat.collect.limits import LimitError
from karat.collect.read import open_data
from karat.core.errors import InputError, OptionError


def test_workbooks(tmp_path: Path, columns: Any) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["a", "b", None], [1, 2.5, "x"], [dt.datetime(2020, 1, 1), None, "007"]):  # noqa: DTZ001
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert columns(tmp_path / "t.xlsx") == {"a": ["1", "2020-01-01"], "b": ["2.5", None], "column_2": ["x", "007"]}
    with pytest.raises(OptionError, match="sheet"):
        open_data(tmp_path / "t.xlsx", query="Shet")


def test_merged_headers_are_joined_titles_left_out_and_other_sheets_told(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sales"
    sheet.append(["Sales of the year", None, None, None, None])
    sheet.append([None, 2023, None, 2024, None])
    sheet.append(["Region", "Sales", "Profit", "Sales", "Profit"])
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:E2")
    for at in range(5):
        sheet.append([f"R{at}", at * 7, at * 3, at * 8, at * 2])
    book.create_sheet("Notes").append(["x"])
    book.save(tmp_path / "t.xlsx")
    reading = open_data(tmp_path / "t.xlsx")
    assert reading.names == ("Region", "2023 Sales", "2023 Profit", "2024 Sales", "2024 Profit")
    assert sum(batch.num_rows for batch in reading.batches()) == 5
    assert [(entry["line"], entry["raw"][:17]) for entry in reading.quarantine] == [(1, b"Sales of the year")]
    assert [entry.words for entry in reading.assumed] == ["sheet 'Sales' (not read: 'Notes')", "header in lines 2-3"]
    with pytest.raises(InputError, match="line 40"):
        open_data(tmp_path / "t.xlsx", options=ReadingOptions(header_row="40"))
    with pytest.raises(InputError, match="header and nothing below"):
        open_data(tmp_path / "t.xlsx", options=ReadingOptions(sheet="Notes"))


@pytest.mark.parametrize("cell", ["XFD1048576", "ZZ400000"])
def test_a_cell_far_out_takes_neither_memory_nor_the_process(tmp_path: Path, cell: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active["A1"], book.active[cell] = "a", 1
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(LimitError, match="max_memory_mb"):
        open_data(tmp_path / "t.xlsx")
    book.active[cell], book.active["B3000"] = None, 1
    del book.active._cells[openpyxl.utils.cell.coordinate_to_tuple(cell)]
    book.save(tmp_path / "t.xlsx")
    assert open_data(tmp_path / "t.xlsx").names[0] == "a"


def test_a_sheet_that_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["a"], [1]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    with ZipFile(tmp_path / "t.xlsx", "a", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet2.xml", b" " * 4_000_000)
    assert open_data(tmp_path / "t.xlsx").names == ("a",)  # too little to do harm
    monkeypatch.setattr("karat.collect.excel.RATIO_FROM", 1 << 20)
    with pytest.raises(
        LimitError, match=r"unpacks to more than 100 times its size. If you trust the file, set max_ratio"
    ):
        open_data(tmp_path / "t.xlsx")
