"""Served records as data: what was asked and what was answered, appended to files that only their owner reads."""

import json
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from karat.deploy.protocol import Request
from karat.deploy.signature import Signature

SECONDS = 0.5  # cost: between two writes
MOST_WAITING = 20_000  # cost: records that wait to be written; more are counted and left out
MANY_NAMES = 1_024  # cost: columns of one's own whose names are remembered
SHORTEST = 7  # definition: characters; personal data of fewer has no form of its own
LARGEST_FILE = 256 * 2**20  # cost: bytes, then a new file is begun
WRITTEN = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
Mask = Callable[[str | None], str | None]


def same(text: str | None) -> str | None:
    """The text as it is."""
    return text


@dataclass(frozen=True, eq=False)
class ServedRequest:
    """One answered request.

    Parameters
    ----------
    id : str
        What the client was told.
    signature : Signature
        Of the model that answered.
    values : mapping of str to ndarray
        The answers, n records each.
    findings : sequence of dict
        What was odd about the records.
    rows : collection of int or None
        Which of its records to write; None for all.
    at : float
        When, in seconds since 1970.
    """

    id: str
    asked: Request
    signature: Signature
    values: Mapping[str, np.ndarray]
    findings: Sequence[Mapping[str, Any]]
    rows: Collection[int] | None = None
    at: float = field(default_factory=time.time)


@dataclass(eq=False)
class Recorder:
    """Appends served records to JSON lines in a folder, from a thread of its own; a server never waits for it.

    Where nothing can be written, because the disk is full, the server goes on: records are left out, counted, and said
    once. Lines are always whole.

    Parameters
    ----------
    folder : Path
        Made when the first record is written, for its owner alone; so are its files.
    mask : callable
        Covers personal data in a text.
    """

    folder: Path
    mask: Mask = same
    written: int = 0
    lost: int = 0
    _waiting: deque[ServedRequest] = field(default_factory=deque)
    _records: int = 0
    _file: int = -1
    _size: int = 0
    _failing: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def note(self, served: ServedRequest) -> None:
        """Have a request written soon."""
        count = served.asked.records if served.rows is None else len(served.rows)
        if self._records + count > MOST_WAITING:
            self.lost += count
            return
        self._records += count
        self._waiting.append(served)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="karat-recording", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Write what waits."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self.write()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _run(self) -> None:
        while not self._stop.wait(SECONDS):
            self.write()

    def write(self) -> None:
        """Write all that waits now."""
        lines: list[str] = []
        while self._waiting:
            served = self._waiting.popleft()
            own = list(served_lines(served, self.mask))
            self._records -= len(own)
            lines += own
        if not lines:
            return
        try:
            self._append("".join(lines).encode())
        except OSError as error:
            self.lost += len(lines)
            if not self._failing:
                self._failing = True
                print(
                    f"Warning: served records cannot be written to {self.folder}: {error.strerror}. "
                    "Serving goes on without them; free some space or leave out --record.",
                    file=sys.stderr,
                    flush=True,
                )
            return
        self.written += len(lines)
        if self._failing:
            self._failing = False
            print(f"served records are written again; {self.lost:,} were left out", file=sys.stderr, flush=True)

    def _append(self, text: bytes) -> None:
        if self._file < 0 or self._size > LARGEST_FILE:
            self._open()
        done = 0
        try:
            while done < len(text):
                done += os.write(self._file, text[done:])
        except OSError:
            os.ftruncate(self._file, self._size)  # half a line is none
            raise
        self._size += done

    def _open(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        place = self.folder / f"{now}-{os.getpid()}.jsonl"
        self._file = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._size = 0


def served_lines(served: ServedRequest, mask: Mask) -> list[str]:
    """A line of JSON for each record: what was sent, masked, and under ``served_`` what came of it."""
    asked, n = served.asked, served.asked.records
    columns = tuple(asked.columns)
    names = {name: _free(name, columns) for name in ("id", "at", "model", "findings")}
    at = datetime.fromtimestamp(served.at, UTC).isoformat(timespec="milliseconds")
    version = f"{served.signature.model}@{served.signature.version}"
    answers = _answers(served)
    out = []
    for row in range(n) if served.rows is None else sorted(served.rows):
        odd = [f for f in served.findings if f["record"] == row] if served.findings else []
        line: dict[str, Any] = {
            names["id"]: served.id if n == 1 else f"{served.id}/{row}",
            names["at"]: at,
            names["model"]: version,
        }
        for name, texts in asked.columns.items():
            text = texts[row]
            line[name] = text if text is None or len(text) < SHORTEST else mask(text)
        for name, values in answers.items():
            line[_free(name, columns)] = values[row]
        line[names["findings"]] = WRITTEN([_masked(f, mask) for f in odd]) if odd else None
        out.append(WRITTEN(line) + "\n")
    return out


def _answers(served: ServedRequest) -> dict[str, list[Any]]:
    """Every answer as a column of plain values; a class's probability under the name of the class."""
    out: dict[str, list[Any]] = {}
    for name, value in served.values.items():
        plain = [[None if v != v else v for v in row] for row in value.reshape(len(value), -1).tolist()]  # noqa: PLR0124  NaN
        width = len(plain[0]) if plain else 0
        classes = served.signature.classes
        for at in range(width):
            behind = "" if width == 1 else f"_{classes[at] if len(classes) == width else at}"
            out[f"{name}{behind}"] = [row[at] for row in plain]
    return out


def _masked(finding: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    """A finding without what nobody may read, and without the place of its record."""
    texts = ("value", "suggestion", "message")
    return {key: mask(item) if key in texts else item for key, item in finding.items() if key != "record"}


@lru_cache(MANY_NAMES)
def _free(name: str, taken: tuple[str, ...]) -> str:
    name = f"served_{name}"
    while name in taken:
        name = f"_{name}"
    return name
