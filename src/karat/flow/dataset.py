"""A data set on disk or in memory, cut into blocks of a fixed size so that answers never depend on how it came in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import accumulate
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from karat.core.block import BLOCK_RECORDS, Block, picked
from karat.core.hashes import record_keys
from karat.core.schema import Schema

ROW_AT = 0  # definition: the column of record numbers in a file; the data may have one of the same name
KEPT_BLOCKS = 4  # cost: this many blocks keep their cached views between passes; more would grow with the input


class Blocks(Protocol):
    """Records that lie on disk in parts of their own, numbered from 0 through all of them."""

    @property
    def sizes(self) -> list[int]:
        """How many records each part holds."""
        ...

    def records(self, at: int) -> pa.Table:
        """The records of one part as they came: text columns, null = blank."""
        ...

    def beside(self, at: int) -> Mapping[str, Any]:
        """What was computed beside the records of one part."""
        ...

    @property
    def annotations(self) -> Path:
        """The folder in which what annotations measure is stored."""
        ...


@dataclass(frozen=True, eq=False)
class Dataset:
    """Records in blocks.

    Parameters
    ----------
    path : Path or None
        An Arrow IPC file with ``_row`` first and one record batch per block; memory-mapped.
    table, rows : pyarrow.Table and ndarray of int64
        Instead of ``path``: text columns in memory, and their record numbers.
    source : Blocks or None
        Instead of both: parts on disk, each a block.
    extra : mapping
        Per-record arrays (n,) or (n, k), cut along with the records; other values are handed on whole.
    measured : dict
        What annotations measured of the blocks of data in memory.
    """

    schema: Schema
    path: Path | None = None
    table: pa.Table | None = None
    rows: np.ndarray | None = None
    source: Blocks | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    measured: dict[Any, dict[str, pa.Table]] = field(init=False, repr=False, default_factory=dict)
    _kept: dict[int, Block] = field(init=False, repr=False, default_factory=dict)
    _opened: list[Any] = field(init=False, repr=False, default_factory=list)
    _keys: list[np.ndarray] = field(init=False, repr=False, default_factory=list)
    _lock: Any = field(init=False, repr=False, default_factory=Lock)

    @classmethod
    def of(cls, block: Block) -> "Dataset":
        """A data set of one in-memory table of any length."""
        data = cls(block.schema, table=block.table, rows=block.rows, extra=block.extra)
        if len(block) <= BLOCK_RECORDS:
            data._kept[0] = block
        return data

    def extra_scalars(self) -> dict[str, Any]:
        """What is handed on whole, not cut by record."""
        return {k: v for k, v in self.extra.items() if not (isinstance(v, np.ndarray) and v.ndim)}

    def with_extra(self, **extra: Any) -> "Dataset":
        """The same records with more computed columns."""
        data = replace(self, extra={**self.extra, **extra})
        data._keys.extend(self._keys)
        return data

    @property
    def _file(self) -> Any:
        """Mapped: for what looks at little of it, or at all of it at once."""
        if not self._opened:
            self._opened.append(pa.ipc.open_file(pa.memory_map(str(self.path))))
        return self._opened[0]

    @cached_property
    def _blocks_file(self) -> Any:
        """Read, not mapped: a block that is done with leaves memory, and the whole file is never in it."""
        return pa.ipc.open_file(pa.OSFile(str(self.path)))

    @property
    def block_count(self) -> int:
        """Number of blocks."""
        if self.path is not None:
            return int(self._file.num_record_batches)
        if self.source is not None:
            return len(self.source.sizes)
        assert self.table is not None
        return -(-self.table.num_rows // BLOCK_RECORDS)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each block begins, and where the last ends; long texts make short blocks on disk."""
        if self.source is not None:
            return list(accumulate(self.source.sizes, initial=0))
        if self.path is None:
            assert self.table is not None
            return [*range(0, self.table.num_rows, BLOCK_RECORDS), self.table.num_rows]
        file = self._file
        return list(accumulate((file.get_batch(at).num_rows for at in range(file.num_record_batches)), initial=0))

    @cached_property
    def _firsts(self) -> np.ndarray:
        """The first record number of each block."""
        if self.source is not None:
            return np.array(self._starts[:-1])
        if self.path is not None:
            return np.array([self._file.get_batch(at).column(ROW_AT)[0].as_py() for at in range(self.block_count)])
        return np.array([self.block(at).rows[0] for at in range(self.block_count)])

    def __len__(self) -> int:
        return self._starts[-1]

    def block(self, at: int) -> Block:
        """Block number ``at``."""
        if at in self._kept:
            return self._kept[at]
        start, end = self._starts[at], self._starts[at + 1]
        if self.path is not None:
            table = pa.Table.from_batches([self._blocks_file.get_batch(at)])
            rows = table.column(ROW_AT).to_numpy()
            table = table.remove_column(ROW_AT)
        elif self.source is not None:
            table, rows = self.source.records(at), np.arange(start, end)
        else:
            assert self.table is not None
            assert self.rows is not None
            table, rows = self.table.slice(start, end - start), self.rows[start:end]
        beside = self.source.beside(at) if self.source is not None else {}
        cut = {
            k: picked(v, lambda part: part[start:end], lambda part: part.slice(start, end - start))
            for k, v in self.extra.items()
        }
        block = Block(rows, table, self.schema, {**cut, **beside})
        for content in self._keys[1:]:
            block.memo("content", partial(content.__getitem__, slice(start, end)))
        return self.keep(at, block if self.block_count == 1 else block.keyed(lambda: self.keys[start:end]))

    @property
    def keys(self) -> np.ndarray:
        """(n,) uint64: ``record_keys`` of all records, from one pass over them."""
        with self._lock:
            if not self._keys:
                parts = [Block(b.rows, b.table, b.schema).content for b in self.blocks()]
                content = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
                self._keys.extend([record_keys(content), content])
        return self._keys[0]

    def keep(self, at: int, block: Block) -> Block:
        """The block, kept for the next pass where there are few."""
        if self.block_count <= KEPT_BLOCKS:
            self._kept[at] = block
        return block

    def records(self, rows: np.ndarray) -> pa.Table:
        """Records by their numbers, in the order asked for; all must be there.

        Parameters
        ----------
        rows : ndarray of int64, shape (k,)
        """
        home = np.searchsorted(self._firsts, rows, side="right") - 1
        order = np.argsort(home, kind="stable")
        parts = []
        for at in np.unique(home).tolist():
            block = self.block(at)
            parts.append(block.table.take(pa.array(np.searchsorted(block.rows, rows[order[home[order] == at]]))))
        return pa.concat_tables(parts).take(pa.array(np.argsort(order, kind="stable")))

    def spread(self, size: int) -> Block:
        """At most ``size`` records, those with the smallest keys in that order, and nothing beside them."""
        at = np.argpartition(self.keys, size)[:size] if size < len(self) else np.arange(len(self))
        at = np.sort(at)
        home = np.searchsorted(self._starts, at, side="right") - 1
        parts = [self.block(int(b)).take(at[home == b] - self._starts[int(b)]) for b in np.unique(home)]
        if not parts:
            return self.whole()
        table = pa.concat_tables([part.table for part in parts]).combine_chunks()
        keys = self.keys[at]
        return Block(np.concatenate([part.rows for part in parts]), table, self.schema).keyed(lambda: keys).canonical

    def blocks(self) -> Iterator[Block]:
        """All blocks in order."""
        return (self.block(at) for at in range(self.block_count))

    def whole(self) -> Block:
        """Every record as one block: for what needs a model, whose features are held in memory anyway."""
        if self.block_count == 1:
            return self.block(0)
        if self.table is not None:
            assert self.rows is not None
            return Block(self.rows, self.table, self.schema, self.extra).keyed(lambda: self.keys)
        if self.source is not None:
            table = pa.concat_tables([block.table for block in self.blocks()])
            return Block(np.arange(len(self)), table, self.schema, self.extra).keyed(lambda: self.keys)
        table = self._file.read_all()
        rows, table = table.column(ROW_AT).to_numpy(), table.remove_column(ROW_AT)
        return Block(rows, table, self.schema, self.extra).keyed(lambda: self.keys)

    def scannable(self) -> Any:
        """What DuckDB can scan."""
        if self.source is not None:
            return self.whole().table
        if self.path is None:
            return self.table
        import pyarrow.dataset as ds

        return ds.dataset(self.path, format="ipc")
