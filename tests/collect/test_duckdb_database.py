"""DuckDB databases of strangers."""

from pathlib import Path
from typing import Any

import pytest

from karat.collect.duckdb_database import DuckDatabase
from karat.collect.limits import LimitError
from karat.collect.read import open_data
from karat.core.errors import InputError, OptionError

duckdb = pytest.importorskip("duckdb")
ENDLESS = "with recursive c(x) as (select 1 union all select x + 1 from c) select {} as x from c"


def stored(place: Path, statement: str) -> Path:
    """A database in which a statement was run."""
    with duckdb.connect(str(place)) as link:
        link.execute(statement)
    return place


def test_a_table_and_a_query_are_read(tmp_path: Path, columns: Any) -> None:
    place = stored(tmp_path / "t.duckdb", "create table t as select 1 as a, 1.5::double as e; create table u(a int)")
    with pytest.raises(OptionError, match="2 tables"):
        open_data(place)
    assert columns(place, query="select * from t") == {"a": ["1"], "e": ["1.5"]}
    with pytest.raises(InputError, match=r"query on .* failed"):
        open_data(place, query="selec")
    assert columns(place.rename(tmp_path / "t.db"), query="select a from t") == {"a": ["1"]}


def test_a_view_reads_no_file_outside_the_database(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    place = stored(tmp_path / "t.duckdb", f"create view v as select * from read_csv('{secret}')")
    with pytest.raises(InputError, match="outside itself"):
        open_data(place)


@pytest.mark.parametrize(
    "query",
    [
        "copy t to '{}'",
        "attach '{}' as x",
        "select 1; copy t to '{}'",
        "set enable_external_access = true",
        "create table v(a int)",
        "select * from entry",  # a Python variable of the reader
    ],
)
def test_a_query_does_nothing_but_select(tmp_path: Path, query: str) -> None:
    place = stored(tmp_path / "t.duckdb", "create table t as select 1 as a")
    with pytest.raises(InputError):
        list(open_data(place, query=query.format(tmp_path / "new")).batches())
    assert [file.name for file in tmp_path.iterdir()] == ["t.duckdb"]


@pytest.mark.parametrize("what", ["x", "max(x)"])
def test_an_endless_view_ends_by_its_time_limit(tmp_path: Path, what: str) -> None:
    place = stored(tmp_path / "t.duckdb", f"create view v as {ENDLESS.format(what)}")
    with pytest.raises(LimitError, match="max_query_seconds"):
        list(DuckDatabase(max_query_seconds=0.3).read(place).batches())
