"""The front door: a path, folder, glob, URL or frame becomes a reading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from glob import glob, has_magic
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from karat.collect.assumed import ReadingOptions
from karat.collect.delimited import DelimitedText
from karat.collect.files import PICTURES, TEXTS, files_below, without_notes
from karat.collect.folders import Pictures, TextFolder
from karat.collect.images_idx import idx_pictures
from karat.collect.images_named import with_named_pictures
from karat.collect.images_seen import seen
from karat.collect.instructions import flattened
from karat.collect.reading import Reading
from karat.collect.stored import missing_file
from karat.collect.tables import is_table
from karat.core.addresses import without_secrets
from karat.core.errors import InputError, OptionError
from karat.core.registry import units
from karat.core.unit import Source

PACKED = (".gz", ".zst")
NO_OPTIONS = ReadingOptions()
LOOKED_AT = 5  # cost: text files of a folder that tell whether they are tables


@dataclass(frozen=True)
class Contents:
    """What is looked for in an input.

    Parameters
    ----------
    folder : str
        What a folder is read as: "pictures", "texts", or "" for what most of its files are.
    turns : bool
        Lists of turns become columns.
    pictures : bool
        Files of pictures that a column names are read beside it.
    """

    folder: str = ""
    turns: bool = True
    pictures: bool = True


ANYTHING = Contents()


def open_data(
    data: Any, *, query: str | None = None, contents: Contents = ANYTHING, options: ReadingOptions = NO_OPTIONS
) -> Reading:
    """Open anything Karat reads.

    Parameters
    ----------
    data : str, Path, list of them, or anything with ``__arrow_c_stream__``
        A file, folder, glob or http(s) URL; several files are read in sorted path order.
    query : str, optional
        SQL for a database; for a workbook the name of the sheet.
    contents : Contents
        What is looked for in it.
    options : ReadingOptions
        Encoding, delimiter, header row and sheet where the user sets them.

    Raises
    ------
    InputError
        No such file, an unknown format, files whose columns differ, or nothing to read in it.
    OptionError
        A query or a reading option where none belongs.
    """
    if hasattr(data, "__arrow_c_stream__"):
        from karat.collect.arrow import read_frame

        table = pa.table(data) if isinstance(data, pa.RecordBatchReader) else data  # read twice where it holds a chat
        frame = flattened(lambda: read_frame(table)) if contents.turns else read_frame(table)
        return seen(with_named_pictures(frame, Path.cwd()) if contents.pictures else frame)
    if isinstance(data, str) and "://" in data:
        return _fetched(data, query, contents, options)
    paths = _paths(data, contents.folder)

    def read() -> Reading:
        readings = [_source(path, query, contents.folder, options).read(path) for path in paths]
        return cast(Reading, readings[0]) if len(readings) == 1 else _joined(cast(list[Reading], readings))

    reading = flattened(read) if contents.turns else read()
    folder = paths[0] if paths[0].is_dir() else paths[0].parent
    pictured = any(isinstance(_source(path, query, contents.folder, options), Pictures) for path in paths[:1])
    if contents.pictures and not pictured:
        reading = with_named_pictures(reading, folder)
    return seen(reading, sure=pictured)


def _fetched(url: str, query: str | None, contents: Contents, options: ReadingOptions) -> Reading:
    from karat.collect.fetch import Fetched

    if not url.startswith(("http://", "https://")):
        raise InputError(f"{url!r} is not an http(s) address", "Copy the file here and give its path")
    fetched, address = Fetched(url), without_secrets(url)
    reading = open_data(fetched.path, query=query, contents=contents, options=options)

    def pull() -> Iterator[pa.RecordBatch]:
        yield from reading.batches()
        for entry in (*reading.sources, *reading.quarantine):
            for key in ("path", "source"):
                if entry.get(key) == str(fetched.path):
                    entry[key] = address

    return replace(reading, pull=pull)


def _paths(data: Any, folder: str) -> list[Path]:
    if isinstance(data, (list, tuple)):
        files = sorted({path for part in data for path in _paths(part, folder)})
        if not files:
            raise InputError("the list of files is empty", "Name at least one file")
        return files
    if not isinstance(data, (str, Path)):
        raise InputError(f"data is of type {type(data).__name__}", "Pass a path, a URL or a data frame")
    path = Path(data).expanduser()
    if (pictures := idx_pictures(path)) is not None:
        return [pictures]
    if path.is_dir():
        return _folder(path, folder)
    if path.exists():
        return [path]
    if has_magic(str(data)):
        files = sorted(Path(p) for p in glob(str(path), recursive=True) if Path(p).is_file())  # noqa: PTH207  the pattern may be absolute
        if files:
            return files
        raise InputError(f"no file matches the pattern {data}", "Check the pattern")
    raise missing_file(path)


def _folder(path: Path, wanted: str) -> list[Path]:
    """The folder itself where it holds pictures or texts, else the data files in it."""
    files = without_notes(files_below(path))
    counts = {
        name: sum(_suffix(file) in endings for file in files)
        for name, endings in (("pictures", PICTURES), ("texts", TEXTS), ("data", known_endings()))
    }
    if not files:
        raise InputError(f"{path} is an empty folder", "Name another folder")
    if wanted == "pictures" or counts["pictures"] > counts["data"] or (wanted == "texts" and counts["texts"]):
        return [path]
    tables = sum(_suffix(file) in known_endings() and _suffix(file) not in TEXTS for file in files)
    if counts["texts"] > tables:
        texts = [file for file in files if _suffix(file) in TEXTS]
        return texts if all(is_table(file) for file in texts[:LOOKED_AT]) else [path]
    known = [file for file in files if _suffix(file) in known_endings() and _suffix(file) not in TEXTS]
    if not known:
        raise InputError(
            f"{path} holds no data, only files that end in {', '.join(sorted({f.suffix for f in files})[:5])}",
            f"Known endings: {' '.join(known_endings())}",
        )
    return known


def _suffix(path: Path) -> str:
    return next((s.lower() for s in reversed(path.suffixes[-2:]) if s.lower() not in PACKED), "")


def known_endings() -> list[str]:
    """Endings of the files that are read as data."""
    return sorted(s for unit in units("source").values() if issubclass(unit, Source) for s in unit.suffixes)


def _source(path: Path, query: str | None, folder: str, options: ReadingOptions) -> Source:
    if path.is_dir():
        files = without_notes(files_below(path))
        pictures = sum(_suffix(file) in PICTURES for file in files)
        texts = sum(_suffix(file) in TEXTS for file in files)
        mostly = "pictures" if pictures > texts else "texts"
        return Pictures() if (folder or mostly) == "pictures" else TextFolder()
    suffix = _suffix(path) if idx_pictures(path) is None else ".idx3"
    for unit in units("source").values():
        if issubclass(unit, Source) and suffix in unit.suffixes:
            return _configured(unit, path, suffix, query, options)
    if path.is_file() and is_table(path):
        return _configured(DelimitedText, path, suffix, query, options)
    raise InputError(
        f"{path} ends in {suffix!r}, which is not a file format that Karat reads",
        f"Known endings: {' '.join(known_endings())}",
    )


def _configured(unit: type[Source], path: Path, suffix: str, query: str | None, options: ReadingOptions) -> Source:
    """The source with the options that the user has set. Raises OptionError for one that it does not have."""
    taken = {field.name for field in fields(unit)}
    if query is not None and "query" not in taken:
        raise OptionError(f"--query does not apply to {path}, a {suffix} file", "Leave --query out")
    values: dict[str, Any] = {"query": query} if query is not None else {}
    for name in ("encoding", "delimiter", "header_row", "sheet"):
        value = getattr(options, name)
        if value and name not in taken:
            wanted = "a workbook" if name == "sheet" else "delimited text"
            flag = f"--{name.replace('_', '-')}"
            raise OptionError(
                f"{flag} does not apply to {path}, a {suffix} file: it is for {wanted}", f"Leave {flag} out"
            )
        if value:
            values[name] = value
    values |= {name: limit for name, limit in options.limits.items() if name in taken}
    return cast(Source, cast(Any, unit)(**values))


def _joined(readings: Sequence[Reading]) -> Reading:
    """Several files with the same columns, one after the other."""
    first = readings[0]
    for other in readings[1:]:
        if set(other.names) != set(first.names):
            odd = sorted(set(other.names) ^ set(first.names))[:3]
            raise InputError(
                f"{other.sources[0]['path']} has other columns than {first.sources[0]['path']}: "
                f"{', '.join(map(repr, odd))} in one of them only",
                "Name one of the files, or rename the columns",
            )
    quarantine: list[dict[str, Any]] = []
    sources: list[dict[str, Any]] = [entry for reading in readings for entry in reading.sources]

    def pull() -> Iterator[pa.RecordBatch]:
        for reading in readings:
            for batch in reading.batches():
                yield batch.select(list(first.names))
            quarantine.extend(reading.quarantine)

    types = {name: kind for name, kind in first.types.items() if all(r.types.get(name) == kind for r in readings)}
    stored = {name: kind for name, kind in first.stored.items() if all(r.stored.get(name) == kind for r in readings)}
    assumed = [entry for reading in readings for entry in reading.assumed]
    return Reading(first.names, pull, types, sources, quarantine, assumed, stored)
