"""SQLite and DuckDB files."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from karat.collect.read import open_data
from karat.core.errors import InputError, OptionError


def test_databases(tmp_path: Path, columns: Any) -> None:
    import duckdb

    link = sqlite3.connect(tmp_path / "t.sqlite")
    link.execute("create table t(a int, b text)")
    link.executemany("insert into t values (?, ?)", [(1, "007"), (None, "")])
    link.commit()
    link.close()
    assert columns(tmp_path / "t.sqlite") == {"a": ["1", None], "b": ["007", None]}
    assert columns(tmp_path / "t.sqlite", query="select a * 2 as k from t where a") == {"k": ["2"]}
    with pytest.raises(InputError, match=r"query on .* failed"):
        open_data(tmp_path / "t.sqlite", query="selec")
    duck = duckdb.connect(str(tmp_path / "t.duckdb"))
    duck.execute("create table t as select 1 as a, 1.5::double as e; create table u(a int)")
    duck.close()
    with pytest.raises(OptionError, match="2 tables"):
        open_data(tmp_path / "t.duckdb")
    assert columns(tmp_path / "t.duckdb", query="select * from t") == {"a": ["1"], "e": ["1.5"]}
