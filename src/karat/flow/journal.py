"""A change of a run folder happens whole or not at all, and nobody else writes there meanwhile.

New files are written aside and flushed to disk; a journal then says which of them take whose place; then they are
moved. A process that dies before the journal is written has changed nothing; after it, the next one finishes the move.
This is a redo log: Gray and Reuter (1993), "Transaction Processing", chapter 9.
"""

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import Any

from karat.core.errors import InputError, MachineError
from karat.flow.folder import LOCK, altered_in, digests, read_json, require_run_folder, sealed, write_json, write_sealed
from karat.flow.private_files import private_files, require_no_links
from karat.flow.store_digests import CHANGING, STORE, require_unaltered, store_digests

WORK = ".work"
APPENDED = "appended.json"  # the last append, until its caller knows of it
JOURNAL = "journal.json"
STAGED = "staged"
MANIFEST = "manifest.json"  # SHA-256 of every published file, for ``karat verify``

AGAIN_SECONDS = 0.02  # cost: between two looks whether another process has ended its writing

_locked: dict[tuple[int, Path], int] = {}  # which thread has locked which run folder, and how often


@contextmanager
def locked(run: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Nobody else writes to a run folder in the meantime; what a killed writer had decided is finished first.

    Parameters
    ----------
    wait : float
        Seconds for another process to end its writing.

    Raises
    ------
    InputError
        The folder holds something else.
    MachineError
        Another process or thread writes there, or the folder cannot be written.
    """
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
        until = time.monotonic() + wait
        while not _taken(lock):
            if time.monotonic() >= until:
                raise MachineError(
                    f"another process or thread is writing to {run}",
                    "Wait until it is done, or name another folder with --out",
                )
            time.sleep(AGAIN_SECONDS)
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


def _taken(lock: int) -> bool:
    """Take a lock that no other process has; the kernel frees it when the process ends, however it ends."""
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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

    def copy(self, name: str) -> None:
        """The published file as it is, to be added to."""
        if (self.run / name).exists():
            shutil.copyfile(self.run / name, self.path(name))

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
        _flush(self.run / STORE, _manifest(self.run).get(STORE, {}))
        decided = {"names": self._names, "removed": removed, "versions": dict(versions or {})}
        undecided = self.run / WORK / f"{JOURNAL}.new"
        write_sealed(undecided, decided)
        _flush(undecided)  # before it has its name: a journal that is there is whole
        undecided.replace(self.run / WORK / JOURNAL)
        _flush_entry(self.run / WORK)
        _move(self.run, decided)


def finish(run: Path) -> bool:
    """Finish a change that was decided but not done; drop one that was not decided. Was there one to finish?

    Raises
    ------
    InputError
        The journal, or what waits to be moved, was altered.
    """
    journal = run / WORK / JOURNAL
    if not journal.exists():
        shutil.rmtree(run / WORK / STAGED, ignore_errors=True)
        return False
    decided = sealed(journal)
    if decided is None:
        raise InputError(f"{journal} was altered", "Remove it and run the same command again")
    if odd := [name for name in (*decided["names"], *decided["removed"]) if Path(name).name != name]:
        raise InputError(f"{journal} names {odd[0]!r}, which is no file of the run folder", "Remove the journal")
    place = run / WORK / STAGED / MANIFEST
    known = read_json(place if place.exists() else run / MANIFEST)
    waiting = {name: known[name] for name in decided["names"] if name in known}
    for home in (run / WORK / STAGED, run):
        there = {name: waiting.pop(name) for name in list(waiting) if (home / name).exists()}
        if names := sorted(altered_in(home, there)):
            raise InputError(f"{home / names[0]} was altered", f"Remove {journal} and run the same command again")
    _move(run, decided)
    return True


def _move(run: Path, decided: Mapping[str, Any]) -> None:
    """Every new file takes its place; done again after an interruption, it ends in the same."""
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

        Store(run / STORE).point(decided["versions"])
        _flush(run / STORE / CHANGING)
    manifest = _manifest(run)
    if stored := store_digests(run / STORE, manifest.get(STORE, {})):
        write_json(run / MANIFEST, manifest | {STORE: stored})
    _flush_entry(run / MANIFEST)
    _flush_entry(run)
    (run / WORK / JOURNAL).unlink()
    shutil.rmtree(run / WORK / STAGED, ignore_errors=True)


def require_unaltered_run(run: Path) -> None:
    """Raises InputError where a published file is missing or is not what was published: nothing is built on it."""
    if names := altered(run):
        raise InputError(
            f"{run / names[0]} is not the file that was published",
            f"Restore it from a copy, or run karat verify {run} to see all that was altered",
        )


def altered(run: Path) -> list[str]:
    """Published files that are missing or are not what was published, by name."""
    return sorted(altered_in(run, _manifest(run)))


def require_unaltered_store(run: Path) -> None:
    """Raises InputError where a file of the run's store is not the one that was published."""
    require_unaltered(run / STORE, _manifest(run).get(STORE, {}))


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


def _flush(path: Path, known: Mapping[str, Any] | None = None) -> None:
    """Everything of a file or folder, but for the files of it that are known, reaches the disk."""
    if path.is_dir():
        for inner in path.iterdir():
            inside = (known or {}).get(inner.name)
            if not isinstance(inside, str):
                _flush(inner, inside)
    if path.exists():
        _flush_entry(path)


def _flush_entry(path: Path) -> None:
    """A file, or the names in a folder, reach the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
