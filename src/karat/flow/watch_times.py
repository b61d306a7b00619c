"""Times of events on a stream: what is out of order, what comes too late, and what is ahead of the clock."""

from dataclasses import dataclass

import numpy as np

EARLIEST = np.iinfo(np.int64).min  # definition: NaT, and so before every time
MICROSECONDS = 1_000_000  # definition


@dataclass(frozen=True)
class TimesSeen:
    """What the times of some messages of one partition say.

    Parameters
    ----------
    latest : int
        The latest time so far, in microseconds since 1970; ``EARLIEST`` before the first.
    out_of_order, late, ahead : int
        Messages earlier than one before them; those of them earlier than the watermark; those later than the clock.
    """

    latest: int
    out_of_order: int = 0
    late: int = 0
    ahead: int = 0


def times_seen(times: np.ndarray, latest: int, lateness: float, now: float) -> TimesSeen:
    """Follow the watermark over messages in the order in which they came.

    The watermark is the latest time of the messages before, less the lateness. A time ahead of the clock by more than
    the lateness does not move it: one wrong clock would make everything late.

    Parameters
    ----------
    times : ndarray of datetime64[us], shape (n,)
        NaT where a message says none.
    latest : int
        As the messages before have left it.
    lateness : float
        Seconds that an event may take to arrive.
    now : float
        The clock, in seconds since 1970.
    """
    micros = times.astype("datetime64[us]").astype(np.int64)
    known = micros != EARLIEST
    ahead = known & (micros > (now + lateness) * MICROSECONDS)
    moving = np.where(known & ~ahead, micros, EARLIEST)
    before = np.maximum.accumulate(np.concatenate([[latest], moving]))
    behind = known & (micros < before[:-1])
    allowed = round(lateness * MICROSECONDS)
    marks = np.where(before[:-1] == EARLIEST, EARLIEST, before[:-1] - allowed * (before[:-1] != EARLIEST))
    late = behind & (micros < marks)
    return TimesSeen(int(before[-1]), int(behind.sum()), int(late.sum()), int(ahead.sum()))
