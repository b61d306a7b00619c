"""Parquet files."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from karat.collect.limits import LimitError
from karat.collect.parquet import first_records, group_survives
from karat.collect.read import open_data
from karat.core.errors import InputError


def test_a_parquet_file_gives_the_text_of_its_types(
    tmp_path: Path, typed: pa.Table, types: dict[str, str], as_text: Any, columns: Any, half_refused: Any
) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(typed, path)
    assert open_data(path).types == types
    assert columns(path) == as_text
    assert half_refused(path)


def test_a_text_that_is_no_utf8_is_refused_in_words(tmp_path: Path) -> None:
    bad = pa.array([b"fine", b"b\xe9d"]).view(pa.string())
    pq.write_table(pa.table({"a": bad}), tmp_path / "t.parquet")
    with pytest.raises(InputError, match=r"not a complete Parquet file.*UTF8"):
        list(open_data(tmp_path / "t.parquet").batches())


def test_equal_texts_that_take_no_room_in_the_file_are_refused_beyond_the_ratio(tmp_path, monkeypatch) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": ["a text of a hundred letters" * 4] * 200_000}), path)
    assert sum(batch.num_rows for batch in open_data(path).batches()) == 200_000
    monkeypatch.setattr("karat.collect.limits.COLUMNS_RATIO_FROM", 1 << 20)
    with pytest.raises(
        LimitError, match=r"unpacks to more than 100 times its size. If you trust the file, set max_ratio"
    ):
        list(open_data(path).batches())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are copied on Linux alone")
def test_a_page_that_unpacks_to_too_much_is_refused_before_it_is_here(tmp_path, monkeypatch) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": ["x" * 300_000_000]}), path, compression="zstd", use_dictionary=False)
    monkeypatch.setattr("karat.collect.limits.AT_ONCE_FROM", 1 << 24)
    for read in (open_data, lambda path: first_records(path, 9), lambda path: group_survives(path, 0)):
        with pytest.raises(LimitError, match="unpacks to more than 100 times its size"):
            read(path)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are copied on Linux alone")
def test_the_beginning_and_a_row_group_bring_nobody_down(tmp_path, monkeypatch) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": range(9)}), path)
    first = first_records(path, 3)
    assert first is not None
    assert first.to_pydict() == {"a": [0, 1, 2]}
    group_survives(path, 0)
    here, whole = os.getpid(), pq.ParquetFile.iter_batches

    def dies(file: Any, *arguments: Any, **options: Any) -> Any:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGSEGV)
        return whole(file, *arguments, **options)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", dies)
    for read in (lambda path: first_records(path, 3), lambda path: group_survives(path, 0)):
        with pytest.raises(InputError, match="is broken: its reader ends with SIGSEGV"):
            read(path)
