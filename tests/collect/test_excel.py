"""Workbooks."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from karat.collect.read import open_data
from karat.core.errors import OptionError


def test_workbooks(tmp_path: Path, columns: Any) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["a", "b", None], [1, 2.5, "x"], [dt.datetime(2020, 1, 1), None, "007"]):  # noqa: DTZ001
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert columns(tmp_path / "t.xlsx") == {"a": ["1", "2020-01-01"], "b": ["2.5", None], "column_2": ["x", "007"]}
    with pytest.raises(OptionError, match="sheet"):
        open_data(tmp_path / "t.xlsx", query="Shet")
