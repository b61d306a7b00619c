"""Tables of each block, in memory while they are few, else in files: what is proposed may be as large as the data."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

IN_MEMORY_BYTES = 64 << 20  # cost: beyond, they go to files


class Spilled:
    """A list of named tables.

    Parameters
    ----------
    place : Path
        A folder for what does not stay in memory; made when it is needed.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self._entries: list[dict[str, pa.Table | None]] = []
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def append(self, tables: Mapping[str, pa.Table]) -> None:
        """The tables of the next block."""
        self._bytes += sum(table.nbytes for table in tables.values())
        kept: dict[str, pa.Table | None] = dict(tables)
        if self._bytes > IN_MEMORY_BYTES:
            self.place.mkdir(parents=True, exist_ok=True)
            for order, (name, table) in enumerate(tables.items()):
                with pa.ipc.new_file(str(self._path(len(self), order)), table.schema) as out:
                    out.write_table(table)
                kept[name] = None
        self._entries.append(kept)

    def __getitem__(self, at: int) -> dict[str, pa.Table]:
        return {
            name: self._read(at, order) if table is None else table
            for order, (name, table) in enumerate(self._entries[at].items())
        }

    def _path(self, at: int, order: int) -> Path:
        return self.place / f"{at:06}.{order}.arrow"

    def _read(self, at: int, order: int) -> pa.Table:
        with pa.OSFile(str(self._path(at, order))) as file:
            return pa.ipc.open_file(file).read_all()
