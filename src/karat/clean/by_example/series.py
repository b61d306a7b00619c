"""Columns that count up from record to record, as serial numbers do: what the records around a cell leave for it."""

import re

import numpy as np

from karat.core.block import Block
from karat.core.parsing import parse_numbers

FEWEST = 6  # unproven: records that count up alike before they say anything
DENSEST = 1 / 3  # unproven: of the records between the first and the last of them, at least, count so too
MOSTLY = 0.5  # of all records count up in such a column: .77 to 1 in the lakes, in others up to .20 (twenty_answers.md)
WHOLE = re.compile(r"(0*)(\d+)(\.0+)?")
LARGEST = 2.0**52  # definition: whole numbers beyond are not exact as floats


def counted_up(block: Block, column: str) -> dict[int, str]:
    """Position of a record and the number that is left for it between those that count up before and after it.

    Parameters
    ----------
    column : str
        Of numbers.
    """
    numbers = parse_numbers(block.text(column), block.schema[column])
    whole = np.isfinite(numbers) & (numbers >= 0) & (numbers < LARGEST) & (numbers == np.floor(numbers))
    start = np.where(whole, numbers - block.rows, np.nan)
    values, home, size = np.unique(start, return_inverse=True, return_counts=True, equal_nan=False)
    says, model, end, counting = np.full(len(start), np.nan), np.zeros(len(start), np.int64), 0, 0
    for run in np.flatnonzero(size >= FEWEST).tolist():  # from the lowest start: numbers that rise leave some out
        members = np.flatnonzero(home == run)
        first, last = int(members[0]), int(members[-1]) + 1
        if len(members) < DENSEST * (last - first):
            continue
        if first < end:
            return {}
        says[first:last], model[first:last], end = values[run] + block.rows[first:last], first, last
        counting += len(members)
    if counting < MOSTLY * len(start):
        return {}
    at = np.flatnonzero((numbers != says) & (says >= 0) & ~np.isin(says, numbers))
    texts = block.text(column).to_pylist() if len(at) else []
    likely = ((place, _written(int(says[place]), texts[model[place]])) for place in at.tolist())
    return {place: text for place, text in likely if text is not None}


def _written(number: int, model: str) -> str | None:
    """A number written as another is: with its leading zeros, and its decimals of zero; None for other writings."""
    parts = WHOLE.fullmatch(model)
    if parts is None:
        return None
    width = len(parts[1]) + len(parts[2]) if parts[1] else 0
    return str(number).zfill(width) + (parts[3] or "")
