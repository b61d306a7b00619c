import time

import numpy as np
import pytest

from karat.train.cost import CORE_WATT, measured, peak_memory_bytes


def test_time_of_the_thread_and_of_the_clock_are_told_apart():
    cost = {}
    with measured(cost):
        time.sleep(0.05)
    assert 0.05 <= cost["seconds"] < 2
    assert cost["cpu_seconds"] < 0.04
    assert cost["energy_joule"] == pytest.approx(cost["cpu_seconds"] * CORE_WATT)


def test_work_costs_processor_time():
    cost = {}
    with measured(cost):
        sum(at * at for at in range(300_000))
    assert 0.001 < cost["cpu_seconds"] <= cost["seconds"] * 1.5 + 0.01


def test_a_fit_that_fails_is_measured_too():
    cost = {}
    with pytest.raises(ValueError, match="broken"), measured(cost):
        raise ValueError("broken")
    assert set(cost) == {"seconds", "cpu_seconds", "peak_memory_bytes", "energy_joule"}


def test_memory_is_told_in_bytes_and_its_peak_never_falls():
    before = peak_memory_bytes()
    taken = np.ones(40_000_000 // 8)
    assert taken.nbytes == 40_000_000
    assert 30_000_000 < before <= peak_memory_bytes() < 1 << 40
