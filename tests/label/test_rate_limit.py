import time

import pytest

from karat.label import rate_limit
from karat.label.rate_limit import RateLimit


def test_turns_are_evenly_spaced_and_a_pause_holds_for_all(monkeypatch):
    waits = []
    monkeypatch.setattr(rate_limit.time, "sleep", waits.append)
    limit = RateLimit(60)
    for _ in range(3):
        limit.wait()
    assert waits == pytest.approx([1, 2], abs=0.1)
    free = RateLimit(0)
    free.wait()
    free.pause(5)
    free.wait()
    free.wait()
    assert waits[2:] == pytest.approx([5, 5], abs=0.1)


def test_without_a_limit_nobody_waits():
    limit, start = RateLimit(0), time.monotonic()
    for _ in range(100):
        limit.wait()
    assert time.monotonic() - start < 0.5
