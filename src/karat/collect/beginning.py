"""The first records of an input, whatever it comes in: enough to say what kind of data it is."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from glob import glob, has_magic
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.collect.assumed import ReadingOptions
from karat.collect.files import PICTURES, TEXTS, files_below, without_notes
from karat.collect.json_lines import parse_line
from karat.collect.limits import LimitError
from karat.collect.parquet import first_records
from karat.collect.read import NO_OPTIONS, open_data
from karat.collect.reading import Reading
from karat.collect.stored import opened
from karat.collect.tables import is_table
from karat.core.errors import KaratError

SAMPLE = 200  # cost: records looked at
LOOK_BYTES = 1 << 20  # cost: of a file of lines
PAGES = (".warc", ".wet", ".wat", ".arc", ".html", ".htm", ".xhtml")
ARROW = (".arrow", ".arrows", ".feather", ".ipc")
LINES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".tab", ".txt", ".text", ".data")
PACKED = (".gz", ".zst", ".lz4", ".bad")
NO_RECORDS = pa.table({})


@dataclass(frozen=True)
class Beginning:
    """The first records of an input, and what its files are.

    Parameters
    ----------
    table : pyarrow.Table
        At most ``SAMPLE`` records, cells as text, lists of turns in columns of their own; no column where nothing
        could be read.
    types : mapping of str to str
        What typed columns declare, as in ``Reading``.
    files : str
        "pictures", "pages" (HTML and web archives) or "texts" where the input is made of such files; "" otherwise.
    """

    table: pa.Table = field(default_factory=lambda: NO_RECORDS)
    types: Mapping[str, str] = field(default_factory=dict)
    files: str = ""


def beginning(data: Any, query: str | None = None, options: ReadingOptions = NO_OPTIONS) -> Beginning:
    """The first records of a path, folder, glob, list of paths or frame; what cannot be read is empty.

    Raises
    ------
    LimitError
        The input asks for more than a limit allows: it is not read a second time.
    """
    if isinstance(data, str) and "://" in data:
        return Beginning(files="pages" if _endings(Path(data)).intersection(PAGES) else "")
    try:
        if hasattr(data, "__arrow_c_stream__"):
            return _of(open_data(_first_of_frame(data)))
        files = list(islice(_files(data), SAMPLE))
        return _of_files(files, query, options) if files else Beginning()
    except LimitError:
        raise
    except (KaratError, OSError, ValueError, pa.ArrowException):
        return Beginning()


def _first_of_frame(data: Any) -> Any:
    if hasattr(data, "head"):
        return data.head(SAMPLE)
    if hasattr(data, "slice"):
        return data.slice(0, SAMPLE)
    batch = next(iter(pa.RecordBatchReader.from_stream(data)), None)
    return data if batch is None else pa.Table.from_batches([batch.slice(0, SAMPLE)])


def _files(data: Any) -> Iterator[Path]:
    if isinstance(data, (list, tuple)):
        for entry in data:
            yield from _files(entry)
        return
    path = Path(data).expanduser()
    if path.is_dir():
        yield from without_notes(files_below(path))
    elif path.exists():
        yield path
    elif has_magic(str(data)):
        yield from (Path(match) for match in sorted(glob(str(path), recursive=True)) if Path(match).is_file())  # noqa: PTH207  the pattern may be absolute


def _endings(path: Path) -> set[str]:
    return {ending.lower() for ending in path.suffixes}


def _suffix(path: Path) -> str:
    return next((ending.lower() for ending in reversed(path.suffixes) if ending.lower() not in PACKED), "")


def _of_files(files: list[Path], query: str | None, options: ReadingOptions) -> Beginning:
    """What most of the files are; the first records of the first of the others."""
    pages = [file for file in files if _endings(file).intersection(PAGES)]
    pictures = [file for file in files if _suffix(file) in PICTURES]
    texts = [file for file in files if _suffix(file) in TEXTS and not is_table(file)]
    for name, mine in (("pages", pages), ("pictures", pictures)):
        if 2 * len(mine) > len(files):
            return Beginning(files=name)
    if 2 * len(texts) > len(files):
        return Beginning(_texts(texts), {}, "texts")
    return _of_file(next(file for file in files if file not in texts), query, options)


def _texts(files: list[Path]) -> pa.Table:
    from karat.collect.file_pieces import pieces
    from karat.collect.piece_reader import stream

    part = next(stream(pieces(files)[0], LOOK_BYTES), None)
    return NO_RECORDS if part is None else part.table.slice(0, SAMPLE)


def _of_file(path: Path, query: str | None, options: ReadingOptions) -> Beginning:
    suffix = _suffix(path)
    if suffix in (".parquet", ".pq"):
        first = first_records(path, SAMPLE)
        return Beginning() if first is None else _of(open_data(pa.Table.from_batches([first])))
    if suffix in LINES and not query and (head := _head(path)):
        with tempfile.TemporaryDirectory(prefix="karat-") as place:
            short = Path(place) / f"beginning{suffix}"
            short.write_bytes(head)
            return _of(open_data(short, options=options))
    return _of(open_data(path, query=query, options=options))


def _head(path: Path) -> bytes:
    """The first whole lines of a long file; nothing of a short one, or of one that is a document and not lines."""
    with opened(path) as file:
        head: bytes = file.read(LOOK_BYTES + 1)
    if len(head) <= LOOK_BYTES or b"\0" in head[:64]:
        return b""
    if _suffix(path) == ".json" and not isinstance(parse_line(head.split(b"\n", 1)[0]), dict):
        return b""
    return head[: head.rfind(b"\n") + 1]


def _of(reading: Reading) -> Beginning:
    batch = next(reading.batches(), None)
    if batch is None:
        return Beginning(types=reading.types)
    return Beginning(pa.Table.from_batches([batch.slice(0, SAMPLE)]), reading.types)
