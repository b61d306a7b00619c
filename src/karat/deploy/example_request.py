"""One record as a request that a terminal can send, ready to be pasted."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from karat.core.errors import KaratError
from karat.core.schema import Role
from karat.deploy.protocol import BYTES, parse
from karat.deploy.signature import NUMERIC, Input, Signature

MOST_CHARACTERS = 200  # display: of a text
PICTURE = "\0picture"  # stands for the file of a picture, which no line can hold

FILE = "\"'\"$(base64 < picture.jpg | tr -d '\\n')\"'\""


def example_request(signature: Signature, cells: Mapping[str, str | float | None]) -> dict[str, Any] | None:
    """A request with one record; None where the model takes something else than records.

    Parameters
    ----------
    cells : mapping of str to str, float or None
        Of the record by column, numbers as numbers; what is not there is sent as missing, of a category its first
        value.
    """
    tensors = [_tensor(entry, cells.get(entry.name, next(iter(entry.categories), None))) for entry in signature.inputs]
    request = {"inputs": tensors}
    try:
        parse(json.dumps(request).encode(), None, signature)
    except KaratError:
        return None
    return request


def _tensor(entry: Input, cell: str | float | None) -> dict[str, Any]:
    if entry.role == Role.IMAGE:
        cell = PICTURE
    number = entry.role == Role.NUMBER and not isinstance(cell, str)
    if isinstance(cell, float):
        cell = None if cell != cell else int(cell) if cell.is_integer() else cell  # noqa: PLR0124  NaN
    if isinstance(cell, str):
        cell = cell[:MOST_CHARACTERS]
    return {"name": entry.name, "shape": [1, 1], "datatype": NUMERIC if number else BYTES, "data": [cell]}


def curl_line(address: str, request: Mapping[str, Any], *, token: bool = False) -> str:
    """The command that posts a request, quoted for a POSIX shell; a token comes from the variable KARAT_TOKEN.

    Parameters
    ----------
    address : str
        Where to post to.
    request : mapping
        The body.
    token : bool
        The server wants one.
    """
    text = json.dumps(request, ensure_ascii=False)
    text = "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)
    body = shlex.quote(text).replace(json.dumps(PICTURE), FILE)
    secret = ' -H "Authorization: Bearer $KARAT_TOKEN"' if token else ""
    return f"curl {shlex.quote(address)} -H 'Content-Type: application/json'{secret} -d {body}"
