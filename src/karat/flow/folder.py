"""The run folder: the home of one data set, in which rooms leave finished work for a run that goes on."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.errors import InputError

MARK = "run.json"
PART_STORES = "pieces-"  # what was read of a corpus outlives a change of settings
SCORES = "scores"  # what was measured names all it depends on, and so outlives any change
KNOWN = (MARK, ".work", "store")
LOCK = ".lock"
SETTINGS = "karat.toml"
STARTED, DONE = "started.json", ".done.json"
SEAL = "sha256"  # the key under which a file of plain values has its own digest


def write_json(path: Path, value: Any) -> None:
    """JSON, whole or not at all."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def write_text(path: Path, text: str, *, flushed: bool = False) -> None:
    """Text, whole or not at all: written beside, then moved over; ``flushed`` to the disk before it is moved."""
    write_parts(path, [text], flushed=flushed)


def write_parts(path: Path, parts: Iterable[str], *, flushed: bool = False) -> None:
    """The parts of a text one after the other, whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)  # never through a link that someone put there
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(parts)
        if flushed:
            file.flush()
            os.fsync(file.fileno())
    beside.replace(path)


def write_table(path: Path, table: pa.Table, *, noted: bool = False, **options: Any) -> None:
    """Parquet, whole or not at all, readable by its owner alone; ``noted`` leaves its digest for ``is_unaltered``."""
    beside = path.with_name(f".{path.name}.part")
    beside.unlink(missing_ok=True)
    pq.write_table(table, beside, compression="zstd", **options)
    beside.chmod(0o600)
    if noted:
        write_digest(path, beside)
    beside.replace(path)


def read_json(path: Path) -> Any:
    """The value of a JSON file. Raises InputError where it holds none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is broken: {error}", "Restore the file from a copy, or make the run anew") from error


def write_sealed(path: Path, values: Mapping[str, Any], *, flushed: bool = False) -> None:
    """JSON with its own SHA-256, whole or not at all; ``flushed`` to the disk before it takes its place."""
    plain = json.loads(json.dumps(values))
    write_text(path, json.dumps({**plain, SEAL: digest(plain)}) + "\n", flushed=flushed)


def sealed(path: Path) -> dict[str, Any] | None:
    """The values that ``write_sealed`` left in a file; None where it is missing or was altered."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        seal = values.pop(SEAL)
    except (FileNotFoundError, ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return None
    return values if isinstance(values, dict) and seal == digest(values) else None


def digest_beside(path: Path) -> Path:
    """Where the digest of a file lies that other files refer to by its name alone."""
    return path.with_name(f".{path.name}.{SEAL}")


def write_digest(path: Path, content: Path) -> None:
    """Note down the digest of what will stand at ``path`` and is now in ``content``; before it is moved there."""
    write_text(digest_beside(path), digests(content) + "\n")


def is_unaltered(path: Path) -> bool:
    """Is the file there, with the digest that was noted down for it?"""
    try:
        return digest_beside(path).read_text(encoding="utf-8").strip() == digests(path)
    except (OSError, ValueError):
        return False


def digest(*parts: Any) -> str:
    """A SHA-256 over plain values."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def require_run_folder(path: Path) -> None:
    """Raises InputError where a path is neither free nor a run folder."""
    if path.exists() and not path.is_dir():
        raise InputError(f"{path} is a file, not a folder for the run", "Name another with --out")
    names = {inner.name for inner in path.iterdir()} - {LOCK} if path.is_dir() else set()
    if names - {SETTINGS} and names.isdisjoint(KNOWN):
        raise InputError(f"{path} is not a run folder: it holds other files", "Name an empty or new folder with --out")


def digests(path: Path) -> Any:
    """SHA-256 of a file; of a folder those of its files, by name."""
    if path.is_dir():
        return {inner.name: digests(inner) for inner in sorted(path.iterdir())}
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def altered_in(folder: Path, known: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Files that are missing or have other digests than those known, by name; files that are not known do not count."""
    for name, digest in known.items():
        path = folder / name
        if isinstance(digest, Mapping):
            yield from altered_in(path, digest, f"{prefix}{name}/")
        elif not path.is_file() or digests(path) != digest:
            yield prefix + name


@dataclass(frozen=True)
class RunFolder:
    """One run folder and the fingerprint of the work being done in it.

    Parameters
    ----------
    fingerprint : str
        Hash of input, settings, code version and seed.
    """

    path: Path
    fingerprint: str

    @classmethod
    def open(cls, path: Path, fingerprint: str) -> "RunFolder":
        """Make or enter a run folder. Raises InputError when the folder holds something else."""
        require_run_folder(path)
        folder = cls(path, fingerprint)
        folder.work.mkdir(parents=True, exist_ok=True)
        for old in (path / ".work").iterdir():
            if (
                old.is_dir()
                and old.name != fingerprint[:16]
                and old.name != SCORES
                and not old.name.startswith(PART_STORES)
            ):
                shutil.rmtree(old, ignore_errors=True)
        return folder

    @property
    def work(self) -> Path:
        """Where this fingerprint's rooms leave their work."""
        return self.path / ".work" / self.fingerprint[:16]

    def room(
        self,
        name: str,
        work: Callable[[Path], Mapping[str, Any]],
        intact: Callable[[Path], bool] = lambda _: True,
    ) -> tuple[Mapping[str, Any], bool]:
        """A room's summary: from its finished work, or by doing it now.

        Parameters
        ----------
        work : callable
            Gets an empty folder, leaves files in it, returns a summary of plain values.
        intact : callable
            Is what it left elsewhere still as it left it? Gets the folder.

        Returns
        -------
        (summary, fresh) : fresh is False when the room was already finished, and its files are what it left.
        """
        place, done = self.work / name, self.work / f"{name}{DONE}"
        finished = sealed(done)
        if finished is not None and not any(altered_in(place, finished["files"])) and intact(place):
            return finished["summary"], False
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        summary = work(place)
        write_sealed(done, {"summary": summary, "files": digests(place)})
        return summary, True

    def started_at(self) -> str:
        """The time this fingerprint's work first began: it stays the same when a killed run goes on."""
        mark = self.work / STARTED
        began = sealed(mark)
        if began is None:
            began = {"at": datetime.now(UTC).replace(tzinfo=None, microsecond=0).isoformat()}
            shutil.rmtree(self.work)  # where the mark was altered, nobody knows what "now" meant to what is there
            self.work.mkdir()
            write_sealed(mark, began)
        return str(began["at"])

    def digests_of(self, room: str) -> Mapping[str, Any]:
        """SHA-256 of the files a finished room left, by name; empty where it was not entered."""
        finished = sealed(self.work / f"{room}{DONE}")
        return dict(finished["files"]) if finished is not None else {}
