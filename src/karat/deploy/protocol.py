"""The Open Inference Protocol v2 on the wire: requests as columns of text; ``answer_text`` has the way back.

Both forms of tensor data are read and written: JSON ``data``, and raw bytes after the JSON header (the binary
tensor data extension, what tritonclient sends unless told otherwise).
"""

import json
import math
import struct
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from karat.core.errors import InputError, OptionError
from karat.core.schema import Column, Role
from karat.deploy.json_pieces import read_json, too_deep
from karat.deploy.limits import ServeLimits
from karat.deploy.signature import Signature, as_text

NUMPY_TYPES: dict[str, str] = {
    "BOOL": "?",
    "UINT8": "<u1",
    "UINT16": "<u2",
    "UINT32": "<u4",
    "UINT64": "<u8",
    "INT8": "<i1",
    "INT16": "<i2",
    "INT32": "<i4",
    "INT64": "<i8",
    "FP16": "<f2",
    "FP32": "<f4",
    "FP64": "<f8",
}
BYTES = "BYTES"
PLAIN_TYPES = frozenset({"FP64", "INT64"})
EXACT = 2**53  # definition: whole numbers up to it are exact as FP64
MAX_QUOTED = 80  # display: characters
LIMITS = ServeLimits()
LISTS_EACH, MORE_LISTS = 8, 10_000  # definition: lists and objects around the values of a request, with room
OWN_KEYS, TENSOR_KEYS = frozenset({"id", "inputs"}), 4  # definition: of a request without anything that may be nested
LENGTH = struct.Struct("<I")
Texts = list[str | None]


@dataclass(frozen=True, eq=False)
class Request:
    """An inference request that has been understood.

    Parameters
    ----------
    id : str
        The client's, given back in the answer; "" when none.
    columns : mapping of str to list
        The texts of each tensor that was sent, all of one length; None = missing.
    outputs : mapping of str to bool
        Wanted outputs in order; True = as binary data.
    quarantine : bool
        Answer for the good records even when others cannot be read.
    first : int
        Number of the first record, in a part of a request.
    numbers : mapping of str to float
        Of one record alone: what columns of numbers hold, NaN where missing; those that are not in it are read from
        their text.
    """

    id: str
    columns: Mapping[str, Texts]
    outputs: Mapping[str, bool]
    quarantine: bool
    first: int = 0
    numbers: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def records(self) -> int:
        """How many records were sent."""
        return len(next(iter(self.columns.values())))

    def parts(self, most: int) -> list["Request"]:
        """The request in parts of at most so many records."""
        if self.records <= most:
            return [self]
        return [
            replace(self, columns={name: texts[at : at + most] for name, texts in self.columns.items()}, first=at)
            for at in range(0, self.records, most)
        ]


def parse(
    body: bytes,
    header_bytes: int | None,
    signature: Signature,
    limits: ServeLimits = LIMITS,
    deadline: float = math.inf,
) -> Request:
    """A request body as columns of text.

    Parameters
    ----------
    header_bytes : int or None
        Length of the JSON part (``Inference-Header-Content-Length``); None when there is nothing else.
    deadline : float
        Of ``time.monotonic()``.

    Raises
    ------
    InputError, OptionError
        Naming the field that is wrong, and the cure.
    TimeoutError
        When the deadline has passed.
    """
    if header_bytes is not None and not 0 <= header_bytes <= len(body):
        raise InputError(
            f"Inference-Header-Content-Length is {header_bytes}, and the body has {len(body)} bytes",
            "Send the length of the JSON part in bytes",
        )
    head = _object(body if header_bytes is None else body[:header_bytes], signature, limits, deadline)
    rest = memoryview(b"" if header_bytes is None else body)[header_bytes or 0 :]
    tensors = head.get("inputs")
    if not isinstance(tensors, list) or not tensors:
        raise InputError(
            f"inputs is {_short(tensors) if tensors is not None else 'missing'}",
            "Send a list with one tensor per input column",
        )
    columns = _columns(tensors, rest, signature, limits.max_records)
    if head.keys() - OWN_KEYS or any(len(tensor) > TENSOR_KEYS for tensor in tensors):
        too_deep(head, limits.max_nesting)
    missing = [entry.name for entry in signature.inputs if entry.name not in columns]
    if missing:
        raise InputError(
            f"inputs has no tensor for {', '.join(map(repr, missing))}",
            "Send each, with NaN or an empty string where the value is missing",
        )
    parameters = _parameters(head, "parameters")
    outputs = _wanted(head, parameters, signature)
    return Request(str(head.get("id", "")), columns, outputs, parameters.get("quarantine") is True)


def _object(text: bytes, signature: Signature, limits: ServeLimits, deadline: float) -> dict[str, Any]:
    lists = (limits.max_records + LISTS_EACH) * len(signature.inputs) + MORE_LISTS
    head = read_json(text, limits.max_nesting, lists, deadline)
    if not isinstance(head, dict):
        raise InputError(f"the request is of type {type(head).__name__}", 'Send {"inputs": [...]}')
    return head


