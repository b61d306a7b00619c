"""Opens files as they are stored: plain, gzip or zstd, counted and hashed while they are read."""

import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from karat.collect.limits import MAX_RATIO, RATIO_FROM, LimitError, set_higher
from karat.core.errors import InputError, MachineError

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
FOREIGN = (
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"PK\x03\x04", "a zip archive (or an Excel workbook)"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\x7fELF", "a program"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"7z\xbc\xaf", "a 7z archive"),
)


class Counted(io.RawIOBase):
    """A file that counts and hashes the bytes read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self.file, self.size, self.hash = file, 0, hashlib.sha256()

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer, counting."""
        data = self.file.read(len(buffer))
        buffer[: len(data)] = data
        self.size += len(data)
        self.hash.update(data)
        return len(data)


class _Bounded(io.RawIOBase):
    """Unpacked content that may not be out of all proportion to what is stored."""

    def __init__(self, content: Any, packed: Counted, max_ratio: float, path: Path) -> None:
        super().__init__()
        self.content, self.packed, self.max_ratio, self.path, self.size = content, packed, max_ratio, path, 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer. Raises LimitError."""
        data = self.content.read(len(buffer))
        buffer[: len(data)] = data
        self.size += len(data)
        if self.size > max(RATIO_FROM, self.max_ratio * self.packed.size):
            raise LimitError(
                f"{self.path} unpacks to more than {self.max_ratio:g} times its size", set_higher("max_ratio")
            )
        return len(data)


@contextmanager
def opened(path: Path, entry: dict[str, Any] | None = None, max_ratio: float = MAX_RATIO) -> Iterator[IO[bytes]]:
    """The content of a file, decompressed where its first bytes say so.

    Parameters
    ----------
    path : Path
    entry : dict, optional
        Gets ``bytes`` and ``sha256`` of the file as stored, when it has been read to its end.
    max_ratio : float
        Of the unpacked to the packed size.

    Raises
    ------
    InputError
        No such file, or the compressed data ends early, is broken, or unpacks to too much.
    MachineError
        No permission.
    """
    try:
        with path.open("rb") as file:
            counted = Counted(file)
            content = _decompressed(io.BufferedReader(counted, 1 << 20))
            bounded = content if isinstance(content, io.BufferedReader) and content.raw is counted else None
            unpacked = bounded or io.BufferedReader(_Bounded(content, counted, max_ratio, path), 1 << 20)
            yield cast(IO[bytes], unpacked)
            if entry is not None:
                while counted.read(1 << 20):
                    pass
                entry.update(bytes=counted.size, sha256=counted.hash.hexdigest())
    except FileNotFoundError:
        raise missing_file(path) from None
    except PermissionError:
        raise MachineError(f"no permission to read {path}", "Change its mode") from None
    except (EOFError, zlib.error, OSError) as error:
        if not isinstance(error, (EOFError, zlib.error)) and not _is_broken(error):
            raise
        raise InputError(
            f"{path} ends early or is broken: its compressed data is not complete", "Fetch the file again"
        ) from error


def _is_broken(error: OSError) -> bool:
    """Does the error come from the compressed data, not from the machine?"""
    return error.errno is None or type(error).__name__ == "BadGzipFile"


def _decompressed(file: io.BufferedReader) -> Any:
    head = file.peek(4)[:4]
    if head.startswith(GZIP):
        import gzip

        return gzip.GzipFile(fileobj=file)
    if head.startswith(ZSTD):
        import pyarrow as pa

        return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(file, "r"), "zstd"), 1 << 20)
    return file


def missing_file(path: Path) -> InputError:
    """The error for a path that is not there, with near names from its folder."""
    from difflib import get_close_matches

    folder = path.parent
    names = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
    near = get_close_matches(path.name, names, n=3, cutoff=0.5)
    if not folder.is_dir():
        return InputError(f"{path} not found: there is no folder {str(folder)!r}", "Check the path")
    do = f"did you mean {' or '.join(repr(name) for name in near)}?" if near else "check the path"
    return InputError(f"{path} not found", do)


def foreign(head: bytes) -> str | None:
    """What a file's first bytes say it is, None when nothing we know."""
    return next((what for magic, what in FOREIGN if head.startswith(magic)), None)
