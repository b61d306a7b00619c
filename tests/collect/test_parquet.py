"""Parquet files."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

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
