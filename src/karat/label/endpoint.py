"""A line to a language model: one question in, one answer out, whatever the server does."""

import contextlib
import hashlib
import json
import os
import sqlite3
import ssl
import threading
import time
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from karat.core.errors import MachineError, OptionError

URLS = ("KARAT_LLM_URL", "OPENAI_BASE_URL")
KEYS = ("KARAT_LLM_KEY", "OPENAI_API_KEY")
MOST_BYTES = 1 << 20  # of an answer; a label needs no more; cost: a longer one counts as none
LONGEST_WAIT = 60.0  # seconds, whatever the server asks for; cost: asked again after it
REFUSED = (400, 401, 403, 404, 405, 422)  # RFC 9110: asking again would not help
DEAF_AFTER = 5  # questions in a row without an answer: the server is gone; unproven: fewer give up on a hiccup


@dataclass
class Cost:
    """What asking has cost, counted as it happens.

    Parameters
    ----------
    asked : int
        Questions sent, retries included.
    cached : int
        Answers taken from the cache.
    retried, unanswered, outside : int
        Retries; questions given up; answers that were none of the classes.
    tokens_in, tokens_out : int
        As the server counts them.
    seconds : float
    money : float
        In the unit of the prices given.
    """

    asked: int = 0
    cached: int = 0
    retried: int = 0
    unanswered: int = 0
    outside: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    money: float = 0.0

    def as_json(self) -> str:
        """All counts."""
        return json.dumps(asdict(self))


class Endpoint:
    """An OpenAI-compatible server.

    Parameters
    ----------
    url : str
        Up to and including ``/v1``; "" takes it from the environment.
    timeout_seconds : float
        For one answer, from connecting to its last byte, > 0.
    attempts : int
        At most so many sendings of one question, >= 1.
    per_minute : float
        Questions a minute at most; 0 for no limit.
    pause_seconds : float
        Wait before the second attempt; it doubles with each.
    """

    def __init__(
        self, url: str, timeout_seconds: float, attempts: int, per_minute: float, pause_seconds: float
    ) -> None:
        address = url or _from_environment(URLS)
        if not address:
            raise OptionError(
                "KARAT_LLM_URL, the address of a language model, is not set",
                "Set it to an OpenAI-compatible server, such as http://127.0.0.1:8000/v1, or leave --model out",
            )
        self._parts = urlsplit(address.rstrip("/"))
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
            raise OptionError(f"KARAT_LLM_URL is {address!r}", "Give an http(s) address")
        self._key = _from_environment(KEYS)
        self._timeout, self._attempts, self._pause = timeout_seconds, attempts, pause_seconds
        self._gap = 60.0 / per_minute if per_minute > 0 else 0.0
        self._next, self._deaf = 0.0, 0
        self.cost = Cost()

    def ask(self, body: dict[str, Any]) -> str | None:
        """The text of the first choice, None when no attempt brought one.

        Raises
        ------
        OptionError
            The server refuses the key, the model or the request: trying again would not help.
        MachineError
            Nothing answered several questions in a row.
        """
        start = time.monotonic()
        try:
            for attempt in range(self._attempts):
                if attempt:
                    self.cost.retried += 1
                wait = self._pause * 2**attempt
                text, asked_wait = self._once(body)
                if text is not None:
                    self._deaf = 0
                    return text
                if attempt + 1 < self._attempts:
                    time.sleep(min(max(wait, asked_wait), LONGEST_WAIT))
        finally:
            self.cost.seconds += time.monotonic() - start
        self.cost.unanswered += 1
        self._deaf += 1
        if self._deaf >= DEAF_AFTER:
            raise MachineError(
                f"{self._parts.netloc} did not answer {self._deaf} questions, with {self._attempts} attempts each",
                "Run the same command when it is back; earlier answers are in the cache",
            )
        return None

    def _once(self, body: dict[str, Any]) -> tuple[str | None, float]:
        """One attempt: the text or None, and the seconds the server asked to wait."""
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._gap
        self.cost.asked += 1
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        line = kind(self._parts.hostname or "", self._parts.port, timeout=self._timeout)
        # a server that trickles never trips the socket's own limit: the whole answer has one too
        opened: list[Any] = []
        guard = threading.Timer(self._timeout, _hang_up, (line, opened))
        guard.start()
        try:
            line.connect()
            opened.append(line.sock)  # http.client lets go of it where the server closes after its answer
            headers = {"Content-Type": "application/json"} | (
                {"Authorization": f"Bearer {self._key}"} if self._key else {}
            )
            line.request("POST", f"{self._parts.path}/chat/completions", json.dumps(body).encode(), headers)
            answer = line.getresponse()
            content = answer.read(MOST_BYTES + 1)
        except (OSError, HTTPException, ValueError, ssl.SSLError, AttributeError):
            return None, 0.0
        finally:
            guard.cancel()
            line.close()
        if answer.status in REFUSED:
            reply = content[:200].decode("utf-8", "replace")
            raise OptionError(
                f"{self._parts.netloc} refused the question with status {answer.status}: {reply}",
                "Check KARAT_LLM_URL, KARAT_LLM_KEY and the name of the model",
            )
        if answer.status != 200 or len(content) > MOST_BYTES:
            return None, _wait_asked(answer)
        return self._read(content), 0.0

    def _read(self, content: bytes) -> str | None:
        try:
            value = json.loads(content)
            text = value["choices"][0]["message"]["content"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
        used = value.get("usage")
        for name, field in (("prompt_tokens", "tokens_in"), ("completion_tokens", "tokens_out")):
            count = used.get(name) if isinstance(used, dict) else None
            if type(count) is int and 0 < count < 10**9:
                setattr(self.cost, field, getattr(self.cost, field) + count)
        return text if isinstance(text, str) else None


def _hang_up(line: HTTPConnection, opened: list[Any]) -> None:
    import socket

    for connection in (*opened, line.sock):
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _wait_asked(answer: HTTPResponse) -> float:
    try:
        return max(0.0, float(answer.getheader("Retry-After") or 0))
    except ValueError:
        return 0.0


def _from_environment(names: tuple[str, ...]) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


class AnswerCache:
    """Answers kept on disk by a digest of the whole request.

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
            self._file.execute("CREATE TABLE IF NOT EXISTS answers (request TEXT PRIMARY KEY, answer TEXT NOT NULL)")

    @staticmethod
    def digest(body: dict[str, Any]) -> str:
        """The name of a request."""
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()

    def get(self, request: str) -> str | None:
        """The answer to a request, or None."""
        if self._file is None:
            return None
        row = self._file.execute("SELECT answer FROM answers WHERE request = ?", (request,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, request: str, answer: str) -> None:
        """Keep an answer; it is on disk when this returns."""
        if self._file is not None:
            with self._file:
                self._file.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (request, answer))

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
