"""A native reader that breaks takes nobody with it."""

import os
import signal
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from karat.collect.apart import apart, survives
from karat.collect.limits import LimitError
from karat.collect.read import open_data
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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are copied on Linux alone")
@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_a_file_that_brings_its_reader_down_is_an_error_in_one_line(tmp_path, monkeypatch, suffix):
    path = tmp_path / f"t.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.table({"a": [1, 2, 3]}), path)
    else:
        feather.write_feather(pa.table({"a": [1, 2, 3]}), path, compression="uncompressed")
    assert open_data(path).schema.names == ["a"]
    monkeypatch.setattr(f"karat.collect.{suffix}._decoded", lambda _: os.kill(os.getpid(), signal.SIGSEGV))
    with pytest.raises(InputError, match=rf"t\.{suffix} is broken: its reader ends with SIGSEGV. Write the file anew"):
        open_data(path)


def test_a_reader_that_hangs_or_fails_in_words_is_left_to_who_reads_next(tmp_path, monkeypatch):
    (tmp_path / "t").touch()
    monkeypatch.setattr("karat.collect.apart.TRIED_SECONDS", 0.05)
    began = time.monotonic()
    survives(lambda _: time.sleep(60), tmp_path / "t")
    assert time.monotonic() - began < 20
    survives(lambda _: 1 / 0, tmp_path / "t")


def test_a_file_on_the_path_that_is_called_like_a_module_of_python_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "encodings.py").write_text("raise SystemExit(9)", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "t.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(InputError, match="not a complete workbook"):
        apart(SHEET, tmp_path / "t.xlsx", 500, sheet="")
