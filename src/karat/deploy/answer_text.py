"""Answers of the Open Inference Protocol v2 as JSON or binary tensors."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from karat.deploy.protocol import BYTES, LENGTH, NUMPY_TYPES
from karat.deploy.signature import Signature

WRITTEN = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
VALUES_AT_ONCE = 10_000  # cost: written to JSON between two turns of other threads


def render(
    head: dict[str, Any], values: Mapping[str, np.ndarray], signature: Signature, outputs: Mapping[str, bool]
) -> tuple[bytes, int | None]:
    """An answer's body, and the length of its JSON part when binary data follows it.

    Parameters
    ----------
    head : dict
        Model name, version, id and parameters.
    values : mapping of str to ndarray
        Output tensors, n records each.
    outputs : mapping of str to bool
        Wanted outputs; True = as binary data.
    """
    kinds = {entry.name: entry.datatype for entry in signature.outputs}
    tensors, tail = [], []
    for name, binary in outputs.items():
        value = values[name]
        tensor: dict[str, Any] = {"name": name, "datatype": kinds[name], "shape": list(value.shape)}
        if binary:
            raw = _to_bytes(value, kinds[name])
            tail.append(raw)
            tensor["parameters"] = {"binary_data_size": len(raw)}
        else:
            tensor["data"] = _data(value)
        tensors.append(tensor)
    if max((value.size for value in values.values()), default=0) > VALUES_AT_ONCE:
        text = _long_text(head, tensors)
    else:
        text = WRITTEN(head | {"outputs": tensors}).encode()
    return (text + b"".join(tail), len(text)) if tail else (text, None)


def _data(value: np.ndarray) -> list[Any]:
    flat: list[Any] = value.ravel().tolist()
    return [None if v != v else v for v in flat]  # noqa: PLR0124  JSON has no NaN


def _long_text(head: dict[str, Any], tensors: list[dict[str, Any]]) -> bytes:
    """The same JSON, written some values at a time."""
    parts = []
    for tensor in tensors:
        data = tensor.get("data", ())
        pieces = (data[at : at + VALUES_AT_ONCE] for at in range(0, len(data), VALUES_AT_ONCE))
        texts = [json.dumps(piece, ensure_ascii=False, allow_nan=False)[1:-1] for piece in pieces]
        start = json.dumps({key: item for key, item in tensor.items() if key != "data"}, ensure_ascii=False)
        parts.append(f'{start[:-1]}, "data": [{", ".join(texts)}]}}' if "data" in tensor else start)
    start = json.dumps(head, ensure_ascii=False)
    return f'{start[:-1]}, "outputs": [{", ".join(parts)}]}}'.encode()


def _to_bytes(value: np.ndarray, kind: str) -> bytes:
    if kind != BYTES:
        return value.astype(NUMPY_TYPES[kind]).tobytes()
    texts = [str(text).encode() for text in value.ravel()]
    return b"".join(LENGTH.pack(len(text)) + text for text in texts)
