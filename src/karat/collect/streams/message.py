"""What a stream hands over, one message at a time, and what every stream can do."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from karat.core.errors import MissingExtraError
from karat.core.release import install


class StreamLost(Exception):  # noqa: N818  the broker is gone, which is no fault of the program
    """The connection to a stream broke; it may be opened again."""


@dataclass(frozen=True)
class Message:
    """One message as it came.

    Parameters
    ----------
    partition : str
        What numbers the message: a file, a stream, a topic's partition, a queue.
    offset : str
        Its place there: a number, or two joined by a hyphen (Redis); digits alone.
    body : bytes
        What was sent.
    cells : mapping of str to str or None, optional
        The record, where the stream has cut it already; else the body is JSON.
    error : str
        Why it cannot be read; "" where nothing is known against it.
    after : str
        The place from which reading goes on once the message is done with; ``offset`` where that says it.
    handle : object
        What the stream needs to acknowledge it.
    """

    partition: str
    offset: str
    body: bytes
    cells: Mapping[str, Any] | None = None
    error: str = ""
    after: str = ""
    handle: Any = None

    @property
    def reached(self) -> str:
        """The place up to which the partition is done with after this message."""
        return self.after or self.offset


def order(offset: str) -> tuple[int, ...]:
    """A place as numbers that compare as the places do.

    >>> order("1526919030474-55") < order("1526919030474-101")
    True
    """
    return tuple(int(part) for part in offset.split("-"))


def turn(name: str, number: int) -> str:
    """The partition of a source that was made anew for the ``number``-th time: ``events``, ``events~2`` ..."""
    return name if number == 1 else f"{name}~{number}"


def turn_of(name: str, last: str, places: Mapping[str, str]) -> str:
    """The partition under which a source is read whose last message is ``last``.

    Where more was read of it before than it holds, it was made anew and numbers from the beginning.

    >>> turn_of("events", "7", {"events": "5"}), turn_of("events", "2", {"events": "5"})
    ('events', 'events~2')
    """
    number = 1
    while turn(name, number + 1) in places:
        number += 1
    newer = order(places.get(turn(name, number), "0")) > order(last)
    return turn(name, number + newer)


@dataclass
class Stream(ABC):
    """A source that does not end by itself.

    ``open`` may be called again after ``StreamLost``: reading then goes on behind the places it is given.

    Class variables
    ---------------
    numbered : messages have places that outlive the connection, so that a message that comes again is known by its
        place; else it is known by what it says.

    Parameters
    ----------
    notes : list of str
        What happened that a person should know: a file was replaced, partitions moved. Whoever reads them empties it.
    ended : bool
        Nothing will come any more.
    """

    numbered: ClassVar[bool] = True
    notes: list[str] = field(default_factory=list, init=False)
    ended: bool = field(default=False, init=False)

    @abstractmethod
    def open(self, places: Mapping[str, str], last: Sequence[str]) -> None:
        """Connect and go on.

        Parameters
        ----------
        places : mapping of str to str
            By partition, the place up to which messages are done with.
        last : sequence of str
            Digests of the messages of the last batch, where it may not have been acknowledged.

        Raises
        ------
        StreamLost
            Nothing answers.
        """

    @abstractmethod
    def take(self, most: int, seconds: float) -> list[Message]:
        """At most ``most`` messages; waits for the first for at most ``seconds``. Raises StreamLost."""

    @abstractmethod
    def acknowledge(self, messages: Sequence[Message]) -> None:
        """Tell the broker that the messages are done with; in the order in which they came. Raises StreamLost."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the connection."""


def needs(package: str, error: ImportError) -> MissingExtraError:
    """The error for a stream whose client library is not installed."""
    return MissingExtraError(f"this stream needs {package}, which is not installed ({error})", install("watch"))
