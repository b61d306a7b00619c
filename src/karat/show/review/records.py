"""The records behind the cases: as they came in, a few at a time, and the pictures in them."""

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.collect.typed import as_text
from karat.core.block import ROW
from karat.core.errors import KaratError
from karat.core.schema import Role, Schema
from karat.flow.dataset import Dataset
from karat.flow.folder import read_json
from karat.flow.raw import found_records

SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")
LOOKED_AT = 50  # cost: cells, to tell whether a column names picture files
MAX_CLASSES = 60  # display: to choose from
COUNTED_ROWS = 1_000_000  # cost: beyond, values are ranked by those counted
PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
)
Record = dict[str, str | None]


class Records:
    """The records of one data set, by number; of two where two tables were linked.

    Parameters
    ----------
    run : Path
        A run folder. Records come from its working files as they were read, else from ``data.parquet``; of linked
        tables from the files that were linked.
    """

    def __init__(self, run: Path) -> None:
        self.run = run

    @cached_property
    def schema(self) -> Schema | None:
        """Roles and types, where known."""
        path = self.run / "schema.json"
        if path.exists():
            return Schema.from_json(read_json(path))
        return self._sides[0].schema if self._sides else None

    @cached_property
    def _sides(self) -> list[Dataset]:
        raw = found_records(self.run)
        if raw is not None:
            return [raw]
        if (self.run / "data.parquet").is_file():
            return [_refined(self.run)]
        return _linked(self.run)

    @property
    def tables(self) -> int:
        """How many tables there are: 2 where one was linked with another, 0 where the records are not here."""
        return len(self._sides)

    def get(self, row: int | None, side: int = 0) -> Record | None:
        """One record as text, without its binary cells; None where it is not there.

        Parameters
        ----------
        side : int
            1 for the second of two linked tables.
        """
        table = self._row(row, side)
        if table is None:
            return None
        texts = {name: table.column(name) for name in table.column_names if not _binary(table.schema.field(name).type)}
        return {name: column[0].as_py() for name, column in texts.items()}

    def _row(self, row: int | None, side: int) -> pa.Table | None:
        if row is None or not self._sides:
            return None
        data = self._sides[min(side, len(self._sides) - 1)]
        if data.table is not None:
            assert data.rows is not None
            at = int(np.searchsorted(data.rows, row))
            return data.table.slice(at, 1) if at < len(data.rows) and data.rows[at] == row else None
        if not 0 <= row < len(data):
            return None
        record = data.records(np.array([row]))
        return record if record.num_rows else None

    def column(self, name: str, limit: int) -> pa.ChunkedArray | None:
        """A column's first cells as they came in; None where the records or the column are not here."""
        if not self._sides or name not in self._sides[0].schema:
            return None
        parts, seen = [], 0
        for block in self._sides[0].blocks():
            parts.append(block.text(name))
            seen += len(block)
            if seen >= limit:
                break
        return pa.chunked_array(parts).slice(0, limit) if parts else None

    @cached_property
    def pictures(self) -> tuple[str, ...]:
        """The columns that hold pictures, or name picture files."""
        if not self._sides:
            return ()
        schema = self._sides[0].schema
        images = tuple(column.name for column in schema if column.role is Role.IMAGE)
        return images or tuple(column.name for column in schema if self._names_pictures(column.name))

    def _names_pictures(self, column: str) -> bool:
        first = self.column(column, LOOKED_AT)
        if first is None or not pa.types.is_string(first.type):
            return False
        names = [name for name in first.to_pylist() if name]
        return bool(names) and all(name.lower().endswith(SUFFIXES) for name in names)

    def picture(self, row: int, column: str, side: int = 0) -> tuple[bytes, str] | None:
        """A picture's bytes and type; None where there is none that a browser may show.

        Only bytes that stand in the data set, or that one of its own cells names below its own folder, are given out.
        """
        table = self._row(row, side) if column in self.pictures else None
        if table is None:
            return None
        cell = table.column(column)[0].as_py()
        if isinstance(cell, str):
            cell = self._named(cell)
        kind = picture_type(cell) if cell else None
        return (cell, kind) if cell and kind else None

    def _named(self, name: str) -> bytes | None:
        """The file that a cell names, below the folder of the data set's own file."""
        for source in self._folders:
            path = (source / name).resolve()
            if path.is_relative_to(source) and path.is_file():
                return path.read_bytes()
        return None

    @cached_property
    def _folders(self) -> list[Path]:
        path = self.run / "run.json"
        rooms = read_json(path).get("rooms", {}) if path.exists() else {}
        sources = rooms.get("collect", {}).get("sources", ())
        named = [Path(str(source["path"])).resolve() for source in sources if source.get("path")]
        return sorted({path if path.is_dir() else path.parent for path in named})

    @cached_property
    def classes(self) -> list[str]:
        """The target's classes, the frequent first; none for numbers."""
        if not self._sides or self.schema is None or self.schema.target is None or self.schema.task == "regression":
            return []
        return self.levels(self.schema.target.name)[:MAX_CLASSES]

    @lru_cache(maxsize=64)  # noqa: B019  one per server, for its life
    def levels(self, column: str) -> list[str]:
        """A column's values, the frequent first."""
        data = self._sides[0]
        if column not in data.schema:
            return []
        counts: dict[str, int] = {}
        seen = 0
        for block in data.blocks():
            tally = pc.value_counts(block.text(column).drop_null())
            for value, count in zip(tally.field("values").to_pylist(), tally.field("counts").to_pylist(), strict=True):
                counts[value] = counts.get(value, 0) + count
            seen += len(block)
            if seen >= COUNTED_ROWS:
                break
        nulls = set(data.schema[column].nulls)
        return sorted((value for value in counts if value not in nulls), key=lambda value: (-counts[value], value))


def picture_type(data: bytes) -> str | None:
    """The type of a picture by its first bytes, of those a browser shows without running anything; else None."""
    for mark, kind in PICTURES:
        if data.startswith(mark):
            return kind
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _refined(run: Path) -> Dataset:
    """``data.parquet`` as text."""
    stored = pq.read_table(run / "data.parquet")
    schema = Schema.from_json(read_json(run / "schema.json"))
    columns = {c.name: stored[c.name].combine_chunks() for c in schema if c.name in stored.column_names}
    table = pa.table({n: cells if schema[n].type == "binary" else as_text(cells) for n, cells in columns.items()})
    rows = stored[ROW].to_numpy() if ROW in stored.column_names else np.arange(stored.num_rows)
    return Dataset(schema, table=table, rows=rows)


def _linked(run: Path) -> list[Dataset]:
    """The tables that ``karat link`` read, where they still lie where they lay; none where they do not."""
    from karat.flow.loading import load, plain_settings

    path = run / "run.json"
    sources: Sequence[Any] = read_json(path).get("sources", ()) if path.exists() else ()
    try:
        return [Dataset.of(load(source, plain_settings(""))) for source in sources]
    except (KaratError, OSError):
        return []
