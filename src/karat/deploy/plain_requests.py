"""One record in the form that clients nearly always send, read without a second look; ``protocol`` reads all others."""

import json
from typing import Any, NamedTuple

from karat.core.parsing import PLAIN_NUMBER
from karat.core.schema import Role, Schema
from karat.deploy.protocol import BYTES, EXACT, PLAIN_TYPES, Request, Texts
from karat.deploy.signature import Signature

NAN = float("nan")
FIELDS = 4  # definition: name, shape, datatype and data
SHAPES = ([1, 1], [1])  # definition: of one record


class NotPlain(ValueError):  # noqa: N818  no fault of anybody
    """The request has to be read with care."""


class _Plan(NamedTuple):
    """How a column of numbers is read."""

    whole: bool
    gaps: frozenset[str]  # texts that stand for a missing number


class PlainReader:
    """Reads a request of one record whose tensors hold a plain value each, and nothing else.

    What it reads is what ``protocol.parse`` would read, and what it does not understand that function reads, or refuses
    in words.
    """

    def __init__(self, signature: Signature) -> None:
        self._plans = _plans(signature.schema)
        self._wanted = {entry.name for entry in signature.inputs}
        self._outputs = {entry.name: False for entry in signature.outputs}

    def read(self, body: bytes) -> Request | None:
        """The request, or None for one that is not plain."""
        try:
            return self._read(json.loads(body))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # not of that form
            return None

    def _read(self, head: Any) -> Request:
        if len(head) > 1 and head.keys() - {"id", "inputs"}:
            raise NotPlain
        columns: dict[str, Texts] = {}
        numbers: dict[str, float] = {}
        plans, inputs = self._plans, head["inputs"]
        if type(inputs) is not list:
            raise NotPlain
        for tensor in inputs:
            name, shape, data, kind = tensor["name"], tensor["shape"], tensor["data"], tensor["datatype"]
            plan = plans[name]
            if len(tensor) != FIELDS or type(data) is not list or len(data) != 1 or shape not in SHAPES:
                raise NotPlain
            if type(shape[0]) is not int or type(shape[-1]) is not int:
                raise NotPlain
            value = data[0]
            if plan is not None:
                columns[name] = [_number(value, kind, plan, name, numbers)]
            elif kind == BYTES and (value is None or (type(value) is str and _sound(value))):
                columns[name] = [value or None]
            else:
                raise NotPlain
        if len(columns) != len(inputs) or not self._wanted <= columns.keys():
            raise NotPlain
        return Request(str(head.get("id", "")), columns, self._outputs, quarantine=False, numbers=numbers)


def _plans(schema: Schema) -> dict[str, _Plan | None]:
    """The columns whose values need no second look; None for those that hold texts."""
    out: dict[str, _Plan | None] = {}
    for column in schema:
        if column.role is not Role.NUMBER and column.type != "binary":
            out[column.name] = None
        elif column.role is Role.NUMBER and column.decimal == "." and not column.thousands:
            out[column.name] = _Plan(column.type != "float64", frozenset(column.nulls))
    return out


def _sound(text: str) -> bool:
    """Half a surrogate pair raises ValueError."""
    return text.isascii() or bool(text.encode())


def _number(value: Any, kind: Any, plan: _Plan, name: str, numbers: dict[str, float]) -> str | None:
    """The cell as text, None where it is missing; its number is noted where it is sure."""
    if kind not in PLAIN_TYPES:
        raise NotPlain
    if value is None:
        numbers[name] = NAN
        return None
    if type(value) is int and -EXACT <= value <= EXACT:
        text = str(value) if plan.whole or kind == "INT64" else str(float(value))
    elif type(value) is float and kind == "FP64" and -EXACT <= value <= EXACT:
        text = str(int(value)) if plan.whole and value.is_integer() else str(value)
    else:
        raise NotPlain
    if text in plan.gaps:
        numbers[name] = NAN
    elif PLAIN_NUMBER(text):
        numbers[name] = float(text)
    return text
