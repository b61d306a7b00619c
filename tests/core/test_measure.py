import pytest

from karat.core.measure import Measure, wilson


def test_wilson_as_published():
    low, high = wilson(8, 10)  # Brown, Cai & DasGupta (2001), table of examples by hand
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)


def test_wilson_stays_in_range():
    assert wilson(0, 5)[0] == 0
    assert wilson(5, 5)[1] == 1


def test_bad_beyond_total_is_refused():
    with pytest.raises(ValueError, match="3 bad of 2"):
        Measure("m", "s", 3, 2)


def test_score_is_the_good_share():
    assert Measure("m", "s", 1, 4).score == 0.75
