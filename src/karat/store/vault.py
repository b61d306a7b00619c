"""The vault: originals of masked personal data, readable by their owner alone, and destroyed on request.

With a key (``karat.store.vault_key``) they are encrypted.
"""

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from karat.core.errors import InputError
from karat.store.vault_key import decrypting, encrypting

ORIGINALS = pa.schema([("row", pa.int64()), ("column", pa.string()), ("original", pa.string())])


class Vault:
    """Originals of masked cells, in one folder of mode 0700.

    Parameters
    ----------
    path : Path
        The folder ``vault/`` of a run.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._file = self.path / "originals.parquet"
        self._gone = self.path / "forgotten.json"

    def keep(self, originals: pa.Table) -> None:
        """Add originals (``row``, ``column``, ``original``); the same one of a cell is kept once, the last added last.

        A file that changed between two runs into one folder leaves both: which of them a cell held is told by its sign.
        """
        cells = pa.concat_tables([self.originals(), originals.select(ORIGINALS.names).cast(ORIGINALS)])
        known = cells.append_column("at", pa.array(range(cells.num_rows)))
        places = known.group_by(ORIGINALS.names).aggregate([("at", "max")])["at_max"]
        self._write(cells.take(pa.array(sorted(places.to_pylist()), pa.int64())))

    def originals(self, rows: tuple[int, int] | None = None) -> pa.Table:
        """What is kept, of all records or from one number to another; none when nothing is, or it was forgotten."""
        import pyarrow.parquet as pq

        if not self._file.exists():
            return ORIGINALS.empty_table()
        within = [("row", ">=", rows[0]), ("row", "<=", rows[1])] if rows else None
        with decrypting(self._file) as how:
            return pq.read_table(self._file, schema=ORIGINALS, filters=within, **how)

    def forget(self, rows: list[int] | None = None) -> int:
        """Destroy the originals, all or those of some records; how many cells were destroyed.

        The file is written over before it is removed. ``forgotten`` then says so; undo can no longer bring them back.
        """
        originals = self.originals()
        gone = pc.is_in(originals["row"], pa.array(rows, pa.int64())) if rows is not None else None
        count = originals.num_rows if gone is None else int(pc.sum(gone).as_py() or 0)
        if not count:
            raise InputError(f"{self.path} has no originals to destroy", "Check the run folder")
        self._destroy()
        if gone is not None and count < originals.num_rows:
            self._write(originals.filter(pc.invert(gone)))
        self._gone.write_text(json.dumps({"cells": self.forgotten() + count}) + "\n", encoding="utf-8")
        return count

    def forgotten(self) -> int:
        """How many originals were destroyed so far."""
        return int(json.loads(self._gone.read_text(encoding="utf-8"))["cells"]) if self._gone.exists() else 0

    def _destroy(self) -> None:
        with self._file.open("r+b") as file:
            file.write(b"\0" * self._file.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        self._file.unlink()

    def _write(self, table: pa.Table) -> None:
        import pyarrow.parquet as pq

        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.path / "originals.new"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:
            pq.write_table(table, sink, **encrypting())
        fresh.replace(self._file)
