"""Late, out of order, ahead of the clock."""

import numpy as np

from karat.flow.watch_times import EARLIEST, TimesSeen, times_seen

NOW = 1_000_000.0


def at(*seconds):
    return np.array([np.datetime64("NaT") if s is None else np.datetime64(int(s * 1e6), "us") for s in seconds])


def test_order_lateness_and_the_clock():
    seen = times_seen(at(100, 90, None, 130, 129, 99, 2_000_000), EARLIEST, 20, NOW)
    assert seen == TimesSeen(130_000_000, out_of_order=3, late=1, ahead=1)


def test_the_answer_does_not_depend_on_the_cut():
    times = at(*np.random.default_rng(0).integers(0, 500, 200))
    whole = times_seen(times, EARLIEST, 30, NOW)
    for size in (1, 7, 50):
        latest, counts = EARLIEST, np.zeros(3, int)
        for start in range(0, len(times), size):
            part = times_seen(times[start : start + size], latest, 30, NOW)
            latest = part.latest
            counts += part.out_of_order, part.late, part.ahead
        assert (latest, *counts) == (whole.latest, whole.out_of_order, whole.late, whole.ahead)


def test_no_times_move_nothing():
    assert times_seen(at(None, None), 7, 0, NOW) == TimesSeen(7)
