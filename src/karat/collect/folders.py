"""Folders of texts, and folders or archives of pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.encoding import MIN_LEAD_OF_DOCUMENT, detect
from karat.collect.files import PICTURES, TEXTS, files_below, in_archive, in_folder
from karat.collect.limits import MAX_CELL_BYTES
from karat.collect.reading import Reading, quarantined
from karat.collect.stored import opened
from karat.collect.typed import digest
from karat.core.errors import InputError
from karat.core.unit import Source

BATCH_FILES = 512  # cost: of a batch in memory
BATCH_BYTES = 64 << 20  # cost: the same


@dataclass(frozen=True)
class TextFolder(Source):
    """Reads a folder of texts, one record a file.

    Columns are ``path`` below the folder and ``text``; a foreign encoding is read as it is meant.
    Source: plain text.
    """

    def read(self, path: Path) -> Reading:
        """The texts, in sorted path order; a file that is no text goes to quarantine.

        Raises
        ------
        InputError
            There is no text in the folder.
        """
        files = files_below(path, TEXTS)
        if not files:
            raise InputError(f"{path} holds no texts", f"Put files in it that end in {', '.join(TEXTS)}")
        sources: list[dict[str, Any]] = []
        broken: list[dict[str, Any]] = []
        schema = pa.schema([("path", pa.string()), ("text", pa.string())])

        def records() -> Iterator[tuple[str | None, ...]]:
            for file in files:
                entry: dict[str, Any] = {"path": str(file), "records": 1}
                sources.append(entry)
                with opened(file, entry) as content:
                    data = content.read()
                try:
                    encoding = detect(data, True, str(file), MIN_LEAD_OF_DOCUMENT)
                    text = data[encoding.mark :].decode(encoding.codec)
                except (InputError, UnicodeError):
                    entry["records"] = 0
                    broken.append(quarantined(str(file), "no text that can be read", data, 1, 0))
                else:
                    yield file.relative_to(path).as_posix(), text or None

        return Reading(("path", "text"), lambda: _batched(records(), schema), {}, sources, broken)


@dataclass(frozen=True)
class Pictures(Source):
    """Reads a folder or zip archive of pictures, one record each: ``path``, ``label`` (its folder), ``bytes``.

    Where no picture lies in a sub-folder there is no ``label``.

    Source: the layout used by ImageNet and by torchvision's ImageFolder.

    Parameters
    ----------
    max_cell_bytes : int
        Size of one picture; a larger one goes to quarantine.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".zip",)
    max_cell_bytes: int = MAX_CELL_BYTES

    def read(self, path: Path) -> Reading:
        """The pictures, in sorted path order, as their bytes stand in the files.

        Raises
        ------
        InputError
            There is no picture, or the archive is broken.
        """
        names, content = in_folder(path) if path.is_dir() else in_archive(path)
        if not names:
            raise InputError(f"{path} holds no pictures", f"Put files in it that end in {', '.join(PICTURES)}")
        sources: list[dict[str, Any]] = []
        broken: list[dict[str, Any]] = []
        flat = not any("/" in name for name in names)
        label = [] if flat else [("label", pa.string())]
        schema = pa.schema([("path", pa.string()), *label, ("bytes", pa.binary())])
        if not path.is_dir():
            sources.append({**digest(path), "records": 0})
        else:
            sources.extend(_empty(path, names))

        def records() -> Iterator[tuple[Any, ...]]:
            for name in names:
                data, fault = content(name, self.max_cell_bytes)
                if fault:
                    broken.append(quarantined(name, fault, data))
                    continue
                if path.is_dir():
                    import hashlib

                    sources.append(
                        {
                            "path": str(path / name),
                            "bytes": len(data),
                            "sha256": hashlib.sha256(data).hexdigest(),
                            "records": 1,
                        }
                    )
                else:
                    sources[0]["records"] += 1
                classes = () if flat else (name.rpartition("/")[0].rpartition("/")[2] or None,)
                yield name, *classes, data

        return Reading(tuple(schema.names), lambda: _batched(records(), schema), {"bytes": "binary"}, sources, broken)


def _empty(path: Path, names: list[str]) -> list[dict[str, Any]]:
    """Class folders without a picture: a source of no record each, so that a missing class is told."""
    full = {parent for name in names for parent in PurePosixPath(name).parents}
    bare = (p for p in sorted(path.rglob("*")) if p.is_dir() and not p.name.startswith("."))
    return [
        {"path": str(p), "bytes": 0, "sha256": "", "records": 0, "empty": True}
        for p in bare
        if PurePosixPath(p.relative_to(path).as_posix()) not in full
    ]


def _batched(records: Iterator[tuple[Any, ...]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    rows: list[tuple[Any, ...]] = []
    size = 0
    for record in records:
        rows.append(record)
        size += sum(len(cell) for cell in record if cell)
        if len(rows) >= BATCH_FILES or size > BATCH_BYTES:
            yield _batch(rows, schema)
            rows, size = [], 0
    if rows:
        yield _batch(rows, schema)


def _batch(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), schema.types, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