def _parameters(holder: Mapping[str, Any], where: str) -> dict[str, Any]:
    parameters = holder.get("parameters", {})
    if not isinstance(parameters, dict):
        raise InputError(f"{where} is {_short(parameters)}, not an object", "Leave it out or send {}")
    return parameters


def _columns(tensors: list[Any], rest: memoryview, signature: Signature, most: int) -> dict[str, Texts]:
    columns: dict[str, Texts] = {}
    used, records = 0, -1
    for tensor in tensors:
        column = _column(tensor, columns, signature)
        where = f"input {column.name!r}"
        n = _records(tensor, where)
        if n > most:
            raise InputError(f"{where} has {n} records (limit {most})", "Send fewer records at a time")
        if records not in (-1, n):
            raise InputError(
                f"{where} has {n} records, and the other inputs have {records}", "Send tensors of one length"
            )
        records = n
        size = _parameters(tensor, where).get("binary_data_size")
        if size is None:
            texts = _from_json(tensor, n, column, where)
        else:
            if type(size) is not int or not 0 <= size <= len(rest) - used:
                raise InputError(
                    f"{where} has binary_data_size {_short(size)}, and {len(rest) - used} bytes are left",
                    "Send the tensor's length in bytes",
                )
            texts = _from_bytes(rest[used : used + size], tensor["datatype"], n, column, where)
            used += size
        columns[column.name] = _sound(texts, where)
    if used != len(rest):
        raise InputError(
            f"the request has {len(rest) - used} bytes of binary data that belong to no input",
            "Give every binary input its binary_data_size",
        )
    return columns


def _column(tensor: Any, seen: Mapping[str, Any], signature: Signature) -> Column:
    if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
        raise InputError(
            f"inputs holds {_short(tensor)}, which is not a tensor with a name",
            'Send {"name": ..., "shape": [n, 1], "datatype": ..., "data": [...]}',
        )
    name = tensor["name"]
    if name not in signature.schema:
        raise OptionError.unknown("input", name, [entry.name for entry in signature.inputs], "the model")
    if name in seen:
        raise InputError(f"input {name!r} was sent twice", "Send it once")
    column = signature.schema[name]
    kind = tensor.get("datatype")
    if not isinstance(kind, str) or (kind != BYTES and kind not in NUMPY_TYPES):
        raise OptionError.unknown("datatype", str(kind), [*NUMPY_TYPES, BYTES], f"input {name!r}")
    if kind == "BOOL" and column.role is not Role.NUMBER and column.type != "bool":
        raise InputError(f"input {name!r} has datatype BOOL", "Send BYTES, written as in training")
    if column.type == "binary" and kind != BYTES:
        raise InputError(
            f"input {name!r} has datatype {kind}, and takes files of pictures", "Send BYTES, in JSON as base64"
        )
    if kind in ("FP16", "FP32", "FP64") and column.role is Role.TEXT:
        raise InputError(f"input {name!r} has datatype {kind}, and takes text", "Send BYTES")
    return column


def _records(tensor: Mapping[str, Any], where: str) -> int:
    shape = tensor.get("shape")
    sound = isinstance(shape, list) and all(type(n) is int and n >= 0 for n in shape)
    if not sound or not (len(shape) == 1 or (len(shape) == 2 and shape[1] == 1)):  # type: ignore[arg-type,index]
        raise InputError(f"{where} has shape {_short(shape)}, not [n, 1] or [n]", "Send one value per record")
    n = int(shape[0])  # type: ignore[index]
    if n == 0:
        raise InputError(f"{where} has shape {shape}, without any record", "Send one value per record")
    return n


def _from_json(tensor: Mapping[str, Any], n: int, column: Column, where: str) -> Texts:
    values = tensor.get("data")
    if not isinstance(values, list):
        raise InputError(f"{where} has {_short(values)} as data, not a list", "Send one value per record")
    if values and isinstance(values[0], list):
        if any(not isinstance(value, list) for value in values):
            raise InputError(
                f"data of {where} has values and lists side by side", "Send [v, v, ...] or [[v], [v], ...]"
            )
        values = [inner for value in values for inner in value]
    if len(values) != n:
        raise InputError(f"{where} has {len(values)} values, and its shape says {n}", "Make shape and data agree")
    kind = tensor["datatype"]
    return _texts(values, where) if kind == BYTES else _numbers(values, kind, column, where)


def _texts(values: Sequence[Any], where: str) -> Texts:
    for at, value in enumerate(values):
        if value is not None and not isinstance(value, str):
            raise InputError(
                f"{where}, record {at}: {_short(value)} is not text, as datatype BYTES says",
                "Send a string, or another datatype",
            )
    return list(values)


