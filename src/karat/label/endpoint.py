"""A line to a language model: one question in, one answer out, whatever the server does."""

import contextlib
import json
import math
import os
import ssl
import threading
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from karat.core.errors import MachineError, OptionError
from karat.label.rate_limit import RateLimit
from karat.label.spending import Budget, QuestionCost
from karat.label.stated_label import END_OF_THOUGHT

URLS = ("KARAT_LLM_URL", "OPENAI_BASE_URL")
KEYS = ("KARAT_LLM_KEY", "OPENAI_API_KEY")
MOST_BYTES = 1 << 20  # of an answer; a label needs no more; cost: a longer one counts as none
LONGEST_WAIT = 60.0  # seconds, whatever the server asks for; cost: asked again after it
MOST_LIMITED = 50  # cost: waits for one question that a server asks for before it is given up
NOT_US = (401, 403, 404, 405)  # RFC 9110: the key, the address or the model is wrong, for every question
REFUSED = (400, 413, 422, *NOT_US)  # RFC 9110: asking this again would not help
DEAF_AFTER = 5  # questions in a row without an answer: the server is gone; cost: fewer give up on a hiccup, more wait


@dataclass(frozen=True)
class Reply:
    """What came back.

    Parameters
    ----------
    text : str
        "" where the server refused the question.
    certainty : float or None
        The probability the model gave its words, where the server tells.
    cut : bool
        The answer ran into the limit on its length.
    refused : str
        Status and reason of a refusal, else "".
    """

    text: str
    certainty: float | None = None
    cut: bool = False
    refused: str = ""


class Endpoint:
    """An OpenAI-compatible server, asked by one thread or several.

    Parameters
    ----------
    url : str
        Up to and including ``/v1``; "" takes it from the environment.
    timeout_seconds : float
        For one answer, from connecting to its last byte, > 0.
    attempts : int
        At most so many sendings of one question, >= 1; waits that the server asks for do not count.
    per_minute : float
        Questions a minute at most; 0 for no limit.
    pause_seconds : float
        Wait before the second attempt; it doubles with each.
    budget : Budget, optional
        Pays for tokens as they are counted.
    """

    def __init__(
        self,
        url: str,
        timeout_seconds: float,
        attempts: int,
        per_minute: float,
        pause_seconds: float,
        budget: Budget | None = None,
    ) -> None:
        self.address = (url or _from_environment(URLS)).rstrip("/")
        if not self.address:
            raise OptionError(
                "KARAT_LLM_URL, the address of a language model, is not set",
                "Set it to an OpenAI-compatible server, such as http://127.0.0.1:8000/v1, or leave --model out",
            )
        self._parts = urlsplit(self.address)
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname:
            raise OptionError(f"KARAT_LLM_URL is {self.address!r}", "Give an http(s) address")
        self._key = _from_environment(KEYS)
        self._timeout, self._attempts, self._pause = timeout_seconds, attempts, pause_seconds
        self._rate, self._lock, self._budget = RateLimit(per_minute), threading.Lock(), budget
        self._deaf, self._answered = 0, False
        self.cost = QuestionCost()

    def ask(self, body: dict[str, Any]) -> Reply | None:
        """The first choice, or a refusal of this question; None when no attempt brought one.

        Raises
        ------
        OptionError
            The server refuses the key, the model, or every question: trying again would not help.
        MachineError
            Nothing answered several questions in a row.
        """
        start = time.monotonic()
        try:
            reply = self._asked(body)
        finally:
            self._count(seconds=time.monotonic() - start)
        with self._lock:
            good = reply is not None and not reply.refused
            self._deaf = 0 if good else self._deaf + 1
            self._answered |= good
            gone = self._deaf >= DEAF_AFTER
        if reply is None:
            self._count(unanswered=1)
            if gone:
                raise MachineError(
                    f"{self._parts.netloc} did not answer {DEAF_AFTER} questions, with {self._attempts} attempts each",
                    "Run the same command when it is back; earlier answers are in the cache",
                )
        elif reply.refused and not self._answered and (gone or int(reply.refused[:3]) in NOT_US):
            raise OptionError(
                f"{self._parts.netloc} refused the question with status {reply.refused}",
                "Check KARAT_LLM_URL, KARAT_LLM_KEY and the name of the model",
            )
        return reply

    def _asked(self, body: dict[str, Any]) -> Reply | None:
        attempt = limited = sent = 0
        while attempt < self._attempts and limited < MOST_LIMITED:
            self._count(retried=int(sent > 0))
            sent += 1
            reply, asked_wait = self._once(body)
            if reply is not None:
                return reply
            if asked_wait > 0:  # every thread keeps away
                limited += 1
                self._rate.pause(min(asked_wait, LONGEST_WAIT))
                continue
            attempt += 1
            if attempt < self._attempts:
                time.sleep(min(self._pause * 2 ** (attempt - 1), LONGEST_WAIT))
        return None

    def _once(self, body: dict[str, Any]) -> tuple[Reply | None, float]:
        """One attempt: the answer or None, and the seconds the server asked to wait."""
        self._rate.wait()
        self._count(asked=1)
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
            said = content[:200].decode("utf-8", "replace")
            return Reply("", refused=f"{answer.status}: {said}"), 0.0
        if answer.status != 200 or len(content) > MOST_BYTES:
            return None, _wait_asked(answer)
        return self._read(content), 0.0

    def _read(self, content: bytes) -> Reply | None:
        try:
            value = json.loads(content)
            choice = value["choices"][0]
            text = choice["message"]["content"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
        used = value.get("usage")
        counts = [used.get(name) if isinstance(used, dict) else None for name in ("prompt_tokens", "completion_tokens")]
        tokens_in, tokens_out = (count if type(count) is int and 0 < count < 10**9 else 0 for count in counts)
        self._count(tokens_in=tokens_in, tokens_out=tokens_out)
        if self._budget is not None:
            self._budget.pay(tokens_in, tokens_out)
        cut = choice.get("finish_reason") == "length"
        if text is None and cut:  # all its words went into thinking
            text = ""
        return Reply(text, _certainty(choice), cut) if isinstance(text, str) else None

    def _count(self, **more: float) -> None:
        with self._lock:
            for name, value in more.items():
                setattr(self.cost, name, getattr(self.cost, name) + value)


def _certainty(choice: dict[str, Any]) -> float | None:
    """The probability of the words of the answer, without those of thinking."""
    try:
        tokens = choice["logprobs"]["content"]
        total = 0.0
        for token in tokens:
            total = 0.0 if END_OF_THOUGHT.search(str(token["token"])) else total + min(float(token["logprob"]), 0.0)
    except (LookupError, TypeError, ValueError):
        return None
    return math.exp(total) if tokens and math.isfinite(total) else None


def _hang_up(line: HTTPConnection, opened: list[Any]) -> None:
    import socket

    for connection in (*opened, line.sock):
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _wait_asked(answer: HTTPResponse) -> float:
    """Seconds of Retry-After, which may be a number or a date."""
    asked = answer.getheader("Retry-After") or ""
    with contextlib.suppress(ValueError):
        return max(0.0, float(asked))
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    return 0.0


def _from_environment(names: tuple[str, ...]) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")
