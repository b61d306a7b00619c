"""Lance as Karat uses it: a fragment per chunk, the story of a version in its manifest, tags as names."""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import ROW
from karat.core.errors import InputError, KaratError, MachineError, OptionError
from karat.store.content import Chunk

STORY = b"karat"
BROKEN = (ValueError, RuntimeError, OSError, KeyError, TypeError, pa.ArrowException)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def _coded(name: str) -> str:
    """A column name as Lance takes it: dots would mean nesting, and an empty name none."""
    return name.replace("%", "%25").replace(".", "%2E") or "%"


def _plain(name: str) -> str:
    return "" if name == "%" else name.replace("%2E", ".").replace("%25", "%")


def _stored(schema: pa.Schema) -> pa.Schema:
    """The columns as Lance keeps them, the record numbers first."""
    return pa.schema([pa.field(ROW, pa.int64()), *(pa.field(_coded(field.name), field.type) for field in schema)])


class Lance:
    """One Lance data set, made with its first version.

    Parameters
    ----------
    path : Path
        Its folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._abouts: dict[int, dict[str, Any]] = {}

    def numbers(self) -> list[tuple[int, datetime]]:
        """Versions and when they were written, oldest first."""
        if not (self.path / "_versions").is_dir():
            return []
        with self._reading():
            return [(int(version["version"]), version["timestamp"]) for version in self._dataset().versions()]

    def about(self, number: int) -> dict[str, Any]:
        """What was written down with a version."""
        if number not in self._abouts:
            with self._reading():
                metadata = self._dataset(number).schema.metadata or {}
                self._abouts[number] = json.loads(metadata[STORY])
        return self._abouts[number]

    def open(self, number: int) -> pa.Table:
        """``_row`` and the columns of a version."""
        with self._reading():
            table = self._dataset(number).to_table()
        return table.rename_columns([_plain(name) for name in table.column_names]).replace_schema_metadata(None)

    def record(self, number: int, row: int) -> dict[str, Any] | None:
        """One record of a version."""
        with self._reading():
            dataset = self._dataset(number)
            rows = dataset.to_table(columns=[ROW]).column(ROW).to_numpy()
            at = int(np.searchsorted(rows, row))
            if at == len(rows) or rows[at] != row:
                return None
            record = dataset.take([at]).drop_columns([ROW]).to_pylist()[0]
        return {_plain(name): value for name, value in record.items()}

    def tags(self) -> dict[str, int]:
        """Names and the versions they stand for."""
        if not (self.path / "_versions").is_dir():
            return {}
        with self._reading():
            return {name: int(tag["version"]) for name, tag in sorted(self._dataset().tags.list().items())}

    def point(self, name: str, number: int) -> None:
        """Let a name stand for a version."""
        if not NAME.fullmatch(name):
            raise OptionError(f"{name!r} is not a name for a version", "Use letters, digits, - and _")
        current = self.tags().get(name)
        if current is None:
            self._new_tag(name, number)
        elif current != number:
            self._dataset().tags.update(name, number)

    def _new_tag(self, name: str, number: int) -> None:
        """Through a link with an ASCII path: in another, Lance makes a stray folder, its name written %E8…"""
        import lance

        if str(self.path.resolve()).isascii() or os.name == "nt":  # Windows makes no links without a right to it
            self._dataset().tags.create(name, number)
            return
        with tempfile.TemporaryDirectory(prefix="karat-") as folder:
            link = Path(folder) / "store"
            link.symlink_to(self.path.resolve(), target_is_directory=True)
            lance.dataset(str(link)).tags.create(name, number)

    def write(self, schema: pa.Schema, chunks: Sequence[Chunk], about: Mapping[str, Any]) -> int:
        """A new version; chunks that an earlier version holds are shared with it.

        Raises
        ------
        MachineError
            The disk is full or may not be written.
        """
        shared = self.known_fragments(schema)
        fragments = [shared.get(chunk.digest) or self.fragment(chunk, schema) for chunk in chunks]
        return self.seal(schema, fragments, about)

    def seal(self, schema: pa.Schema, fragments: Sequence[Any], about: Mapping[str, Any]) -> int:
        """A new version of fragments that are there."""
        import lance

        story = json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
        stored = _stored(schema).with_metadata({STORY: story})
        with self._disk():
            operation = lance.LanceOperation.Overwrite(stored, list(fragments))
            return int(lance.LanceDataset.commit(str(self.path), operation).version)

    def again(self, number: int, about: Mapping[str, Any]) -> int:
        """A new version of the fragments of an old one."""
        dataset = self._dataset(number)
        plain = dataset.schema.remove_metadata()
        schema = pa.schema([pa.field(_plain(field.name), field.type) for field in plain if field.name != ROW])
        return self.seal(schema, [fragment.metadata for fragment in dataset.get_fragments()], about)

    def chunks(self, number: int) -> Iterator[pa.Table]:
        """``_row`` and the columns of a version, a fragment at a time."""
        for fragment in self._dataset(number).get_fragments():
            with self._reading():
                table = fragment.to_table()
            yield table.rename_columns([_plain(name) for name in table.column_names]).replace_schema_metadata(None)

    def fragment(self, chunk: Chunk, schema: pa.Schema) -> Any:
        """A chunk, written; it belongs to no version yet."""
        import lance

        stored = _stored(schema)
        table = chunk.table.rename_columns(stored.names).cast(stored)
        with self._disk():
            return lance.fragment.LanceFragment.create(str(self.path), table, mode="overwrite")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What the library says of a broken file, whatever it raises for it, as one error."""
        try:
            yield
        except KaratError:
            raise
        except BaseException as error:
            if isinstance(error, BROKEN) or type(error).__name__ == "PanicException":  # of Rust; no class to import
                raise InputError(f"store {self.path} is broken: {error}", "Restore the folder from a copy") from error
            raise

    @contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise MachineError(
                f"a version could not be written to {self.path}: {str(error).split(', /')[0]}",
                "Free the disk or name another folder with --out",
            ) from error

    def known_fragments(self, schema: pa.Schema) -> dict[str, Any]:
        """Fragments by the hash of their chunk, from versions with the same columns."""
        stored = _stored(schema)
        by_digest: dict[str, Any] = {}
        for number, _ in self.numbers():
            dataset = self._dataset(number)
            if dataset.schema.remove_metadata().equals(stored.remove_metadata()):
                digests = self.about(number)["chunks"]
                for digest, fragment in zip(digests, dataset.get_fragments(), strict=True):
                    by_digest.setdefault(digest, fragment.metadata)
        return by_digest

    def _dataset(self, number: int | None = None) -> Any:
        os.environ.setdefault("LANCE_LOG", "error")  # read once, when the library starts
        import lance

        with self._reading():
            return lance.dataset(str(self.path), version=number)
