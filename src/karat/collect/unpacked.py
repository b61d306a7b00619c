"""Reads gzip, zstd and plain files up to where they break, and says where that was."""

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self

from karat.collect.reading import quarantined

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
STEP_BYTES = 1 << 17  # cost: read at a time; gzip may unpack it to a thousand times as much
ZSTD_AHEAD_BYTES = 64 << 10  # definition: Arrow reads ahead of what it unpacks
MOST_RAW_BYTES = 16 << 20  # cost: of a broken end that are kept; its length is told whole


class Hashed:
    """A file that counts and hashes what is read from it."""

    closed = False  # Arrow asks

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.size, self.hash = file, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As a file does."""
        data = self.file.read(size)
        self.size += len(data)
        self.hash.update(data)
        return data

    def tell(self) -> int:
        """How much was read."""
        return self.size

    def close(self) -> None:
        """Nothing to close; the file belongs to another. Arrow asks for it."""

    def finish(self) -> dict[str, Any]:
        """Size and hash of the whole file, read to its end."""
        while self.read(1 << 20):
            pass
        return {"bytes": self.size, "sha256": self.hash.hexdigest()}


class Unpacked:
    """The content of a file as a stream of bytes, which ends where the data is broken.

    Parameters
    ----------
    begin : int
        Byte to begin with; only for plain files.
    hashed : bool
        Whether ``source`` hashes the file as stored.
    """

    def __init__(self, path: Path, begin: int = 0, *, hashed: bool = False) -> None:
        self.path, self.error = path, ""
        self._file = path.open("rb")
        head = self._file.read(4)
        self._file.seek(begin)
        self.source: Any = Hashed(self._file) if hashed else self._file
        self.packed = head.startswith((GZIP, ZSTD)) and not begin
        self._broken_at = 0
        self._held = b""
        self._chunks: Iterator[bytes] | None = None
        if self.packed:
            self._chunks = self._gunzipped() if head.startswith(GZIP) else self._zstd()

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; fewer only at the end."""
        if self._chunks is None:
            data: bytes = self.source.read(size)
            return data
        parts, length = [self._held], len(self._held)
        while (size < 0 or length < size) and (more := next(self._chunks, b"")):
            parts.append(more)
            length += len(more)
        data = b"".join(parts)
        if size < 0:
            self._held = b""
            return data
        self._held = data[size:]
        return data[:size]

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def remainder(self) -> list[dict[str, Any]]:
        """The stretch as stored that could not be unpacked, as entries for the quarantine: none or one."""
        if not self.error:
            return []
        size = self.path.stat().st_size
        self._file.seek(self._broken_at)
        raw = self._file.read(MOST_RAW_BYTES)
        entry = quarantined(str(self.path), self.error, raw, None, self._broken_at)
        return [entry | {"length": size - self._broken_at}]

    def _gunzipped(self) -> Iterator[bytes]:
        engine = zlib.decompressobj(31)
        at, inside = 0, False
        while data := self.source.read(STEP_BYTES):
            while data:
                before, inside = engine.copy(), True
                try:
                    out = engine.decompress(data)
                except zlib.error as error:
                    out, used = _as_far_as_it_goes(before, data)
                    self.error, self._broken_at = f"broken gzip data: {error}", at + used
                    if out:
                        yield out
                    return
                at += len(data) - len(engine.unused_data)
                data = engine.unused_data
                if out:
                    yield out
                if engine.eof:
                    engine, inside = zlib.decompressobj(31), False
                    at += len(data) - len(data.lstrip(b"\x00"))
                    data = data.lstrip(b"\x00")  # some tapes pad the end with zeros
        if inside:
            self.error, self._broken_at = "gzip data that ends early", at

    def _zstd(self) -> Iterator[bytes]:
        import pyarrow as pa

        stored = pa.PythonFile(self.source, "r") if isinstance(self.source, Hashed) else pa.OSFile(str(self.path))
        stream = pa.CompressedInputStream(stored, "zstd")
        while True:
            before = stored.tell()
            try:
                data = stream.read(STEP_BYTES)
            except (OSError, pa.ArrowException) as error:
                if isinstance(error, OSError) and error.errno is not None:
                    raise  # that is the disk
                self.error = f"broken zstd data: {str(error)[:80]}"
                self._broken_at = max(0, before - ZSTD_AHEAD_BYTES)
                return
            if not data:
                return
            yield data


def _as_far_as_it_goes(engine: Any, data: bytes) -> tuple[bytes, int]:
    """What can be unpacked of data that breaks somewhere, and how many bytes of it were used."""
    out: list[bytes] = []
    for at in range(0, len(data), 64):
        try:
            out.append(engine.decompress(data[at : at + 64]))
        except zlib.error:
            return b"".join(out), at
    return b"".join(out), len(data)
