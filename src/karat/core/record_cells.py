"""A few records cell by cell, and a quick look at them: what a server can do where a table would cost too much."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Protocol, runtime_checkable

from karat.core.schema import Schema


class RecordCells(Protocol):
    """A few records, cell by cell, without a table."""

    size: int

    @property
    def sent(self) -> AbstractSet[str]:
        """The columns that were sent; of the others nothing is known."""

    def texts(self, name: str) -> list[str | None]:
        """The cells of a column as written, None = blank."""

    def numbers(self, name: str) -> list[float]:
        """A column's numbers, NaN where missing or none."""


Doubts = Callable[[RecordCells], Sequence[int]]


@runtime_checkable
class QuickLook(Protocol):
    """What a check may do beside ``judge``, for a server."""

    @abstractmethod
    def doubts(self, state: Any, schema: Schema) -> Doubts | None:
        """Tells the records of which ``judge`` may have something to say; of all others it surely says nothing.

        None where there is no quicker way than ``judge``.
        """
