"""SQLite databases, opened so that a stranger's file reads nothing but itself and writes nothing."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

from karat.collect.limits import MAX_CELL_BYTES, MAX_QUERY_SECONDS
from karat.collect.queries import chosen_query, ends, failed
from karat.collect.reading import Reading, named
from karat.collect.records import to_batches
from karat.collect.stored import missing_file
from karat.collect.typed import digest, whole_file_wanted
from karat.core.errors import InputError
from karat.core.unit import Source

# What a query may do: read tables, call functions, recurse. Tables of SQLite's own extensions (full text, boxes) also
# ask for the two pragmas and for leave to write while they are opened; a file opened for reading refuses any writing.
READS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
REFUSED_BY_FILE = (sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE)
PRAGMAS = ("data_version", "page_size")
CHECK_EVERY = 10_000  # cost: steps of SQLite's machine between two looks at the clock: about a millisecond
WAL = 2  # definition: at byte 18 of a file whose journal is a write-ahead log (SQLite file format, section 1.3.3)


@dataclass(frozen=True)
class SqliteDatabase(Source):
    """Reads the answer to a query from an SQLite database.

    It is opened for reading only: a query selects, and does nothing else. Source: SQLite file format.

    Parameters
    ----------
    query : str
        SQL; "" reads the only table.
    max_query_seconds : float
        Time the answer may take.
    max_cell_bytes : int
        Size of one value.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".sqlite", ".sqlite3", ".db")
    query: str = ""
    max_query_seconds: float = MAX_QUERY_SECONDS
    max_cell_bytes: int = MAX_CELL_BYTES

    def read(self, path: Path) -> Reading:
        """The records of the answer.

        Raises
        ------
        InputError
            No database, or the query fails, takes too long, or does more than select.
        """
        if not path.exists():
            raise missing_file(path)
        with path.open("rb") as file:
            head = file.read(32)
        if head[8:12] == b"DUCK":
            from karat.collect.duckdb_database import DuckDatabase

            return DuckDatabase(self.query, self.max_query_seconds).read(path)
        link = _opened(path, head)
        link.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, self.max_cell_bytes)
        try:
            listed = link.execute(
                "select name, type from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'"
            ).fetchall()
            query = chosen_query(self.query, [name for name, _ in listed], path)
        except sqlite3.DatabaseError as error:
            raise whole_file_wanted("SQLite database", path, error) from error
        until = ends(self.max_query_seconds, bool(self.query) or listed[0][1] == "view")
        link.set_progress_handler(lambda: monotonic() > until, CHECK_EVERY)
        try:
            cursor = link.execute(query)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise failed(error, path, until) from error
        if cursor.description is None:
            raise InputError(f"query {query!r} on {path} does not select anything", "Begin it with select")
        names = named([column[0] for column in cursor.description], str(path))
        entry = digest(path)

        def records() -> Iterator[dict[str, Any]]:
            try:
                for row in cursor:
                    yield dict(zip(names, row, strict=True))
            except sqlite3.Error as error:
                if monotonic() > until:
                    raise failed(error, path, until) from error
                raise whole_file_wanted("SQLite database", path, error) from error
            finally:
                link.close()

        return Reading(names, lambda: to_batches(records(), names, names, entry), {}, [entry])


def _opened(path: Path, head: bytes) -> sqlite3.Connection:
    """A connection that can read this file and nothing else; it leaves no files beside it."""
    unused_log = head[18:20] == bytes((WAL, WAL)) and not path.with_name(f"{path.name}-wal").exists()
    alone = "&immutable=1" if unused_log else ""  # else SQLite would make an empty log beside the file
    link = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{alone}", uri=True, check_same_thread=False)
    link.set_authorizer(_allowed)
    return link


def _allowed(action: int, first: str | None, *_: Any) -> int:
    asks = action == sqlite3.SQLITE_PRAGMA and first in PRAGMAS
    return sqlite3.SQLITE_OK if asks or action in READS + REFUSED_BY_FILE else sqlite3.SQLITE_DENY
