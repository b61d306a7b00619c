"""What a run folder says: its files, read once, absent ones as nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from karat.core.errors import InputError
from karat.core.finding import FINDINGS
from karat.core.patch import LEDGER
from karat.core.schema import Schema
from karat.flow.review import REVIEW, case_count

QUARANTINE_SHOWN = 5  # display: entries


@dataclass(frozen=True)
class Facts:
    """The files of a run folder."""

    folder: Path

    @classmethod
    def of(cls, folder: Path) -> "Facts":
        """The facts of a run folder. Raises InputError where it is none."""
        folder = Path(folder)
        if not (folder / "run.json").exists() and not (folder / "findings.parquet").exists():
            raise InputError(
                f"{folder} is not a run folder: "
                + ("it has no run.json" if folder.is_dir() else "there is no such folder"),
                "Make one with karat clean DATA",
            )
        return cls(folder)

    @cached_property
    def run(self) -> Mapping[str, Any]:
        """``run.json``."""
        return self._json("run.json")

    @property
    def of_documents(self) -> bool:
        """Has it what a report of documents is made from?"""
        return bool(self.story)

    @cached_property
    def story(self) -> Mapping[str, Any]:
        """``corpus.json``, what documents were removed and what they were like; empty for other kinds of data."""
        return self._json("corpus.json")

    @cached_property
    def scores(self) -> Mapping[str, Any]:
        """``scores.json``."""
        return self._json("scores.json")

    @cached_property
    def accounting(self) -> Mapping[str, Any]:
        """``accounting.json``."""
        return self._json("accounting.json")

    @cached_property
    def lift(self) -> Mapping[str, Any]:
        """``lift.json``, empty when nothing was proved."""
        return self._json("lift.json")

    @cached_property
    def evaluation(self) -> Mapping[str, Any]:
        """``evaluation.json``, how good the model is; empty without one."""
        return self._json("evaluation.json")

    @cached_property
    def schema(self) -> Schema | None:
        """``schema.json``."""
        content = self._json("schema.json")
        return Schema.from_json(dict(content)) if content else None

    @cached_property
    def findings(self) -> pa.Table:
        """``findings.parquet``."""
        return self._table("findings.parquet", FINDINGS)

    @cached_property
    def ledger(self) -> pa.Table:
        """``ledger.parquet``."""
        return self._table("ledger.parquet", LEDGER)

    @cached_property
    def cases(self) -> pa.Table:
        """``review.parquet``."""
        return self._table("review.parquet", REVIEW)

    @cached_property
    def waiting(self) -> int:
        """Cells and records that need review."""
        return case_count(self.cases)

    @cached_property
    def quarantine(self) -> list[dict[str, Any]]:
        """The first stretches that could not be read, with their bytes as text."""
        path = self.folder / "quarantine.parquet"
        if not path.exists():
            return []
        import pyarrow.parquet as pq

        parquet = pq.ParquetFile(path)
        first = next(parquet.iter_batches(QUARANTINE_SHOWN), None)
        return (
            []
            if first is None
            else [row | {"raw": (row.get("raw") or b"")[:400].decode("utf-8", "replace")} for row in first.to_pylist()]
        )

    @cached_property
    def data(self) -> Path | None:
        """Where the refined records lie."""
        path = self.folder / "data.parquet"
        return path if path.exists() else None

    @property
    def rooms(self) -> Mapping[str, Any]:
        """What each room said of itself, from ``run.json``."""
        return dict(self.run.get("rooms") or {})

    @property
    def name(self) -> str:
        """The data set's name."""
        return str(self.run.get("name") or self.folder.resolve().name)

    def has(self, name: str) -> bool:
        """Does a file stand in the folder?"""
        return (self.folder / name).exists()

    def _json(self, name: str) -> Mapping[str, Any]:
        path = self.folder / name
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}

    def _rows(self, name: str) -> int:
        path = self.folder / name
        if not path.exists():
            return 0
        import pyarrow.parquet as pq

        return int(pq.read_metadata(path).num_rows)

    def _table(self, name: str, schema: pa.Schema) -> pa.Table:
        path = self.folder / name
        if not path.exists():
            return schema.empty_table()
        import pyarrow.parquet as pq

        table = pq.ParquetFile(path).read()
        return table.select([n for n in schema.names if n in table.column_names])
