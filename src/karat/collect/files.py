"""Files of a folder or an archive, and their content within a limit."""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from posixpath import splitext
from typing import IO

from karat.collect.typed import whole_file_wanted

TEXTS = (".txt", ".text", ".md")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
# Pictures that cannot be read: they go to quarantine, so that nobody wonders where they are
UNREAD = (".heic", ".heif", ".avif", ".jp2", ".jxl")
_PICTURED = PICTURES + UNREAD
# Files about a folder, by custom (Debian Policy 12.5 and 12.7; GitHub's special files): no records of it
ABOUT = re.compile(
    r"(?i)(read[-_ ]?me|licen[cs]e|copying|change(log|s)|notice|authors|citation|contributing|说明|自述)\b.*"
)
KEPT_BYTES = 1 << 20  # cost: of a picture in quarantine
Content = Callable[[str, int], tuple[bytes, str]]  # name, most bytes -> bytes, what is wrong with them


def files_below(folder: Path, suffixes: tuple[str, ...] | None = None) -> list[Path]:
    """All files of a folder in sorted path order, hidden ones left out."""
    paths = (
        p
        for p in folder.rglob("*")
        if p.is_file() and not any(part.startswith(".") for part in p.relative_to(folder).parts)
    )
    return sorted(p for p in paths if suffixes is None or _suffix(p.name) in suffixes)


def without_notes(files: list[Path]) -> list[Path]:
    """Files without those that say something about the others, such as README.md; all where there are no others."""
    others = [file for file in files if not ABOUT.fullmatch(file.name)]
    return others or files


def passed_over(folder: Path, read: Iterable[str | Path], *, pictures: bool) -> dict[str, int]:
    """How many files of a folder were not read, by the endings of their names, the most first.

    Parameters
    ----------
    read : iterable of str or Path
        Files that were.
    pictures : bool
        Pictures were looked for: the data or its tables say what became of each.
    """
    known = {Path(path).resolve() for path in read}
    others = [path for path in files_below(folder) if path.resolve() not in known]
    endings = Counter(path.suffix.lower() for path in others if not (pictures and _suffix(path.name) in _PICTURED))
    return dict(sorted(endings.items(), key=lambda entry: (-entry[1], entry[0])))


def _suffix(name: str) -> str:
    stem, suffix = splitext(name.lower())
    return splitext(stem)[1] if suffix in (".gz", ".zst") else suffix


def in_folder(path: Path) -> tuple[list[str], Content]:
    """Names of the pictures below a folder in sorted order, and what gives their bytes."""
    names = [file.relative_to(path).as_posix() for file in files_below(path, _PICTURED)]
    return names, lambda name, most: _bounded((path / name).open("rb"), most)


def _bounded(file: IO[bytes], most: int) -> tuple[bytes, str]:
    """The content of a file; its beginning alone, and the fault, where it is too large."""
    with file:
        data = file.read(most + 1)
    return (data, "") if len(data) <= most else (data[:KEPT_BYTES], f"larger than {most >> 20} MB (max_cell_bytes)")


def in_archive(path: Path) -> tuple[list[str], Content]:
    """Names of the pictures in a zip archive in sorted order, and what gives their bytes. Raises InputError."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise whole_file_wanted("zip archive", path, error) from error
    names = sorted(
        n for n in archive.namelist() if _suffix(n) in _PICTURED and not n.rpartition("/")[2].startswith(".")
    )
    return names, lambda name, most: _member(archive, name, most)


def _member(archive: zipfile.ZipFile, name: str, most: int) -> tuple[bytes, str]:

    try:
        return _bounded(archive.open(name), most)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        return b"", f"cannot be unpacked: {error}"
