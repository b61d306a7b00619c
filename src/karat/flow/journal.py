"""A change of a run folder happens whole or not at all, and nobody else writes there meanwhile.

New files are written aside and flushed to disk; a journal then says which of them take whose place; then they are
moved. A process that dies before the journal is written has changed nothing; after it, the next one finishes the move.
This is a redo log: Gray and Reuter (1993), "Transaction Processing", chapter 9.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import Any

from karat.core.errors import InputError, MachineError
from karat.flow.folder import LOCK, digests, read_json, require_run_folder, write_json
from karat.flow.private_files import private_files, require_no_links

WORK = ".work"
JOURNAL = "journal.json"
STAGED = "staged"
MANIFEST = "manifest.json"  # SHA-256 of every published file, for ``karat verify``

_locked: dict[tuple[int, Path], int] = {}  # which thread has locked which run folder, and how often


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Nobody else writes to a run folder in the meantime; what a killed writer had decided is finished first.

    Raises
    ------
    InputError
        The folder holds something else.
    MachineError
        Another process or thread writes there, or the folder cannot be written.
    """
    import fcntl

    mine = get_ident(), run.resolve()
    if _locked.get(mine):
        _locked[mine] += 1
        try:
            yield
        finally:
            _locked[mine] -= 1
        return
    require_run_folder(run)
    new = not run.exists()
    try:
        run.mkdir(parents=True, exist_ok=True)
        lock = os.open(run / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise MachineError(
            f"{run} cannot be written: {error.strerror or error}", "Name another folder with --out"
        ) from error
    try:
        try:
            # the kernel frees it when the process ends, however it ends; another thread's is another one
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MachineError(
                f"another process or thread is writing to {run}",
                "Wait until it is done, or name another folder with --out",
            ) from error
        _locked[mine] = 1
        require_no_links(run)
        with suppress(PermissionError):  # a folder of another owner, shared on purpose
            run.chmod(0o700)
        with private_files():
            finish(run)
            yield
    finally:
        _locked.pop(mine, None)
        if new and [path.name for path in run.iterdir()] == [LOCK]:  # nothing came of it: leave nothing behind
            (run / LOCK).unlink()
            run.rmdir()
        os.close(lock)


class Change:
    """One change of a run folder in the making.

    Parameters
    ----------
    run : Path
        A run folder that is locked.

    Write each new file or folder to ``path(name)``, then ``commit``.
    """

    def __init__(self, run: Path) -> None:
        self.run = run
        self.staged = run / WORK / STAGED
        shutil.rmtree(self.staged, ignore_errors=True)
        self.staged.mkdir(parents=True)
        self._names: list[str] = []
        self._known: dict[str, Any] = {}
        self._removed: list[str] = []

    def path(self, name: str) -> Path:
        """Where to write what will be ``name`` in the run folder."""
        if name not in self._names:
            self._names.append(name)
        return self.staged / name

    def remove(self, name: str) -> None:
        """A file that shall be gone, unless a new one takes its place."""
        self._removed.append(name)

    def take(self, source: Path, name: str, digest: Any = None) -> None:
        """A finished file or folder (and its digests, where known); linked where possible, else copied."""
        if digest is not None and source.exists():
            self._known[name] = digest
        if source.is_dir():
            shutil.copytree(source, self.path(name), copy_function=_linked)
        elif source.exists():
            _linked(source, self.path(name))

    def commit(self, versions: Mapping[str, int] | None = None) -> None:
        """Let everything take its place.

        Parameters
        ----------
        versions : mapping of str to int, optional
            Names in the run's store and the versions they stand for from now on.
        """
        removed = [name for name in self._removed if name not in self._names]
        manifest = {name: known for name, known in _manifest(self.run).items() if name not in removed}
        manifest |= {name: self._known.get(name) or digests(self.staged / name) for name in self._names}
        write_json(self.path(MANIFEST), dict(sorted(manifest.items())))
        for name in self._names:
            _flush(self.staged / name)
        write_json(
            self.run / WORK / JOURNAL, {"names": self._names, "removed": removed, "versions": dict(versions or {})}
        )
        _flush(self.run / WORK / JOURNAL)
        _flush(self.run / WORK)
        finish(self.run)


def finish(run: Path) -> bool:
    """Finish a change that was decided but not done; drop one that was not decided. Was there one to finish?"""
    journal = run / WORK / JOURNAL
    if not journal.exists():
        shutil.rmtree(run / WORK / STAGED, ignore_errors=True)
        return False
    decided = read_json(journal)
    if odd := [name for name in (*decided["names"], *decided["removed"]) if Path(name).name != name]:
        raise InputError(f"{journal} names {odd[0]!r}, which is no file of the run folder", "Remove the journal")
    for name in decided["names"]:
        source, place = run / WORK / STAGED / name, run / name
        if source.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        if source.exists():  # else it was moved before the interruption
            source.replace(place)
    for name in decided["removed"]:
        (run / name).unlink(missing_ok=True)
    if decided["versions"]:
        from karat.store.versions import Store

        Store(run / "store").point(decided["versions"])
    _flush(run)
    journal.unlink()
    shutil.rmtree(run / WORK / STAGED, ignore_errors=True)
    return True


def altered(run: Path) -> list[str]:
    """Published files that are missing or are not what was published, by name."""
    return sorted(_differing(_manifest(run), run, ""))


def _differing(known: Mapping[str, Any], folder: Path, prefix: str) -> Iterator[str]:
    for name, digest in known.items():
        path = folder / name
        if isinstance(digest, Mapping):
            yield from _differing(digest, path, f"{prefix}{name}/")
        elif not path.is_file() or digests(path) != digest:
            yield prefix + name


def _manifest(run: Path) -> dict[str, Any]:
    path = run / MANIFEST
    return dict(read_json(path)) if path.exists() else {}


def _linked(source: Any, to: Any) -> Any:
    Path(to).unlink(missing_ok=True)
    try:
        os.link(source, to)
    except OSError:  # a file system without links
        shutil.copy2(source, to)
    return to


def _flush(path: Path) -> None:
    """Everything of a file or folder reaches the disk."""
    if path.is_dir():
        for inner in path.iterdir():
            _flush(inner)
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
