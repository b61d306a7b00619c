"""A message as a record: cells of text, or the reason why it is none."""

from collections.abc import Mapping
from typing import Any

from karat.collect.json_lines import parse_line
from karat.collect.streams.message import Message
from karat.collect.typed import to_text

MAX_MESSAGE_BYTES = 8 << 20  # cost: larger ones are set aside unread; as a request to karat serve may be


def cells_of(message: Message, most_bytes: int = MAX_MESSAGE_BYTES) -> Mapping[str, str | None] | str:
    """The record in a message, each value as text and null for blank; or why there is none.

    Parameters
    ----------
    message : Message
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
    cells = {name: to_text(value) for name, value in values.items()}
    if any(text is not None and "\x00" in text for text in cells.values()):
        return "a NUL character"
    return cells
