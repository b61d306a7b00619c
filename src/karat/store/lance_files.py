"""Lance as Karat uses it: a fragment per chunk, the story of a version in its manifest, tags as names."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import ROW
from karat.core.errors import MachineError, OptionError
from karat.store.content import Chunk

STORY = b"karat"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def _coded(name: str) -> str:
    """A column name as Lance takes it: dots would mean nesting, and an empty name none."""
    return name.replace("%", "%25").replace(".", "%2E") or "%"


def _plain(name: str) -> str:
    return "" if name == "%" else name.replace("%2E", ".").replace("%25", "%")


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
        return [(int(held["version"]), held["timestamp"]) for held in self._dataset().versions()]

    def about(self, number: int) -> dict[str, Any]:
        """What was written down with a version."""
        if number not in self._abouts:
            metadata = self._dataset(number).schema.metadata or {}
            self._abouts[number] = json.loads(metadata[STORY])
        return self._abouts[number]

    def open(self, number: int) -> pa.Table:
        """``_row`` and the columns of a version."""
        held = self._dataset(number).to_table()
        return held.rename_columns([_plain(name) for name in held.column_names]).replace_schema_metadata(None)

    def record(self, number: int, row: int) -> dict[str, Any] | None:
        """One record of a version."""
        held = self._dataset(number)
        rows = held.to_table(columns=[ROW]).column(ROW).to_numpy()
        at = int(np.searchsorted(rows, row))
        if at == len(rows) or rows[at] != row:
            return None
        found = held.take([at]).drop_columns([ROW]).to_pylist()[0]
        return {_plain(name): value for name, value in found.items()}

    def tags(self) -> dict[str, int]:
        """Names and the versions they stand for."""
        if not (self.path / "_versions").is_dir():
            return {}
        return {name: int(held["version"]) for name, held in sorted(self._dataset().tags.list().items())}

    def point(self, name: str, number: int) -> None:
        """Let a name stand for a version."""
        if not NAME.fullmatch(name):
            raise OptionError("a name of letters, digits, - and _ wanted", repr(name), "version name")
        tags = self._dataset().tags
        held = self.tags().get(name)
        if held is None:
            tags.create(name, number)
        elif held != number:
            tags.update(name, number)

    def write(self, schema: pa.Schema, chunks: Sequence[Chunk], about: Mapping[str, Any]) -> int:
        """A new version; chunks that an earlier version holds are shared with it.

        Raises
        ------
        MachineError
            The disk is full or may not be written.
        """
        import lance

        story = json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
        fields = [pa.field(ROW, pa.int64()), *(field.with_name(_coded(field.name)) for field in schema)]
        stored = pa.schema([pa.field(f.name, f.type) for f in fields], metadata={STORY: story})
        shared = self._fragments(stored)
        try:
            fragments = [shared.get(chunk.digest) or self._fragment(chunk, stored) for chunk in chunks]
            operation = lance.LanceOperation.Overwrite(stored, fragments)
            return int(lance.LanceDataset.commit(str(self.path), operation).version)
        except OSError as error:
            raise MachineError(
                "a version to be written",
                str(error).split(", /")[0],
                str(self.path),
                "free the disk or name another folder with --out",
            ) from error

    def _fragment(self, chunk: Chunk, stored: pa.Schema) -> Any:
        import lance

        table = chunk.table.rename_columns(stored.names).cast(stored)
        return lance.fragment.LanceFragment.create(str(self.path), table, mode="overwrite")

    def _fragments(self, stored: pa.Schema) -> dict[str, Any]:
        """Fragments by the hash of their chunk, from versions with the same columns."""
        found: dict[str, Any] = {}
        for number, _ in self.numbers():
            held = self._dataset(number)
            if held.schema.remove_metadata().equals(stored.remove_metadata()):
                digests = self.about(number)["chunks"]
                for digest, fragment in zip(digests, held.get_fragments(), strict=True):
                    found.setdefault(digest, fragment.metadata)
        return found

    def _dataset(self, number: int | None = None) -> Any:
        os.environ.setdefault("LANCE_LOG", "error")  # read once, when the library starts
        import lance

        return lance.dataset(str(self.path), version=number)
