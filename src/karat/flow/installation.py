"""What Karat finds on this machine: versions, extras, machine code of the kernels, room on the disk."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import karat
from karat.core.release import DISTRIBUTION, EXTRAS, VERSION

LIBRARIES = ("numpy", "pyarrow", "duckdb", "numba", "scikit-learn", "onnxruntime", "pylance")
LOW_DISK_BYTES = 2 << 30  # display: free space below which a run of a few gigabytes may not end


@dataclass(frozen=True)
class ExtraState:
    """An extra: what it gives, what is missing of it, and how it is installed; "" where it is there."""

    name: str
    gives: str
    missing: tuple[str, ...]
    install: str


@dataclass(frozen=True)
class InstalledPlace:
    """A folder that is written to, and the bytes that are free there."""

    name: str
    path: str
    free_bytes: int
    writable: bool

    @property
    def trouble(self) -> str:
        """What is wrong with it, "" where nothing is."""
        if not self.writable:
            return "cannot be written to"
        return "little room is left" if self.free_bytes < LOW_DISK_BYTES else ""


@dataclass(frozen=True)
class Installation:
    """What is installed, and on what.

    Parameters
    ----------
    cores : int
        That this program may use.
    memory_bytes : int or None
        Of the machine; None where it does not say.
    libraries : dict of str to str
        Versions; "" for one that is missing.
    compiled : int
        Files of kernels whose machine code is kept on disk.
    """

    version: str
    python: str
    system: str
    cores: int
    memory_bytes: int | None
    libraries: dict[str, str]
    extras: Sequence[ExtraState]
    compiled: int
    places: Sequence[InstalledPlace]

    @property
    def missing(self) -> list[str]:
        """Libraries that Karat cannot do without and that are not installed."""
        return [name for name, known in self.libraries.items() if not known]

    def to_json(self) -> dict[str, object]:
        """Plain values, as ``karat doctor --json`` prints them."""
        return asdict(self)


def examined(folder: Path) -> Installation:
    """What is found on this machine, with a folder where runs are to lie."""
    return Installation(
        VERSION,
        platform.python_version(),
        f"{platform.system()} {platform.machine()}",
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        _memory(),
        {name: _version(name) for name in LIBRARIES},
        [_extra(name) for name in sorted(EXTRAS)],
        _compiled(),
        [_place("this folder", folder), _place("temporary files", Path(tempfile.gettempdir()))],
    )


def _extra(name: str) -> ExtraState:
    missing = EXTRAS[name].missing
    command = f"pip install '{DISTRIBUTION}[{name}]'" if missing else ""
    return ExtraState(name, EXTRAS[name].gives, missing, command)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _compiled() -> int:
    """Files of kernels that have machine code for this Python, beside them or where Numba keeps it."""
    folder = Path(karat.__file__).parent / "kernels"
    mark = f"py{sys.version_info.major}{sys.version_info.minor}"
    homes = [folder / "__pycache__", *([Path(own)] if (own := os.environ.get("NUMBA_CACHE_DIR")) else [])]
    names = {path.stem for path in folder.glob("*.py")}
    kept = {path.name.split(".")[0] for home in homes if home.is_dir() for path in home.rglob(f"*{mark}*.nbi")}
    return len(names & kept)


def _place(name: str, path: Path) -> InstalledPlace:
    return InstalledPlace(name, str(path), shutil.disk_usage(path).free, os.access(path, os.W_OK))