def _numbers(values: Sequence[Any], kind: str, column: Column, where: str) -> Texts:
    if kind in PLAIN_TYPES and column.role is not Role.TIME:
        texts = _plain_numbers(values, kind, column)
        if texts is not None:
            return texts
    dtype = np.dtype(NUMPY_TYPES[kind])
    allowed: tuple[type, ...] = {"b": (bool,), "f": (int, float)}.get(dtype.kind, (int,))
    for at, value in enumerate(values):
        if value is not None and type(value) not in allowed:
            raise InputError(
                f"{where}, record {at}: {_short(value)} is not a {kind}",
                "Send such a value, null where it is missing, or another datatype",
            )
    try:
        present = np.array([0 if value is None else value for value in values], dtype)
    except OverflowError as error:
        raise InputError(f"{where} has values that do not fit {kind}: {error}", "Send a wider datatype") from error
    written = _as_text(present, column)
    return [None if value is None else text for value, text in zip(values, written, strict=True)]


def _plain_numbers(values: Sequence[Any], kind: str, column: Column) -> Texts | None:
    """As ``as_text`` writes them, value by value; None where one of them needs a second look."""
    whole = column.type != "float64" or kind == "INT64"
    out: Texts = []
    for value in values:
        if value is None or value != value:  # noqa: PLR0124  NaN
            out.append(None)
        elif type(value) is int and -EXACT <= value <= EXACT:
            out.append(str(value) if whole else str(float(value)))
        elif type(value) is float and kind == "FP64" and -EXACT <= value <= EXACT:
            out.append(str(int(value)) if whole and value.is_integer() else str(value))
        else:
            return None
    return out if column.decimal == "." else None


def _as_text(values: np.ndarray, column: Column) -> Texts:
    if values.dtype.kind == "b" and column.role is not Role.NUMBER:
        return [str(bool(value)) for value in values]
    return as_text(values.astype(np.int64) if values.dtype.kind == "b" else values, column)


def _from_bytes(raw: memoryview, kind: str, n: int, column: Column, where: str) -> Texts:
    if kind == BYTES:
        cells = _cells(raw, n, where)
        return [b64encode(cell).decode() for cell in cells] if column.type == "binary" else _strings(cells, where)
    dtype = np.dtype(NUMPY_TYPES[kind])
    if len(raw) != n * dtype.itemsize:
        raise InputError(
            f"{where} has {len(raw)} bytes, and {n} values take {dtype.itemsize} bytes each",
            "Make shape, datatype and binary_data_size agree",
        )
    return _as_text(np.frombuffer(raw, dtype), column)


def _cells(raw: memoryview, n: int, where: str) -> list[bytes]:
    out: list[bytes] = []
    at = 0
    while at < len(raw) and len(out) < n:
        end = at + LENGTH.size
        size = LENGTH.unpack(raw[at:end])[0] if end <= len(raw) else len(raw)
        if end + size > len(raw):
            break
        out.append(bytes(raw[end : end + size]))
        at = end + size
    if at != len(raw) or len(out) != n:
        raise InputError(
            f"{where} has {len(out)} strings and {len(raw) - at} bytes left over, "
            f"and its shape says {n} strings, each after its length in 4 bytes",
            "Make shape and binary data agree",
        )
    return out


def _strings(cells: list[bytes], where: str) -> Texts:
    try:
        return [cell.decode() for cell in cells]
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is not UTF-8: {error}", "Encode text as UTF-8") from error


def _sound(texts: Texts, where: str) -> Texts:
    """Texts that UTF-8 can hold; the empty string is how a gap is written."""
    try:
        "".join(text for text in texts if text).encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f"{where} holds half a surrogate pair, which UTF-8 cannot write", "Send whole characters"
        ) from error
    return [text or None for text in texts]


def _wanted(head: Mapping[str, Any], parameters: Mapping[str, Any], signature: Signature) -> dict[str, bool]:
    known = [entry.name for entry in signature.outputs]
    everything = parameters.get("binary_data_output") is True
    asked = head.get("outputs")
    if not asked:
        return dict.fromkeys(known, everything)
    out = {}
    for entry in asked if isinstance(asked, list) else [asked]:
        name = entry.get("name") if isinstance(entry, dict) else entry
        if not isinstance(name, str) or name not in known:
            raise OptionError.unknown("output", str(name), known, "outputs")
        out[name] = _parameters(entry, f"output {name!r}").get("binary_data", everything) is True
    return out


def _short(value: Any) -> str:
    """A value as JSON, cut short; of a long list the beginning is enough."""
    if isinstance(value, (list, dict)) and len(value) > 3:
        some = list(value.items())[:3] if isinstance(value, dict) else value[:3]
        value = dict(some) if isinstance(value, dict) else [*some, "..."]
    if isinstance(value, str):
        value = value[:MAX_QUOTED]
    try:
        text = json.dumps(value, ensure_ascii=True, default=str) if value is not None else "null"
    except RecursionError:
        text = "a deeply nested value"
    return text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 3] + "..."
