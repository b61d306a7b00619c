"""Standard input as a stream."""

import os
import select
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from karat.collect.limits import MAX_LINE_BYTES, LimitError
from karat.collect.streams.cut_lines import Cut, DelimitedCutter, cut_json
from karat.collect.streams.message import Message, Stream

CHUNK_BYTES = 1 << 18  # cost: read at a time
STDIN = "stdin"


@dataclass
class StandardInput(Stream):
    """Reads lines of JSON from standard input, or delimited text whose first line names the columns.

    What was read and not yet written when the process is killed is gone with the pipe.

    Parameters
    ----------
    columns : collection of str
        Columns by which a header is known.
    """

    columns: Collection[str] = ()
    _rest: bytes = field(default=b"", init=False)
    _at: int = field(default=0, init=False)
    _cutter: DelimitedCutter | None = field(default=None, init=False)
    _form: str = field(default="", init=False)
    _closed: bool = field(default=False, init=False)

    def open(self, places: Mapping[str, str], last: Sequence[str]) -> None:
        self._at = int(places.get(STDIN, "0"))

    def take(self, most: int, seconds: float) -> list[Message]:
        until = time.monotonic() + seconds
        while True:
            cut = self._cut(most)
            self._rest, self._at = self._rest[cut.used :], self._at + cut.used
            self.ended = self._closed and not cut.messages
            if cut.messages or self.ended or time.monotonic() >= until:
                return cut.messages
            self._read(max(0.0, until - time.monotonic()))

    def _read(self, seconds: float) -> None:
        if self._closed or not select.select([sys.stdin], [], [], seconds)[0]:
            return
        data = os.read(sys.stdin.fileno(), CHUNK_BYTES)
        self._closed = not data
        self._rest += data
        if len(self._rest) > MAX_LINE_BYTES and b"\n" not in self._rest:
            raise LimitError(f"standard input has a line longer than {MAX_LINE_BYTES >> 20} MB", "Cut it into lines")

    def _cut(self, most: int) -> Cut:
        if not self._rest:
            return Cut([], 0)
        if not self._form:
            self._form = "json" if self._rest.lstrip()[:1] == b"{" else "delimited"
        if self._form == "json":
            if self._closed and not self._rest.endswith(b"\n"):
                self._rest += b"\n"
            return cut_json(STDIN, self._rest, self._at, most, last=self._closed)
        if self._cutter is None:
            if self._closed and b"\n" not in self._rest:
                self._rest += b"\n"
            self._cutter = DelimitedCutter.of("standard input", self._rest, self.columns)
            if self._cutter is None:
                return Cut([], 0)
            self._rest = self._rest[self._cutter.first :]
        return self._cutter.cut(STDIN, self._rest, self._at, most, last=self._closed)

    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Nobody waits for it."""

    def close(self) -> None:
        """Standard input is not ours to close."""
