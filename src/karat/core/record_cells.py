"""A few records cell by cell, and a quick look at them: what a server can do where a table would cost too much."""

from collections.abc import Callable, Sequence
from typing import Protocol


class RecordCells(Protocol):
    """A few records, cell by cell, without a table."""

    size: int

    def texts(self, name: str) -> list[str | None]:
        """The cells of a column as written, None = blank."""

    def numbers(self, name: str) -> list[float]:
        """A column's numbers, NaN where missing or none."""


Doubts = Callable[[RecordCells], Sequence[int]]
