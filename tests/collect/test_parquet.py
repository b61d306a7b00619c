"""Parquet files."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from karat.collect.read import open_data


def test_a_parquet_file_gives_the_text_of_its_types(
    tmp_path: Path, typed: pa.Table, types: dict[str, str], as_text: Any, columns: Any, half_refused: Any
) -> None:
    path = tmp_path / "t.parquet"
    pq.write_table(typed, path)
    assert open_data(path).types == types
    assert columns(path) == as_text
    assert half_refused(path)
