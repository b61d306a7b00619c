"""How many numbers a column's own tail puts beyond a gap."""

import numpy as np
import pytest

from karat.quality.accuracy._tails import Beyond, _log_density, _log_survival, beyond


@pytest.fixture
def normal():
    return np.sort(np.random.default_rng(4).normal(0, 1, 500))


def with_more(numbers, *more):
    return np.sort(np.append(numbers, more))


def test_a_number_far_out_is_not_expected_and_one_nearer_is(normal):
    far, nearer = beyond(with_more(normal, 30)), beyond(with_more(normal, 5))
    assert (far.edge, far.cells) == (normal[-1], 1)
    assert (nearer.edge, nearer.cells) == (normal[-1], 1)
    assert far.expected < 1e-3 < nearer.expected < 1


def test_evenly_spread_numbers_have_no_gap():
    assert beyond(np.arange(200.0)) is None
    assert beyond(np.zeros(50)) is None


def test_several_beyond_a_gap_are_counted(normal):
    gap = beyond(with_more(normal, 50, 51, 52))
    assert (gap.edge, gap.cells) == (normal[-1], 3)


def test_what_is_more_than_an_eighth_of_the_numbers_is_no_tail():
    numbers = np.linspace(0, 1, 100)
    few = beyond(with_more(numbers, *np.linspace(50, 50.01, 13)))  # 13 of 113: 0.12 are 13.56
    assert few.cells == 13
    assert beyond(with_more(numbers, *np.linspace(50, 50.01, 14))) is None


def test_the_scale_of_numbers_makes_no_difference(normal):
    numbers = with_more(normal, 9)
    plain, scaled, moved = beyond(numbers), beyond(1000 * numbers), beyond(numbers + 70)
    assert scaled.expected == pytest.approx(plain.expected, rel=1e-6)
    assert moved.expected == pytest.approx(plain.expected, rel=1e-6)
    assert scaled.edge == pytest.approx(1000 * plain.edge)


def test_heavy_tails_expect_more():
    uniform, heavy = np.linspace(0, 1, 300), np.sort(np.random.default_rng(5).pareto(2, 300))
    assert beyond(with_more(uniform, 5)).expected < 1e-6
    gap = beyond(heavy)
    assert gap is None or gap.expected > 0.05


def test_of_two_gaps_the_stranger_one_is_taken(normal):
    assert beyond(with_more(normal, 6, 500)).edge == 6
    both = beyond(with_more(normal, 40, 41, 60))
    assert (both.edge, both.cells) == (normal[-1], 3)


def test_survival_is_the_integral_of_the_density():
    over = np.linspace(0, 400, 400_001)
    for shape in (-0.5, 0.0, 0.3):
        density = np.exp(_log_density(over, np.array(2.0), np.array(shape)))
        if shape < 0:
            density[over >= 4] = 0  # the end of its support
        assert np.trapezoid(density, over) == pytest.approx(1, abs=2e-3)
    assert _log_survival(np.array(3.0), np.array(2.0), np.array(0.0)) == pytest.approx(-1.5)
    assert _log_survival(np.array(3.0), np.array(2.0), np.array(0.5)) == pytest.approx(-2 * np.log(1.75))
    assert _log_density(np.array(5.0), np.array(2.0), np.array(-0.5)) == -50


def test_few_numbers_break_nothing():
    assert isinstance(beyond(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 900])), Beyond)
    assert beyond(np.array([1.0, 2, 3])) is None
