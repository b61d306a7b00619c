"""JSON of strangers, read a piece at a time: other threads get their turn, and limits stop it before memory does.

The parser of the standard library holds the interpreter until it is done: 15 MB of nested lists stop a server for
seconds. Here one call of it sees at most a piece of plain values; lists and objects are walked between the calls.
"""

import json
import re
import time
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from karat.core.errors import InputError

PIECE = 65_536  # cost: characters read at once; a millisecond or two
WHOLE = 65_536  # cost: a body up to this size is read at once
# plain values, alone or each in a list of its own, every one followed by a comma
_VALUE = r'(?:"(?:[^"\\]++|\\.)*+"|[^"\[\]{},:\s]++)'
_PLAIN = re.compile(rf"(?:\s*+(?:{_VALUE}|\[\s*+{_VALUE}\s*+\])\s*+,)++", re.DOTALL)
_SPACE = re.compile(r"[ \t\n\r]*+")
LONG_NUMBER = re.compile(r"integer string conversion: value has (\d+) digits")
_DECODER = json.JSONDecoder()


class _Reader:
    def __init__(self, text: str, max_nesting: int, max_lists: int, deadline: float) -> None:
        self.text, self.max_nesting, self.left, self.deadline = text, max_nesting, max_lists, deadline

    def whole(self) -> Any:
        value, at = self.value(self.space(0), 0)
        if self.space(at) != len(self.text):
            raise ValueError(f"extra data at character {at}")
        return value

    def value(self, at: int, depth: int) -> tuple[Any, int]:
        start = self.text[at : at + 1]
        if start not in ("[", "{") or not start:
            value: tuple[Any, int] = _DECODER.raw_decode(self.text, at)
            return value
        if depth >= self.max_nesting:
            raise InputError(f"the request is nested more than {self.max_nesting} deep", "Send flat lists of values")
        self.left -= 1
        if self.left < 0:
            raise InputError("the request holds more lists than its records need", "Send fewer records at a time")
        if self.left % 256 == 0 and time.monotonic() > self.deadline:
            raise TimeoutError
        return self.list_at(at + 1, depth + 1) if start == "[" else self.object_at(at + 1, depth + 1)

    def list_at(self, at: int, depth: int) -> tuple[list[Any], int]:
        out: list[Any] = []
        while True:
            at = self.space(at)
            if self.text[at : at + 1] == "]" and not out:
                return out, at + 1
            plain = _PLAIN.match(self.text, at, min(at + PIECE, len(self.text)))
            if plain:
                out += json.loads(f"[{self.text[at : plain.end() - 1]}]")
                at = plain.end()
                continue
            value, at = self.value(at, depth)
            out.append(value)
            ended, at = self.after_value(at, "]")
            if ended:
                return out, at

    def object_at(self, at: int, depth: int) -> tuple[dict[str, Any], int]:
        out: dict[str, Any] = {}
        while True:
            at = self.space(at)
            mark = self.text[at : at + 1]
            if mark == "}" and not out:
                return out, at + 1
            if mark != '"':
                raise ValueError(f"a name in quotes expected at character {at}")
            name, at = scanstring(self.text, at + 1)
            at = self.space(at)
            if self.text[at : at + 1] != ":":
                raise ValueError(f"':' expected at character {at}")
            out[name], at = self.value(self.space(at + 1), depth)
            ended, at = self.after_value(at, "}")
            if ended:
                return out, at

    def after_value(self, at: int, closing: str) -> tuple[bool, int]:
        """Whether the list or object ends after one of its values, and the place behind the mark that says so."""
        at = self.space(at)
        mark = self.text[at : at + 1]
        if mark not in (closing, ","):
            raise ValueError(f"',' expected at character {at}")
        return mark == closing, at + 1

    def space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at


def read_json(body: bytes | memoryview, max_nesting: int, max_lists: int, deadline: float) -> Any:
    """The JSON value of a body.

    Parameters
    ----------
    body : bytes
        UTF-8.
    max_nesting : int
        Lists and objects inside one another.
    max_lists : int
        Lists and objects in all.
    deadline : float
        Of ``time.monotonic()``.

    Raises
    ------
    InputError
        When it is not JSON, or beyond a limit.
    TimeoutError
        When the deadline has passed.
    """
    try:
        if len(body) <= WHOLE:
            return json.loads(bytes(body))
        return _Reader(str(body, "utf-8"), max_nesting, max_lists, deadline).whole()
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, or a number of thousands of digits
        if digits := LONG_NUMBER.search(str(error)):
            number = f"a number of {int(digits[1]):,} digits"
            raise InputError(f"the request holds {number}", "Send numbers that FP64 can hold, or text") from error
        why = "nested too deep" if isinstance(error, RecursionError) else " ".join(str(error).split())[:200]
        raise InputError(f"the request is not JSON: {why}", 'Send {"inputs": [...]}') from error


def too_deep(value: Any, nesting: int) -> None:
    """Raises InputError where lists and objects are inside one another beyond ``nesting``."""
    level = [value]
    for _ in range(nesting + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (list, dict))
        ]
        if not level:
            return
    raise InputError(f"the request is nested more than {nesting} deep", "Send flat lists of values")
