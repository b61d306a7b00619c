"""Growing files: one, or all of a folder."""

import os
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from karat.collect.limits import MAX_LINE_BYTES, LimitError
from karat.collect.streams.cut_lines import DELIMITED, LINES, Cut, DelimitedCutter, cut_json
from karat.collect.streams.message import Message, Stream, StreamLost, turn
from karat.core.errors import InputError

CHUNK_BYTES = 1 << 20  # cost: read at a time
AGAIN_SECONDS = 0.05  # cost: between two looks whether a file has grown
HEAD_BYTES = 256  # cost: of a file's beginning, by which another file under its name is known


@dataclass
class _Open:
    """One file as it is read: place of the next byte, what was read behind it, and which file it is."""

    path: Path
    partition: str
    file: BinaryIO
    number: int
    at: int
    rest: bytes = b""
    ready: deque[Message] = field(default_factory=deque)
    cutter: DelimitedCutter | None = None
    replaced: bool = False


@dataclass
class GrowingFiles(Stream):
    """Reads a file, or the files of a folder, from where it stopped, as they grow.

    Lines are messages of JSON Lines (``.jsonl``, ``.ndjson``), records are messages of delimited text (``.csv``,
    ``.tsv``, ``.tab``, ``.psv``). A line that has no line feed yet is not read. A file that became shorter, or another
    file under the same name, is read from its beginning under a name of its own (``events.jsonl~2``); the rest of the
    one that was replaced is read first as long as it is open.

    Parameters
    ----------
    path : Path
    columns : collection of str
        Columns by which the header of delimited text is known.
    """

    path: Path
    columns: Collection[str] = ()
    _files: dict[Path, _Open] = field(default_factory=dict, init=False)
    _places: dict[str, str] = field(default_factory=dict, init=False)
    _passed: set[Path] = field(default_factory=set, init=False)

    def open(self, places: Mapping[str, str], last: Sequence[str]) -> None:
        self.close()
        self._places = dict(places)
        if not self.path.exists():
            raise StreamLost(f"there is no file {self.path}")
        self._look()

    def take(self, most: int, seconds: float) -> list[Message]:
        until = time.monotonic() + seconds
        while True:
            self._look()
            out: list[Message] = []
            for opened in list(self._files.values()):
                out += self._of(opened, most - len(out))
            if out or time.monotonic() >= until:
                return out or self._unfinished(most)
            time.sleep(min(AGAIN_SECONDS, max(0.0, until - time.monotonic())))

    def _of(self, opened: _Open, most: int) -> list[Message]:
        """Messages of one file; the last one says by what the file is known again."""
        while len(opened.ready) < most and self._read(opened):
            pass
        out = [opened.ready.popleft() for _ in range(min(most, len(opened.ready)))]
        if out:
            end = int(out[-1].reached)
            mark = _mark(os.pread(opened.file.fileno(), HEAD_BYTES, 0), end)
            out[-1] = replace(out[-1], after=f"{end}-{mark}")
        elif most and opened.replaced:
            opened.file.close()
            del self._files[opened.path]
        return out

    def _read(self, opened: _Open) -> bool:
        """Read on; was there anything?"""
        data = opened.file.read(CHUNK_BYTES)
        opened.rest += data
        if len(opened.rest) > MAX_LINE_BYTES and b"\n" not in data:
            raise LimitError(f"{opened.path} has a line longer than {MAX_LINE_BYTES >> 20} MB", "Cut it into lines")
        if opened.rest and (b"\n" in data or opened.replaced):
            self._take_in(opened, last=opened.replaced and not data)
        return bool(data)

    def _take_in(self, opened: _Open, *, last: bool) -> None:
        cut = self._cut(opened, len(opened.rest), last=last)
        opened.ready.extend(cut.messages)
        opened.rest = opened.rest[cut.used :]
        opened.at += cut.used

    def _unfinished(self, most: int) -> list[Message]:
        """A last line without a line feed that holds a whole object, once a file grows no more."""
        out: list[Message] = []
        for opened in list(self._files.values()):
            if opened.path.suffix in LINES and opened.rest:
                self._take_in(opened, last=True)
                out += self._of(opened, most - len(out))
        return out

    def _cut(self, opened: _Open, most: int, *, last: bool) -> Cut:
        if not opened.rest:
            return Cut([], 0)
        if opened.path.suffix in LINES:
            return cut_json(opened.partition, opened.rest, opened.at, most, last=last)
        if opened.cutter is None:
            head = os.pread(opened.file.fileno(), CHUNK_BYTES, 0)
            opened.cutter = DelimitedCutter.of(str(opened.path), head, self.columns)
            if opened.cutter is None:
                return Cut([], 0)
            if opened.at < opened.cutter.first:
                skipped = opened.cutter.first - opened.at
                opened.rest, opened.at = opened.rest[skipped:], opened.cutter.first
        return opened.cutter.cut(opened.partition, opened.rest, opened.at, most, last=last)

    def _look(self) -> None:
        """New files are opened; of those that are open, it is seen whether they are still the same."""
        paths = sorted(self.path.rglob("*")) if self.path.is_dir() else [self.path]
        for path in paths:
            if not path.is_file() or path in self._passed or path.name.startswith("."):
                continue
            if path.suffix not in (*LINES, *DELIMITED):
                self._pass(path)
            elif path not in self._files:
                self._enter(path)
            else:
                self._same(self._files[path])

    def _pass(self, path: Path) -> None:
        known = ", ".join((*LINES, *DELIMITED))
        if path == self.path:
            raise InputError(f"{path} cannot be watched: it is none of {known}", "Write one record a line, as JSON")
        self._passed.add(path)
        self.notes.append(f"{path.name} is passed over: it is none of {known}")

    def _name(self, path: Path) -> str:
        return path.name if path == self.path else path.relative_to(self.path).as_posix()

    def _enter(self, path: Path) -> None:
        file = path.open("rb")
        status = os.fstat(file.fileno())
        name, number = self._name(path), 1
        while turn(name, number + 1) in self._places:
            number += 1
        partition = turn(name, number)
        at, known = _place(self._places.get(partition, "0"))
        head = os.pread(file.fileno(), HEAD_BYTES, 0)
        if at and (status.st_size < at or (known and known != _mark(head, at))):
            self._told(path, "shorter" if status.st_size < at else "replaced")
            number, at = number + 1, 0
            partition = turn(name, number)
        file.seek(at)
        self._files[path] = _Open(path, partition, file, number, at)

    def _told(self, path: Path, how: str) -> None:
        words = "became shorter" if how == "shorter" else "is another file now"
        self.notes.append(f"{self._name(path)} {words}: it is read from its beginning")

    def _same(self, opened: _Open) -> None:
        try:
            here = opened.path.stat()
        except FileNotFoundError:
            return
        mine = os.fstat(opened.file.fileno())
        if (here.st_ino, here.st_dev) != (mine.st_ino, mine.st_dev):
            if not opened.replaced:
                opened.replaced = True
                self._told(opened.path, "replaced")
                self._places.setdefault(turn(self._name(opened.path), opened.number + 1), "0")
        elif mine.st_size < opened.at + len(opened.rest):
            self._told(opened.path, "shorter")
            opened.number += 1
            opened.partition = turn(self._name(opened.path), opened.number)
            opened.file.seek(0)
            opened.at, opened.rest, opened.cutter = 0, b"", None

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Nothing has to be told to a file."""

    def close(self) -> None:
        for opened in self._files.values():
            opened.file.close()
        self._files.clear()


def _place(text: str) -> tuple[int, int]:
    """A byte, and the mark of the file's beginning where there is one."""
    at, _, mark = text.partition("-")
    return int(at), int(mark or 0)


def _mark(head: bytes, at: int) -> int:
    """A number by which the beginning of a file is known again."""
    import zlib

    return zlib.crc32(head[: min(HEAD_BYTES, at)])
