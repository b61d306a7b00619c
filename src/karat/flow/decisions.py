"""What people decided: one SQLite file in the run folder, on the disk before anybody is told that it is saved.

Rows are only ever added: an undo is a row too, so that who decided what and when stays to be seen. SQLite's
write-ahead log with ``synchronous=FULL`` survives a kill and a power cut; several people and several servers may write
at once, one after the other.
"""

import hashlib
import json
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from karat.core.errors import InputError, MachineError
from karat.flow.journal import locked

FILE = "decisions.sqlite"
LOCK_SECONDS = 5.0  # cost: for another writer of the run folder; a run takes longer, and the page says that it goes on
WAIT_SECONDS = 30.0  # cost: for another writer; then an error says that the file is in use
KINDS = ("label", "cell", "record", "pair", "conflict", "next")
VERDICTS = ("accept", "reject", "edit", "skip", "undo")
OF_CHECK = "check"  # the kind of a decision about a check itself: its answer ``IGNORE`` leaves it out from now on
IGNORE = "ignore"
TABLES = """
CREATE TABLE IF NOT EXISTS decision (
  id INTEGER PRIMARY KEY, key INTEGER NOT NULL, kind TEXT NOT NULL, "row" INTEGER, other INTEGER, "column" TEXT,
  "check" TEXT, item TEXT, value TEXT, suggestion TEXT, confidence REAL, verdict TEXT NOT NULL, answer TEXT,
  who TEXT NOT NULL, at TEXT NOT NULL, seconds REAL, batch TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seal (id INTEGER PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS note (
  id INTEGER PRIMARY KEY, key INTEGER NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lease (key INTEGER PRIMARY KEY, who TEXT NOT NULL, since REAL NOT NULL, until REAL NOT NULL);
"""


@dataclass(frozen=True)
class Decision:
    """One person's word on one case.

    Parameters
    ----------
    key : int
        The case, the same in every later run (64 bits, signed).
    kind : str
        One of ``KINDS``, or ``OF_CHECK``.
    row, other : int or None
        Record numbers; ``other`` for a pair.
    value, suggestion : str or None
        What stood there and what was proposed; a decision about another value than stands there now is stale.
    verdict : str
        One of ``VERDICTS``; ``undo`` takes back the batch it names.
    answer : str or None
        What holds from now on: the cell's text ("" = blank), "drop" or "keep", "left", "right" or "different", a label,
        or for a whole record its changed cells as JSON.
    at : str
        ISO time, UTC.
    seconds : float or None
        Time taken.
    batch : str
        Decisions taken with one key press.
    """

    key: int
    kind: str
    row: int | None
    other: int | None
    column: str | None
    check: str | None
    item: str | None
    value: str | None
    suggestion: str | None
    confidence: float | None
    verdict: str
    answer: str | None
    who: str
    at: str
    seconds: float | None
    batch: str


COLUMNS = ", ".join(f'"{field.name}"' for field in fields(Decision))
MARKS = ", ".join("?" * len(fields(Decision)))


@dataclass(frozen=True)
class Lease:
    """A case that somebody has before him, until a time in seconds since 1970."""

    key: int
    who: str
    since: float
    until: float


class Decisions:
    """The file of decisions and leases of one run folder.

    Parameters
    ----------
    path : Path
        Made when it is not there, readable by its owner alone.

    Raises
    ------
    MachineError
        The file cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        try:
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(TABLES)
        except (OSError, sqlite3.Error) as error:
            raise MachineError(
                f"decisions cannot be written to {path}: {error}", "Free the disk or change its mode"
            ) from None

    @contextmanager
    def saving(self) -> Iterator[None]:
        """A turn in which nobody else writes to the run folder: a run sees all of a decision, or nothing of it."""
        with self._lock, locked(self.path.parent, wait=LOCK_SECONDS), self.turn():
            yield

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One writer at a time, over threads and processes; on the disk when it ends, not there at all on an error."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise MachineError(f"a decision could not be saved to {self.path}: {error}", "Try again") from None
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def add(self, decisions: Iterable[Decision]) -> None:
        """Write decisions, each with a digest; while ``saving``."""
        for decision in decisions:
            number = self._db.execute(f"INSERT INTO decision ({COLUMNS}) VALUES ({MARKS})", astuple(decision)).lastrowid
            row = self._db.execute(f"SELECT id, {COLUMNS} FROM decision WHERE id = ?", (number,)).fetchone()
            self._db.execute("INSERT INTO seal VALUES (?, ?)", (number, _digest(row)))

    def since(self, last: int) -> list[tuple[int, Decision]]:
        """What was written after a number, with the numbers; 0 gives all."""
        with self._lock:
            return _read(self._db, self.path, last)

    def lease(self, key: int, who: str, since: float, until: float) -> None:
        """Keep a case for somebody, and nothing else for the same person; inside a turn."""
        self._db.execute("DELETE FROM lease WHERE who = ? OR until < ?", (who, since))
        self._db.execute("INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?)", (key, who, since, until))

    def release(self, who: str) -> None:
        """Give back what somebody had before him; inside a turn."""
        self._db.execute("DELETE FROM lease WHERE who = ?", (who,))

    def leases(self, now: float) -> list[Lease]:
        """Who has what before him."""
        with self._lock:
            rows = self._db.execute("SELECT key, who, since, until FROM lease WHERE until >= ? ORDER BY key", (now,))
            return [Lease(*row) for row in rows]

    def note(self, key: int, who: str, text: str) -> None:
        """Keep somebody's note on a case; inside a turn."""
        self._db.execute("INSERT INTO note (key, who, at, text) VALUES (?, ?, ?, ?)", (key, who, now_text(), text))

    def notes(self, key: int | None = None) -> list[tuple[int, str, str, str]]:
        """The notes on a case, or on all: key, who, when, text; the older first."""
        where, values = ("", ()) if key is None else (" WHERE key = ?", (key,))
        with self._lock:
            return list(self._db.execute(f"SELECT key, who, at, text FROM note{where} ORDER BY id", values))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()


