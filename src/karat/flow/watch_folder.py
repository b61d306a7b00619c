"""Where ``karat watch`` leaves its results: parts named by partition and places, and the state that makes them count.

A batch is written aside and flushed to disk; then ``state.json`` takes the place of the one before, and with it the
batch counts; then the broker is told. A process that dies before ``state.json`` was replaced has done nothing: what it
wrote is removed, and the messages come again. One that dies after it has done everything: messages that come again are
known by their places. So nothing is lost or written twice.
"""

import base64
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from karat.collect.streams.message import Message, order
from karat.core.errors import InputError, MachineError
from karat.flow.folder import LOCK, read_json, sealed, write_sealed

STATE = "state.json"
DEAD = "dead.jsonl"
DRIFT = "drift.json"
DATA, HELD, REJECTED, FINDINGS, LEDGER = "data", "held", "rejected", "findings", "ledger"  # definition: folders
FOLDERS = (DATA, HELD, REJECTED, FINDINGS, LEDGER)
PLAIN = re.compile(r"[A-Za-z0-9~_-]+").fullmatch


@dataclass(frozen=True)
class WatchState:
    """What a folder of results holds.

    Parameters
    ----------
    source : str
        What is watched, without secrets.
    records : int
        Records that could be read; the next one has this number.
    counts : mapping of str to int
        ``messages``, ``held``, ``rejected``, ``dead``, ``findings``, ``changed``, ``missing``, ``extra``, ``retyped``,
        ``late``, ``out_of_order``, ``ahead``.
    places : mapping of str to str
        By partition, the place up to which messages are done with.
    offsets : mapping of str to str
        By partition, the last message.
    times : mapping of str to int
        By partition, the latest time of an event in microseconds since 1970.
    dead_bytes : int
        Length of ``dead.jsonl``.
    last : tuple of str
        Digests of the last batch, for brokers that number nothing, until it is acknowledged.
    """

    source: str
    records: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    offsets: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    dead_bytes: int = 0
    last: tuple[str, ...] = ()


class WatchFolder:
    """A folder of results that is locked and in a good state.

    Parameters
    ----------
    source : str
        Of which it holds results.

    Use ``WatchFolder.entered`` to have one.
    """

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.state = self._found(source)
        self._recover()

    @classmethod
    @contextmanager
    def entered(cls, path: Path, source: str) -> Iterator["WatchFolder"]:
        """The folder, which no other process writes to meanwhile.

        Raises
        ------
        InputError
            It holds something else, or results of another source.
        MachineError
            Another process writes to it.
        """
        import fcntl

        known = {STATE, DEAD, LOCK, DRIFT, f".{STATE}.part", f".{DRIFT}.part", *FOLDERS}
        if path.is_dir() and {inner.name for inner in path.iterdir()} - known:
            raise InputError(f"{path} holds other files than results of karat watch", "Name a new folder with --out")
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise MachineError(
                    f"another process writes to {path}", "Stop it, or name another folder with --out"
                ) from error
            yield cls(path, source)
        finally:
            os.close(lock)

    def _found(self, source: str) -> WatchState:
        place = self.path / STATE
        if not place.exists():
            return WatchState(source)
        values = sealed(place)
        if values is None:
            read_json(place)  # says what is broken
            raise InputError(f"{place} was altered", "Restore it from a copy, or name a new folder with --out")
        state = WatchState(**values | {"last": tuple(values["last"])})
        if state.source != source:
            raise InputError(f"{self.path} holds results of {state.source}", "Name another folder with --out")
        return state

    def _recover(self) -> None:
        """Take away what was written and never counted."""
        ends = {slug(partition): order(offset) for partition, offset in self.state.offsets.items()}
        for folder in FOLDERS:
            for path in (self.path / folder).glob("*") if (self.path / folder).is_dir() else ():
                name, first, *_ = path.name.split(".")
                if path.suffix != ".parquet" or name not in ends or order(first) > ends[name]:
                    path.unlink()
        dead = self.path / DEAD
        if dead.exists() and dead.stat().st_size > self.state.dead_bytes:
            os.truncate(dead, self.state.dead_bytes)

    def write(self, tables: Mapping[tuple[str, str], pa.Table], dead: Sequence[tuple[Message, str]], state: WatchState,
              spans: Mapping[str, tuple[str, str]]) -> None:  # fmt: skip
        """Let a batch count.

        Parameters
        ----------
        tables : mapping of (folder, partition) to pyarrow.Table
        dead : sequence of (Message, str)
            What could not be read, and why.
        state : WatchState
            As it is with the batch; ``dead_bytes`` is filled in here.
        spans : mapping of str to (str, str)
            By partition, its first and last message in the batch.
        """
        for (folder, partition), table in tables.items():
            first, last = spans[partition]
            self._part(self.path / folder, f"{slug(partition)}.{first}.{last}.parquet", table)
        for folder in {folder for folder, _ in tables}:
            _flush(self.path / folder)
        self._keep(replace(state, dead_bytes=self._buried(dead)))

    def _part(self, folder: Path, name: str, table: pa.Table) -> None:
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            _flush(self.path)
        beside = folder / f".{name}.part"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            pq.write_table(table, file, compression="zstd", write_statistics=False)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / name)

    def _buried(self, dead: Sequence[tuple[Message, str]]) -> int:
        """Append what could not be read; returns the length of the file."""
        if not dead:
            return self.state.dead_bytes
        place = self.path / DEAD
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600), "ab") as file:
            for message, error in dead:
                line = {"partition": message.partition, "offset": message.offset, "error": error}
                line["base64"] = base64.b64encode(message.body).decode()
                file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        _flush(self.path)
        return size

    def _keep(self, state: WatchState) -> None:
        write_sealed(self.path / STATE, asdict(state), flushed=True)
        _flush(self.path)
        self.state = state

    def acknowledged(self) -> None:
        """The broker knows: of the last batch nothing comes again."""
        if self.state.last:
            self.state = replace(self.state, last=())
            write_sealed(self.path / STATE, asdict(self.state))


def slug(partition: str) -> str:
    """A partition as part of a file name; what cannot stand there is told apart by a number.

    >>> slug("orders")
    'orders'
    >>> slug("a/b") == slug("a_b")
    False
    """
    if PLAIN(partition):
        return partition
    return f"{re.sub('[^A-Za-z0-9~_-]+', '_', partition)[:80]}~{zlib.crc32(partition.encode()):08x}"


def _flush(folder: Path) -> None:
    """Have the kernel write a folder's entries to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
