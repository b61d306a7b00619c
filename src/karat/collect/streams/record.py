"""A message as a record: cells of text, or the reason why it is none."""

from collections.abc import Mapping
from typing import Any

from karat.collect.json_lines import parse_line
from karat.collect.streams.message import Message
from karat.collect.typed import to_text

ESCAPED_NUL = b"\\u0000"  # definition: the only way to write it in JSON (RFC 8259, 7)
MAX_MESSAGE_BYTES = 8 << 20  # cost: larger ones are set aside unread; as a request to karat serve may be


def cells_of(message: Message, most_bytes: int = MAX_MESSAGE_BYTES) -> Mapping[str, str | None] | str:
    """The record in a message, each value as text and null for blank; or why there is none.

    Parameters
    ----------
    most_bytes : int
        A longer message is not read.
    """
    if message.error:
        return message.error
    if len(message.body) > most_bytes:
        return f"{len(message.body):,} bytes where at most {most_bytes:,} are read"
    values: Mapping[str, Any] | str = parse_line(message.body) if message.cells is None else message.cells
    if isinstance(values, str):
        return values
    cells = {name: _text(value) for name, value in values.items()}
    doubtful = message.cells is not None or ESCAPED_NUL in message.body
    return "a NUL character" if doubtful and any(text and "\x00" in text for text in cells.values()) else cells


def _text(value: Any) -> str | None:
    """``to_text``, sooner for what is met most."""
    kind = type(value)
    return value or None if kind is str else str(value) if kind is int else to_text(value)
