"""Answers of language models kept on disk, by server, model and question."""

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any


class AnswerCache:
    """Answers by a digest of what was asked, of whom.

    Parameters
    ----------
    path : Path or None
        A SQLite file; None keeps nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path)
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS replies (request TEXT PRIMARY KEY, answer TEXT NOT NULL, certainty REAL)"
            )

    @staticmethod
    def digest(request: dict[str, Any]) -> str:
        """The name of a request."""
        return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()

    def get(self, request: str) -> tuple[str, float | None] | None:
        """The answer to a request and its certainty, or None."""
        if self._file is None:
            return None
        row = self._file.execute("SELECT answer, certainty FROM replies WHERE request = ?", (request,)).fetchone()
        return None if row is None else (str(row[0]), row[1])

    def put(self, request: str, answer: str, certainty: float | None = None) -> None:
        """Keep an answer; it is on disk when this returns."""
        if self._file is not None:
            with self._file:
                self._file.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", (request, answer, certainty))

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
