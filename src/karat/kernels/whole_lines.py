"""Splits delimited text of which every line is a record: what ``delimited.scan`` gives, for all lines at once."""

from typing import NamedTuple

import numpy as np

from karat.kernels.delimited import CR, GOOD, OPEN, read_record

SELDOM = 16  # cost: one line in so many may hold a quote; more are faster split by ``delimited.scan``


class Fields(NamedTuple):
    """Where each field begins and ends, and ``PLAIN``, ``QUOTED`` or ``ESCAPED``: (n, width) int32 each."""

    starts: np.ndarray
    ends: np.ndarray
    flags: np.ndarray


def whole_lines(text: bytes, rules: tuple[int, int, int, int], width: int) -> Fields | None:
    """The fields of all lines; None where one is blank, has another number of fields, or ends within quotes.

    Parameters
    ----------
    text : bytes
        Begins at the beginning of a record, and ends at the end of one.
    rules : tuple of int
        As for ``delimited.scan``.
    width : int
        Fields per record.
    """
    delimiter, quote, _, newline = rules
    buf = np.frombuffer(text, np.uint8)
    if width < 2 or not len(buf):
        return None
    marks = np.flatnonzero((buf == delimiter) | (buf == newline)).astype(np.int32)
    closes = buf[marks] == newline
    if buf[-1] != newline:
        marks, closes = np.append(marks, np.int32(len(buf))), np.append(closes, True)
    line_ends = marks[closes]
    line_starts = np.append(np.int32(0), line_ends[:-1] + np.int32(1))
    quoted = np.zeros(len(line_ends), bool)
    if quote >= 0 and quote in text:
        quoted[np.searchsorted(line_ends, np.flatnonzero(buf == quote))] = True
    lines = np.flatnonzero(~quoted)
    ends = marks[~quoted[np.cumsum(closes) - closes]]
    if (len(quoted) - len(lines)) * SELDOM > len(quoted) or len(ends) != len(lines) * width:
        return None
    fields = Fields(*(np.zeros((len(quoted), width), np.int32) for _ in range(3)))
    fields.ends[lines] = ends.reshape(-1, width)
    if (fields.ends[lines, -1] != line_ends[lines]).any():
        return None
    fields.starts[lines, 0], fields.starts[lines, 1:] = line_starts[lines], fields.ends[lines, :-1] + 1
    if newline != CR:
        last = fields.ends[lines, -1]
        fields.ends[lines, -1] -= (last > fields.starts[lines, -1]) & (buf[last - 1] == CR)
    odd = np.flatnonzero(quoted).tolist()
    return fields if all(_read(text, fields, rules, at, line_starts, line_ends) for at in odd) else None


def _read(
    text: bytes, fields: Fields, rules: tuple[int, int, int, int], at: int, begins: np.ndarray, ends: np.ndarray
) -> bool:
    """Fill in the fields of a line with quotes, where it is one record."""
    width, behind = fields.starts.shape[1], min(int(ends[at]) + 1, len(text))
    rows = (fields.starts[at], fields.ends[at], fields.flags[at])
    after, count, fault = read_record(text, len(text), int(begins[at]), rules, width, 0, *rows)
    return after == behind and count == width and fault in (GOOD, OPEN)
