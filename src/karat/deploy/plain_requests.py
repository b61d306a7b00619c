"""One record in the form that clients nearly always send, read without a second look; ``protocol`` reads all others."""

import json
from typing import Any, NamedTuple

from karat.core.block import PLAIN_NUMBER
from karat.core.schema import Column, Role
from karat.deploy.protocol import BYTES, EXACT, PLAIN_TYPES, Request, Texts
from karat.deploy.signature import Signature

NAN = float("nan")
FIELDS = 4  # definition: name, shape, datatype and data
SHAPES = ([1, 1], [1])  # definition: of one record


class _Plan(NamedTuple):
    """How one column is read."""

    number: bool
    whole: bool
    gaps: frozenset[str]  # texts that stand for a missing number


class PlainReader:
    """Reads a request of one record whose tensors hold a plain value each, and nothing else.

    What it reads is what ``protocol.parse`` would read, and what it does not understand that function reads, or refuses
    in words.

    Parameters
    ----------
    signature : Signature
    """

    def __init__(self, signature: Signature) -> None:
        self._plans = {column.name: plan for column in signature.schema if (plan := _plan(column))}
        self._wanted = {entry.name for entry in signature.inputs}
        self._outputs = {entry.name: False for entry in signature.outputs}

    def read(self, body: bytes) -> Request | None:
        """The request, or None for one that is not plain."""
        try:
            head = json.loads(body)
            return self._read(head)
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):  # not of that form
            return None

    def _read(self, head: dict[str, Any]) -> Request | None:
        if len(head) > 1 and head.keys() - {"id", "inputs"}:
            return None
        columns: dict[str, Texts] = {}
        numbers: dict[str, float] = {}
        plans, inputs = self._plans, head["inputs"]
        if type(inputs) is not list:
            return None
        for tensor in inputs:
            name, shape, kind, data = tensor["name"], tensor["shape"], tensor["datatype"], tensor["data"]
            plan = plans.get(name)
            if plan is None or len(tensor) != FIELDS or shape not in SHAPES or type(shape[0]) is not int:
                return None
            if type(shape[-1]) is not int or type(data) is not list or len(data) != 1:
                return None
            value = data[0]
            text = _number(value, kind, plan, name, numbers) if plan.number else _text(value, kind)
            if text is None:
                return None
            columns[name] = [text or None]
        if len(columns) != len(inputs) or not self._wanted <= columns.keys():
            return None
        return Request(str(head.get("id", "")), columns, self._outputs, quarantine=False, numbers=numbers)


def _plan(column: Column) -> _Plan | None:
    """None for a column whose values need a second look in any case."""
    if column.type == "binary":
        return None
    if column.role is not Role.NUMBER:
        return _Plan(False, False, frozenset())  # noqa: FBT003  fields in order
    if column.decimal != "." or column.thousands:
        return None
    return _Plan(True, column.type != "float64", frozenset(column.nulls))  # noqa: FBT003


def _text(value: Any, kind: Any) -> str | None:
    """The cell, "" where it is missing; None for what is no plain text."""
    if kind != BYTES:
        return None
    if value is None:
        return ""
    if type(value) is not str:
        return None
    if not value.isascii():
        value.encode()  # half a surrogate pair raises ValueError
    return value


def _number(value: Any, kind: Any, plan: _Plan, name: str, numbers: dict[str, float]) -> str | None:
    """The cell as text, "" where it is missing, its number noted; None for what is no plain number."""
    if value is None:
        if kind not in PLAIN_TYPES:
            return None
        numbers[name] = NAN
        return ""
    if type(value) is int and kind in PLAIN_TYPES and -EXACT <= value <= EXACT:
        text = str(value) if plan.whole or kind == "INT64" else str(float(value))
    elif type(value) is float and kind == "FP64" and -EXACT <= value <= EXACT:
        text = str(int(value)) if plan.whole and value.is_integer() else str(value)
    else:
        return None
    if text in plan.gaps:
        numbers[name] = NAN
    elif PLAIN_NUMBER(text):
        numbers[name] = float(text)
    return text
