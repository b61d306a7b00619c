"""Writes what became of a corpus, part by part; what is cut does not depend on files or parts."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

GROUP_RECORDS = 65_536  # cost: of one row group, held in memory until it is written
GROUP_BYTES = 48 << 20  # cost: of one row group, held in memory until it is written


class Cutter:
    """Regroups records that come in tables of any size: a group is full when its records or its texts are.

    Parameters
    ----------
    sized_by : str
        The column whose bytes count.
    """

    def __init__(self, sized_by: str) -> None:
        self.sized_by = sized_by
        self._held: list[pa.Table] = []
        self._records = self._bytes = 0

    def add(self, table: pa.Table) -> Iterator[pa.Table]:
        """Take records in; full groups come out."""
        sizes = np.asarray(pc.fill_null(pc.binary_length(table.column(self.sized_by)), 0)).astype(np.int64)
        begin = 0
        while begin < table.num_rows:
            room = np.cumsum(sizes[begin:]) + self._bytes
            full = int(np.searchsorted(room, GROUP_BYTES)) + 1
            count = min(full, GROUP_RECORDS - self._records, table.num_rows - begin)
            self._held.append(table.slice(begin, count))
            self._records += count
            self._bytes = int(room[count - 1])
            begin += count
            if self._bytes >= GROUP_BYTES or self._records >= GROUP_RECORDS:
                yield self._out()

    def rest(self) -> Iterator[pa.Table]:
        """What is left when all records are in."""
        if self._records:
            yield self._out()

    def _out(self) -> pa.Table:
        whole = pa.concat_tables(self._held)
        self._held, self._records, self._bytes = [], 0, 0
        return whole.combine_chunks()


class GroupedParquet:
    """A Parquet file whose row groups do not depend on how the records come, whole or not there at all.

    Parameters
    ----------
    sized_by : str
        The column whose bytes fill a row group.
    **options
        Of the Parquet writer.
    """

    def __init__(self, path: Path, schema: pa.Schema, sized_by: str, **options: Any) -> None:
        self.path, self.schema = path, schema
        self._beside = path.with_name(f".{path.name}.part")
        self._cutter = Cutter(sized_by)
        self._writer = pq.ParquetWriter(self._beside, schema, compression="zstd", compression_level=1, **options)
        self.records = 0

    def write(self, table: pa.Table) -> None:
        """More records, in their order."""
        self.records += table.num_rows
        for group in self._cutter.add(table):
            self._writer.write_table(group.cast(self.schema), row_group_size=GROUP_RECORDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            with self._writer:
                for group in self._cutter.rest() if kind is None else ():
                    self._writer.write_table(group.cast(self.schema), row_group_size=GROUP_RECORDS)
            if kind is None:
                self._beside.chmod(0o600)
                self._beside.replace(self.path)
        finally:
            self._beside.unlink(missing_ok=True)
