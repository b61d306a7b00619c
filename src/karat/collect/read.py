"""The front door: a path, folder, glob, URL or frame becomes a reading."""

from collections.abc import Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.collect.reading import Reading
from karat.collect.stored import missing_file
from karat.core.errors import InputError
from karat.core.registry import units
from karat.core.unit import Source

PACKED = (".gz", ".zst")


def open_data(data: Any, *, query: str | None = None, kind: str | None = None) -> Reading:
    """Open anything Karat reads.

    Parameters
    ----------
    data : str, Path, list of them, or anything with ``__arrow_c_stream__``
        A file, folder, glob or http(s) URL; several files are read in sorted path order.
    query : str, optional
        SQL for a database; for a workbook the name of the sheet.
    kind : str, optional
        ``images`` reads a folder as pictures, ``corpus`` as texts.

    Raises
    ------
    InputError
        No such file, an unknown format, files whose columns differ, or nothing to read in it.
    """
    paths = _paths(data, kind)
    readings = [_source(path, query, kind).read(path) for path in paths]
    return readings[0] if len(readings) == 1 else _joined(readings)


def _paths(data: Any, kind: str | None) -> list[Path]:
    if isinstance(data, (list, tuple)):
        return sorted(path for one in data for path in _paths(one, kind))
    text = str(data)
    path = Path(text).expanduser()
    if path.exists():
        return [path]
    if has_magic(text):
        found = sorted(Path(p) for p in glob(text, recursive=True) if Path(p).is_file())
        if found:
            return found
        raise InputError("a pattern that matches files wanted", "no match", text, "check the pattern")
    raise missing_file(path)


def _source(path: Path, query: str | None, kind: str | None) -> Source:
    suffixes = [s.lower() for s in path.suffixes]
    suffix = next((s for s in reversed(suffixes) if s not in PACKED), "")
    for unit in units("source").values():
        if issubclass(unit, Source) and suffix in unit.suffixes:
            return unit()
    known = sorted(s for unit in units("source").values() if issubclass(unit, Source) for s in unit.suffixes)
    raise InputError("a known format wanted", f"the ending {suffix!r}", str(path), f"known: {' '.join(known)}")


def _joined(readings: Sequence[Reading]) -> Reading:
    """Several files with the same columns, one after the other."""
    first = readings[0]
    for other in readings[1:]:
        if set(other.names) != set(first.names):
            odd = sorted(set(other.names) ^ set(first.names))[:3]
            raise InputError("files with the same columns wanted", f"{', '.join(map(repr, odd))} in one of them only",
                             str(other.sources[0]["path"]), "read them one by one, or rename the columns")
    quarantine: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = [entry for reading in readings for entry in reading.sources]

    def pull() -> Iterator[pa.RecordBatch]:
        for reading in readings:
            for batch in reading.batches():
                yield batch.select(list(first.names))
            quarantine.extend(reading.quarantine)

    types = {name: kind for name, kind in first.types.items() if all(r.types.get(name) == kind for r in readings)}
    return Reading(first.names, pull, types, sources, quarantine)
