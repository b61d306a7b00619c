"""Messages that a broker sends again, known by what they say: for brokers that number nothing."""

import hashlib
from collections import deque
from collections.abc import Iterable


def digest_of(body: bytes, name: str = "") -> str:
    """Digest of a message; ``name`` is the identifier its sender gave it."""
    return hashlib.sha256(name.encode() + b"\x00" + body).hexdigest()


class SentAgain:
    """The last batch that was written down, of which the end may come again because its acknowledgement was lost.

    Brokers send what was not acknowledged again in its order, so what comes again is an end of the batch.

    Parameters
    ----------
    digests : iterable of str
        Of the batch, in order.
    """

    def __init__(self, digests: Iterable[str]) -> None:
        self._left = deque(digests)

    def has(self, digest: str, *, marked: bool) -> bool:
        """Is the next message one of the batch? ``marked``: the broker says that it has sent it before."""
        if not self._left:
            return False
        if not marked or digest not in self._left:
            self._left.clear()  # something new: the rest of the batch had been acknowledged
            return False
        while self._left.popleft() != digest:
            pass
        return True
