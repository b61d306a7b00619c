"""DuckDB databases, opened so that a stranger's file reads nothing but itself and writes nothing."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import inf
from pathlib import Path
from threading import Timer
from time import monotonic
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.limits import MAX_QUERY_SECONDS
from karat.collect.queries import chosen_query, ends, failed
from karat.collect.reading import BATCH_RECORDS, Reading, named
from karat.collect.stored import missing_file
from karat.collect.typed import digest, picture_columns, text_batch, types_of, whole_file_wanted
from karat.core.errors import InputError
from karat.core.unit import Source

ALONE: dict[str, Any] = {  # DuckDB documentation, "Securing DuckDB"
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
    "memory_limit": "1GB",  # beyond it DuckDB spills into a folder of ours, which is deleted with the reading
    "max_temp_directory_size": "16GB",
}


@dataclass(frozen=True)
class DuckDatabase(Source):
    """Reads the answer to a query from a DuckDB database.

    It is opened for reading only and without access to other files, extensions or the network. Source: DuckDB,
    "Securing DuckDB".

    Parameters
    ----------
    query : str
        SQL; "" reads the only table.
    max_query_seconds : float
        Time the answer may take.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".duckdb", ".ddb")
    query: str = ""
    max_query_seconds: float = MAX_QUERY_SECONDS

    def read(self, path: Path) -> Reading:
        """The records of the answer.

        Raises
        ------
        InputError
            No database, or the query fails, takes too long, or asks for more than the database.
        """
        import duckdb

        if not path.exists():
            raise missing_file(path)
        try:
            link = duckdb.connect(str(path), read_only=True, config={**ALONE, "temp_directory": _spill()})
            listed = link.execute("select table_name, table_type from information_schema.tables").fetchall()
        except duckdb.Error as error:
            raise whole_file_wanted("DuckDB database", path, error) from error
        query = chosen_query(self.query, [name for name, _ in listed], path)
        until = ends(self.max_query_seconds, bool(self.query) or listed[0][1] == "VIEW")
        try:
            with _interrupted(link, until):
                relation = link.sql(query)
                answer = relation.to_arrow_reader(BATCH_RECORDS) if relation is not None else None
        except (duckdb.Error, OSError) as error:
            raise failed(error, path, until) from error
        if answer is None:
            raise InputError(f"query {query!r} on {path} does not select anything", "Begin it with select")

        names = named(list(answer.schema.names), str(path))
        entry = digest(path)
        places, batches = picture_columns(answer.schema, _pulled(link, answer, path, until))
        pictures = {names[at] for at in places}
        types, stored = types_of(names, answer.schema, pictures)

        def pull() -> Iterator[pa.RecordBatch]:
            for batch in batches:
                entry["records"] += batch.num_rows
                yield text_batch(batch, names, pictures)

        return Reading(names, pull, types, [entry], stored=stored)


@cache
def _spill() -> str:
    """A folder that goes with the process; one, as DuckDB opens a file twice only under the same configuration."""
    folder = tempfile.mkdtemp(prefix="karat-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _pulled(link: Any, answer: pa.RecordBatchReader, path: Path, until: float) -> Iterator[pa.RecordBatch]:
    """The batches of an answer; the connection is closed behind them."""
    import duckdb

    try:
        while True:
            with _interrupted(link, until):
                batch = next(answer, None)
            if batch is None:
                return
            yield batch
    except (duckdb.Error, OSError) as error:
        raise failed(error, path, until) from error
    finally:
        link.close()


@contextmanager
def _interrupted(link: Any, until: float) -> Iterator[None]:
    """Stops what DuckDB does when the time is up."""
    if until == inf:
        yield
        return
    alarm = Timer(max(0.0, until - monotonic()), link.interrupt)
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
