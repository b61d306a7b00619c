"""SQLite and DuckDB databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.reading import BATCH_RECORDS, Reading, named
from karat.collect.records import to_batches
from karat.collect.stored import missing_file
from karat.collect.typed import digest, picture_columns, text_batch, types_of, whole_file_wanted
from karat.core.errors import InputError, OptionError
from karat.core.unit import Source


def chosen_query(query: str, tables: list[str], path: Path) -> str:
    """The user's query, or the only table there is.

    Raises
    ------
    OptionError
        There are several tables and no query.
    """
    if query:
        return query
    if not tables:
        raise InputError(f"{path} is a database without tables", "Name the right file")
    if len(tables) > 1:
        raise OptionError(
            f"{path} has {len(tables)} tables: {', '.join(sorted(tables)[:10])}",
            'Choose with --query "select * from …"',
        )
    return 'select * from "{}"'.format(tables[0].replace('"', '""'))


@dataclass(frozen=True)
class SqliteDatabase(Source):
    """Reads the answer to a query from an SQLite database, opened for reading only. Source: SQLite file format.

    Parameters
    ----------
    query : str
        SQL; "" reads the only table.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".sqlite", ".sqlite3", ".db")
    query: str = ""

    def read(self, path: Path) -> Reading:
        """The records of the answer.

        Raises
        ------
        InputError
            No database, or the query fails.
        """
        import sqlite3

        if not path.exists():
            raise missing_file(path)
        with path.open("rb") as file:
            duck = file.read(12)[8:] == b"DUCK"
        if duck:
            return DuckDatabase(self.query).read(path)
        link = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        try:
            listed = link.execute(
                "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'"
            )
            query = chosen_query(self.query, [name for (name,) in listed], path)
        except sqlite3.DatabaseError as error:
            raise whole_file_wanted("SQLite database", path, error) from error
        try:
            cursor = link.execute(query)
        except sqlite3.Error as error:
            raise InputError(f"query on {path} failed: {error}", "Correct the query") from error
        if cursor.description is None:
            raise InputError(f"query {query!r} on {path} does not select anything", "Begin it with select")
        names = named([column[0] for column in cursor.description], str(path))
        entry = digest(path)

        def records() -> Iterator[dict[str, Any]]:
            try:
                while rows := cursor.fetchmany(BATCH_RECORDS):
                    for row in rows:
                        yield dict(zip(names, row, strict=True))
            except sqlite3.Error as error:
                raise whole_file_wanted("SQLite database", path, error) from error
            finally:
                link.close()

        return Reading(names, lambda: to_batches(records(), names, names, entry), {}, [entry])


@dataclass(frozen=True)
class DuckDatabase(Source):
    """Reads the answer to a query from a DuckDB database, which is opened for reading only. Source: DuckDB.

    Parameters
    ----------
    query : str
        SQL; "" reads the only table.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".duckdb", ".ddb")
    query: str = ""

    def read(self, path: Path) -> Reading:
        """The records of the answer.

        Raises
        ------
        InputError
            No database, or the query fails.
        """
        import duckdb

        if not path.exists():
            raise missing_file(path)
        offline: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        try:
            link = duckdb.connect(str(path), read_only=True, config=offline)
        except duckdb.Error as error:
            raise whole_file_wanted("DuckDB database", path, error) from error
        tables = [name for (name,) in link.execute("select table_name from information_schema.tables").fetchall()]
        query = chosen_query(self.query, tables, path)
        try:
            answer: pa.RecordBatchReader = link.sql(query).to_arrow_reader(BATCH_RECORDS)
        except duckdb.Error as error:
            raise InputError(f"query on {path} failed: {str(error).splitlines()[0]}", "Correct the query") from error
        names = named(list(answer.schema.names), str(path))
        entry = digest(path)
        places, batches = picture_columns(answer.schema, iter(answer))
        pictures = {names[at] for at in places}
        types, stored = types_of(names, answer.schema, pictures)

        def pull() -> Iterator[pa.RecordBatch]:
            for batch in batches:
                entry["records"] += batch.num_rows
                yield text_batch(batch, names, pictures)
            link.close()

        return Reading(names, pull, types, [entry], stored=stored)
