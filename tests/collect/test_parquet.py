"""Parquet files."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def test_a_parquet_file_gives_the_text_of_its_types(tmp_path: Path, typed: pa.Table, holds_typed: Any) -> None:
    pq.write_table(typed, tmp_path / "t.parquet")
    holds_typed(tmp_path / "t.parquet")
