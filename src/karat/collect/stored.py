"""Opens files as they are stored: plain, gzip or zstd, counted and hashed while they are read."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from karat.collect.limits import MAX_RATIO, RATIO_FROM, ratio_error
from karat.collect.unpacked import Unpacked
from karat.core.errors import InputError, MachineError

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


class _Whole(io.RawIOBase):
    """Unpacked content that has to be whole, and not out of all proportion to what is stored."""

    def __init__(self, content: Unpacked, max_ratio: float) -> None:
        super().__init__()
        self.content, self.max_ratio, self.size = content, max_ratio, 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer. Raises InputError and LimitError."""
        data, path = self.content.read(len(buffer)), self.content.path
        if self.content.error:
            raise InputError(
                f"{path} ends early or is broken: its compressed data is not complete", "Fetch the file again"
            )
        buffer[: len(data)] = data
        self.size += len(data)
        if self.content.packed and self.size > max(RATIO_FROM, self.max_ratio * self.content.source.tell()):
            raise ratio_error(path, self.max_ratio)
        return len(data)

    def readall(self) -> bytes:
        """All that is left, in large steps."""
        return b"".join(iter(lambda: self.read(1 << 20), b""))


@contextmanager
def opened(path: Path, entry: dict[str, Any] | None = None, max_ratio: float = MAX_RATIO) -> Iterator[IO[bytes]]:
    """The content of a file, decompressed where its first bytes say so.

    Parameters
    ----------
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
        with Unpacked(path, hashed=True) as content:
            yield cast(IO[bytes], io.BufferedReader(_Whole(content, max_ratio), 1 << 20))
            if entry is not None:
                entry.update(content.source.finish())
    except FileNotFoundError:
        raise missing_file(path) from None
    except PermissionError:
        raise MachineError(f"no permission to read {path}", "Change its mode") from None


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
