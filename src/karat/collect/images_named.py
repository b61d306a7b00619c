"""Tables whose cells name pictures: the files are read beside the table."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa

from karat.collect.files import PICTURES
from karat.collect.reading import Reading, quarantined
from karat.core.degrees import MOST

LOOKED_AT = 100  # cost: records that tell whether a column names pictures
BATCH_RECORDS = 512  # cost: whose pictures lie in memory at a time
BYTES = "bytes"
NAMES = re.compile(
    r"(?i)(^|[_\W])(path|file|filename|filepath|image|images|img|picture|photo|scan)($|[_\W\d])|图|照片|文件|路径"
)


def with_named_pictures(reading: Reading, folder: Path) -> Reading:
    """The reading with a column ``bytes`` where one of its columns names pictures below a folder; else as it is.

    A record whose file is not there, or lies outside the folder, goes to quarantine.

    Parameters
    ----------
    reading : Reading
        Must be read once only; what was looked at is handed on.
    folder : Path
        Where the table lies.
    """
    if BYTES in reading.names or any(kind == "binary" for kind in reading.types.values()):
        return reading
    names = [name for name in reading.names if NAMES.search(name)]
    if not names:
        return reading
    batches = reading.batches()
    first = next(batches, None)
    if first is None:
        return replace(reading, pull=lambda: iter(()))

    def again() -> Iterator[pa.RecordBatch]:
        yield first
        yield from batches

    column = next((name for name in names if _names_pictures(first, name, folder)), None)
    if column is None:
        return replace(reading, pull=again)

    def pull() -> Iterator[pa.RecordBatch]:
        for batch in again():
            for begin in range(0, batch.num_rows, BATCH_RECORDS):
                yield _with_bytes(batch.slice(begin, BATCH_RECORDS), column, folder, reading.quarantine)

    return replace(reading, names=(*reading.names, BYTES), pull=pull, types={**reading.types, BYTES: "binary"})


def _names_pictures(batch: pa.RecordBatch, name: str, folder: Path) -> bool:
    cells = [c for c in batch.column(batch.schema.get_field_index(name)).slice(0, LOOKED_AT).to_pylist() if c]
    named = [cell for cell in cells if PurePosixPath(cell.lower()).suffix in PICTURES]
    if not named or len(named) < MOST * len(cells):
        return False
    return sum(_file(cell, folder) is not None for cell in named) >= len(named) / 2


def _file(name: str, folder: Path) -> Path | None:
    base = folder.resolve()
    try:
        path = (base / name).resolve()
        return path if path.is_relative_to(base) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a name too long, a NUL in it, a circle of links
        return None


def _with_bytes(batch: pa.RecordBatch, column: str, folder: Path, quarantine: list[dict[str, Any]]) -> pa.RecordBatch:
    cells, keep = [], []
    for at, name in enumerate(batch.column(batch.schema.get_field_index(column)).to_pylist()):
        file = _file(name, folder) if name else None
        if name and file is None:
            quarantine.append(quarantined(name, "no such file below the folder of the table", name.encode()))
            continue
        keep.append(at)
        cells.append(file.read_bytes() if file else None)
    kept = batch if len(keep) == batch.num_rows else batch.take(pa.array(keep, pa.int64()))
    schema = kept.schema.append(pa.field(BYTES, pa.binary()))
    return pa.RecordBatch.from_arrays([*kept.columns, pa.array(cells, pa.binary())], schema=schema)
