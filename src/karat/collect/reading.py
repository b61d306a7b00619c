"""What a source hands over: names, batches of text, and the stretches that could not be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from karat.collect.assumed import Assumption
from karat.core.errors import InputError

BATCH_RECORDS = 65_536  # cost: of a batch in memory


@dataclass
class Reading:
    """A data set on its way in.

    Parameters
    ----------
    names : tuple of str
        Column names; two alike are an error.
    pull : callable
        Gives the batches: string columns (binary for images), null = blank.
    types : dict of str to str
        Types that a typed source declares; text sources declare none.
    stored : dict of str to str
        The same exactly, as ``karat.collect.arrow_types.type_text`` writes an Arrow type.
    sources : list of dict
        One entry per file: ``path``, ``bytes``, ``sha256``, ``records``; whole once the batches are exhausted.
    quarantine : list of dict
        What could not be read: ``source``, ``line``, ``offset``, ``length``, ``row``, ``error``, ``raw``.
    assumed : list of Assumption
        What was taken to be so in order to read it.
    """

    names: tuple[str, ...]
    pull: Callable[[], Iterator[pa.RecordBatch]]
    types: dict[str, str] = field(default_factory=dict)
    sources: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    assumed: list[Assumption] = field(default_factory=list)
    stored: dict[str, str] = field(default_factory=dict)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The records, in order; to be read once."""
        return self.pull()

    def first(self, records: int) -> "Reading":
        """The reading of the first records alone; the rest is left unread."""

        def pull() -> Iterator[pa.RecordBatch]:
            left = records
            for batch in self.pull():
                yield batch.slice(0, left)
                left -= len(batch)
                if left <= 0:
                    return

        return replace(self, pull=pull)

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema of the batches."""
        kinds = {"binary": pa.binary()}
        return pa.schema([(name, kinds.get(self.types.get(name, ""), pa.string())) for name in self.names])


def named(cells: list[str | None], where: str) -> tuple[str, ...]:
    """Column names from header cells: ``column_<i>`` where there is none; two alike are an InputError."""
    names = tuple(cell if cell and cell.strip() else f"column_{at}" for at, cell in enumerate(cells))
    seen: dict[str, int] = {}
    for at, name in enumerate(names):
        if name in seen:
            raise InputError(
                f"{where} has two columns named {name!r}: columns {seen[name] + 1} and {at + 1}", "Rename one of them"
            )
        seen[name] = at
    return names


def quarantined(
    source: str, error: str, raw: bytes, line: int | None = None, offset: int | None = None
) -> dict[str, Any]:
    """One entry of ``quarantine.parquet``; lines count from 1, offsets are bytes from the start of the file."""
    return {
        "source": source,
        "line": line,
        "offset": offset,
        "length": len(raw),
        "row": None,
        "error": error,
        "raw": raw,
    }
