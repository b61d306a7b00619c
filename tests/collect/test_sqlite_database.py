"""SQLite databases of strangers."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from karat.collect.limits import LimitError
from karat.collect.read import open_data
from karat.collect.sqlite_database import SqliteDatabase
from karat.core.errors import InputError

ENDLESS = "with recursive c(x) as (select 1 union all select x + 1 from c) select {} from c"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A database of one table."""
    place = tmp_path / "t.sqlite"
    with sqlite3.connect(place) as link:
        link.execute("create table t(a int, b text)")
        link.executemany("insert into t values (?, ?)", [(1, "007"), (None, "")])
    link.close()
    return place


def test_a_table_and_a_query_are_read(place: Path, columns: Any) -> None:
    assert columns(place) == {"a": ["1", None], "b": ["007", None]}
    assert columns(place, query="select a * 2 as k from t where a") == {"k": ["2"]}
    with pytest.raises(InputError, match=r"query on .* failed"):
        open_data(place, query="selec")


@pytest.mark.parametrize(
    "query", ["attach '{}' as x", "create table u(a)", "delete from t", "pragma journal_mode = off"]
)
def test_a_query_does_nothing_but_select(place: Path, query: str) -> None:
    with pytest.raises(InputError, match="outside itself"):
        open_data(place, query=query.format(place.parent / "new.sqlite"))
    assert [file.name for file in place.parent.iterdir()] == ["t.sqlite"]


@pytest.mark.parametrize("what", ["x", "max(x)"])
def test_an_endless_view_ends_by_its_time_limit(place: Path, what: str) -> None:
    with sqlite3.connect(place) as link:
        link.execute("drop table t")
        link.execute(f"create view v as {ENDLESS.format(what)}")
    link.close()
    with pytest.raises(LimitError, match="max_query_seconds"):
        list(SqliteDatabase(max_query_seconds=0.2).read(place).batches())


def test_a_value_above_the_limit_is_refused(place: Path) -> None:
    with pytest.raises(InputError, match="too big"):
        list(open_data(place, query="select zeroblob(100000000)").batches())


def test_full_text_tables_and_logs_are_read_and_no_file_is_left_beside(tmp_path: Path, columns: Any) -> None:
    place = tmp_path / "w.db"
    with sqlite3.connect(place) as link:
        link.execute("pragma journal_mode = wal")
        link.execute("create virtual table f using fts5(body)")
        link.execute("insert into f values ('a plain text')")
        link.commit()
        assert columns(place, query="select body from f where f match 'plain'") == {"body": ["a plain text"]}
    link.close()
    assert columns(place, query="select body from f") == {"body": ["a plain text"]}
    assert [file.name for file in tmp_path.iterdir()] == ["w.db"]
