"""Questions a minute, kept by all threads together; a server that asks to wait is waited for by all."""

import threading
import time


class RateLimit:
    """Turns, one after another.

    Parameters
    ----------
    per_minute : float
        0 for no limit.
    """

    def __init__(self, per_minute: float) -> None:
        self._gap = 60.0 / per_minute if per_minute > 0 else 0.0
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Until it is the caller's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(self._next, now)
            self._next = turn + self._gap if self._gap else self._next
        if turn > now:
            time.sleep(turn - now)

    def pause(self, seconds: float) -> None:
        """Nobody asks for so long."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)
