"""What a run was asked to do, and its fingerprint: the same question gives the same answer, and is answered once."""

import glob
import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from karat.core.addresses import without_secrets
from karat.core.block import Block
from karat.core.errors import InputError, OptionError
from karat.flow.data_reference import resolved
from karat.flow.decisions import outcomes_hash
from karat.flow.folder import digest
from karat.flow.settings import Settings


class Listener(Protocol):
    """Hears how a run gets on."""

    def enter(self, room: str) -> None:
        """A room's work begins."""

    def tick(self, done: int, total: int) -> None:
        """Work done in the room, of all its work."""

    def note(self, room: str, line: str) -> None:
        """Something in the room takes long, and why."""

    def leave(self, room: str, line: str, fresh: bool) -> None:
        """A room is done; ``line`` says what came of it."""


class Proof(Protocol):
    """What stands above ``flow`` and is handed in: how to prove, and how to choose what ships."""

    def plan(self, block: Block, job: "Job") -> tuple[int, int]:
        """Folds and repeats of the outer cross-validation."""

    def prove(self, block: Block, job: "Job", **options: Any) -> Any:
        """The certificate."""

    def prove_texts(self, before: Any, after: Any, alike: np.ndarray, job: "Job") -> Any:
        """The certificate of one version of documents over another: texts and their numbers, and which are copies."""

    def choose(self, block: Block, patches: dict[str, Any], job: "Job", cache: Path) -> Any:
        """Which families of fixes ship: ``kept`` and ``effects``."""


class Silent:
    """A listener that says nothing."""

    def enter(self, room: str) -> None:
        """Nothing."""

    def tick(self, done: int, total: int) -> None:
        """Nothing."""

    def note(self, room: str, line: str) -> None:
        """Nothing."""

    def leave(self, room: str, line: str, fresh: bool) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Job:
    """One piece of work.

    Parameters
    ----------
    data : path, URL, or anything with ``__arrow_c_stream__``
    out : Path
        The run folder.
    upto : str
        "assess", "clean" or "run".
    proof : Proof or None
        Handed in by who stands above ``flow``.
    known : Path or None
        The folder of a run whose documents new ones are compared with.
    after : str
        The part store in the run folder whose documents these follow; "" where they are all there are.
    """

    data: Any
    out: Path
    upto: str
    settings: Settings
    listener: Listener = field(default_factory=Silent)
    proof: "Proof | None" = None
    full: bool = False
    truth: Any = None
    known: Path | None = None
    after: str = ""
    clock: float = field(default_factory=perf_counter)

    @property
    def workers(self) -> int:
        """Threads or processes: as set, else one per core."""
        return self.settings.workers or os.cpu_count() or 1

    def fingerprint(self) -> str:
        """Hash of input, settings, people's decisions, code version and seed; not of place, workers, serving."""
        settings = self.settings.model_dump(mode="json", exclude={"workers", "serve", "live", "review", "show"})
        answers = self.settings.label.answers
        answers_hash = _file_hash(Path(answers)) if answers else ""
        truth = input_hash(self.truth) if self.truth is not None else ""
        decided = outcomes_hash(self.out)
        clean = self.settings.clean
        known = self.known / "data.parquet" if self.known is not None else ""
        given = [value for own in self.settings.quality.values() for value in own.values()]
        named = [v for value in given for v in (value if isinstance(value, (list, tuple)) else [value])]
        files = [place for place in named if isinstance(place, str) and place and Path(place).is_file()]
        named_files = (*clean.test_sets, clean.good, clean.bad, clean.quality, *clean.drop_urls)
        beside = [input_hash(place) for place in (*named_files, known, *files) if place]
        identity = input_hash(self.data), settings, code_version(), self.upto, answers_hash, self.full, truth, decided
        return digest(*identity, *beside, *([self.after] if self.after else []))

    @property
    def name(self) -> str:
        """A short name for the data set."""
        return data_name(self.data)

    @property
    def source(self) -> str:
        """The input as it may be written down."""
        return without_secrets(str(self.data))


def is_named(data: Any) -> bool:
    """Was this data given: a frame, or a name that is not empty?"""
    return data is not None and not (isinstance(data, str) and not data)


def data_name(data: Any) -> str:
    """The default name of a run: the input's name without its endings."""
    if not isinstance(data, (str, Path)):
        return "data"
    place = urlsplit(str(data)).path if "://" in str(data) else str(data)
    stem = Path(place.rstrip("/")).name.split("@")[0]
    stem = stem.split(".")[0] if not stem.startswith(".") else stem
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in stem).strip("-") or "data"


def input_hash(data: Any) -> str:
    """A content hash of the input: of its bytes for files, of its records for tables in memory."""
    data = resolved(data)
    if isinstance(data, (str, Path)):
        text = str(data)
        if "://" in text:
            return digest("url", text)
        matches = sorted(glob.glob(text, recursive=True)) or ([text] if Path(text).exists() else [])  # noqa: PTH207  an absolute pattern
        files = [
            f for p in matches for f in (sorted(Path(p).rglob("*")) if Path(p).is_dir() else [Path(p)]) if f.is_file()
        ]
        if not files and any(Path(p).is_dir() for p in matches):
            raise InputError(f"{text} is an empty folder", "Put data in it")
        if not files:
            if Path(text).is_symlink():
                raise InputError(f"{text} is a link that leads nowhere", "Correct the link")
            near = _near(Path(text))
            raise InputError(f"{text} not found", f"Did you mean {near}?" if near else "Check the path")
        return digest([(str(f), _file_hash(f)) for f in files])
    if isinstance(data, (list, tuple)):
        return digest([input_hash(part) for part in data])
    if not hasattr(data, "__arrow_c_stream__"):
        raise InputError(
            f"data is of type {type(data).__name__}", "Pass a path, or a pandas, Polars, PyArrow or DuckDB table"
        )
    import pyarrow as pa

    hashed = hashlib.sha256()
    from karat.collect.arrow import stream_of

    reader = stream_of(data)
    hashed.update(str(reader.schema).encode())
    with pa.ipc.new_stream(pa.PythonFile(_Hashing(hashed), mode="w"), reader.schema) as writer:
        writer.write_table(reader.read_all().combine_chunks())
    return hashed.hexdigest()


class _Hashing:
    """A file that keeps nothing but the hash of what is written to it."""

    closed = False

    def __init__(self, hashed: Any) -> None:
        self.hashed, self.size = hashed, 0

    def write(self, data: Any) -> int:
        self.hashed.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        self.closed = True


def _near(path: Path) -> str:
    from difflib import get_close_matches

    folder = path.parent if path.parent.is_dir() else Path()
    others = [p.name for p in folder.iterdir() if p.name != path.name] if folder.is_dir() else []
    names = get_close_matches(path.name, others, n=1, cutoff=0.5)
    return str(folder / names[0]) if names else ""


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise InputError(f"{path} not found", "Check the path") from None


@cache
def code_version() -> str:
    """A hash of Karat's own source, so that a new version does its work anew."""
    import karat

    root = Path(karat.__file__).parent
    hashed = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        hashed.update(file.read_bytes())
    return hashed.hexdigest()[:16]


def read_now(text: str) -> np.datetime64 | None:
    """``--now`` as a time. Raises OptionError."""
    if not text:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise OptionError(f"--now {text!r} is not an ISO time", "Write it like 2024-05-31T12:00:00") from None
    plain = read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read
    return np.datetime64(plain, "us")
