import numpy as np
import pytest

from karat.prepare.time_parts import TimeParts

WHEN = ["1970-01-01 00:00:00", "2024-02-29 18:30:00", "1969-12-31 06:00:00", None]


def test_parts_are_those_of_the_calendar(make_block):
    block = make_block(t=("time", WHEN))
    found = TimeParts("t").fit(block).apply(block)
    assert found[0].tolist() == [0, 0, 3, 0]  # a Thursday
    assert found[1, [2, 3]].tolist() == [3, 18.5]  # a Thursday
    assert found[1, 1] == pytest.approx(59.77 / 365.2425, abs=0.002)
    assert found[2, [2, 3]].tolist() == [2, 6]
    assert np.isnan(found[3]).all()


def test_waves_have_no_gaps_and_meet_themselves_after_a_period(make_block):
    block = make_block(t=("time", [*WHEN, "1970-01-08 00:00:00"]))
    found = TimeParts("t", waves=True).fit(block).apply(block)
    assert found.shape == (5, 7)
    assert not found[3, 1:].any()
    assert not np.isnan(found).any()
    assert found[4, 3:] == pytest.approx(found[0, 3:], abs=1e-6)