def _digest(row: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()


def _read(db: sqlite3.Connection, path: Path, last: int = 0) -> list[tuple[int, Decision]]:
    """Decisions after a number, with their numbers.

    Raises
    ------
    InputError
        One is not what was written. Those of before there were digests have none.
    """
    known: dict[int, str] = {}
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'seal'").fetchone():
        known = dict(db.execute("SELECT id, digest FROM seal WHERE id > ?", (last,)))
    rows = db.execute(f"SELECT id, {COLUMNS} FROM decision WHERE id > ? ORDER BY id", (last,)).fetchall()
    first = min(known, default=None)
    for row in rows:
        if first is not None and row[0] >= first and known.pop(row[0], None) != _digest(row):
            raise InputError(f"decision {row[0]} in {path} was altered", "Restore the file from a copy")
    if known:
        raise InputError(f"decision {min(known)} is missing from {path}", "Restore the file from a copy")
    return [(row[0], Decision(*row[1:])) for row in rows]


def now_text() -> str:
    """The time, as decisions carry it."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


def standing(decisions: Iterable[Decision]) -> dict[int, dict[str, Decision]]:
    """By case and person the word that counts: the last one that was not taken back. A skip is no word."""
    undone: set[str] = set()
    kept: list[Decision] = []
    for decision in decisions:
        if decision.verdict == "undo":
            undone.add(decision.batch)
        else:
            kept.append(decision)
    out: dict[int, dict[str, Decision]] = defaultdict(dict)
    for decision in kept:
        if decision.batch not in undone and decision.verdict != "skip":
            out[decision.key][decision.who] = decision
    return dict(out)


def agreed(words: Sequence[Decision]) -> Decision | None:
    """What more people said than anything else; None where they are even."""
    votes: dict[str | None, list[Decision]] = defaultdict(list)
    for word in words:
        votes[word.answer].append(word)
    ranked = sorted(votes.values(), key=len, reverse=True)
    if not ranked or (len(ranked) > 1 and len(ranked[0]) == len(ranked[1])):
        return None
    return ranked[0][-1]


@dataclass(frozen=True)
class DecidedOutcome:
    """What was decided about a case in the end, and by whom."""

    decision: Decision
    who: str


def outcomes(run: Path) -> list[DecidedOutcome]:
    """The cases of a run folder that people have settled, by case.

    Raises
    ------
    InputError
        The file is no file of decisions.
    """
    path = run / FILE
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS)) as db:
            decisions = [decision for _, decision in _read(db, path)]
    except sqlite3.DatabaseError as error:
        raise InputError(
            f"{path} does not hold the decisions of karat review: {error}", "Name the run folder they were made in"
        ) from None
    settled = []
    for _, words in sorted(standing(decisions).items()):
        last = agreed(list(words.values()))
        if last is not None:
            people = sorted({word.who for word in words.values() if word.answer == last.answer})
            settled.append(DecidedOutcome(last, ", ".join(people)))
    return settled


def ignored_checks(run: Path) -> frozenset[str]:
    """Codes of the checks that people have switched off in a run folder: what ``[clean] ignore`` would name."""
    said = (outcome.decision for outcome in outcomes(run))
    return frozenset(str(word.check) for word in said if word.kind == OF_CHECK and word.answer == IGNORE)


def outcomes_hash(run: Path) -> str:
    """A hash over what was decided, for a run's fingerprint; "" without decisions."""
    settled = outcomes(run)
    if not settled:
        return ""
    content = [(o.decision.key, o.decision.value, o.decision.answer, o.who) for o in settled]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()
