import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.evaluate.threshold import cheapest_threshold


def price(truth, given, threshold, false_alarm, miss):
    yes = given >= threshold
    return (false_alarm * (yes & ~truth) + miss * (~yes & truth)).mean()


@pytest.mark.parametrize("prices", [(1, 1), (1, 5), (10, 1), (0, 1), (1, 0)])
def test_no_threshold_is_cheaper(prices):
    random = np.random.default_rng(0)
    given = np.round(random.random(300), 2)
    truth = random.random(300) < given
    threshold, cost = cheapest_threshold(truth, given, *prices)
    assert cost == pytest.approx(price(truth, given, threshold, *prices))
    assert cost == pytest.approx(min(price(truth, given, t, *prices) for t in np.linspace(-0.005, 1.005, 102)))


def test_honest_probabilities_are_cut_at_the_price_ratio():
    random = np.random.default_rng(1)
    given = random.random(200_000)
    threshold, _ = cheapest_threshold(random.random(200_000) < given, given, 1, 4)
    assert threshold == pytest.approx(0.2, abs=0.02)


def test_always_and_never():
    given = np.array([0.4, 0.6])
    assert cheapest_threshold(np.array([True, True]), given, 1, 1)[0] <= 0.4
    assert cheapest_threshold(np.array([False, False]), given, 1, 1)[0] > 0.6


def test_prices_that_say_nothing_are_refused():
    with pytest.raises(OptionError, match="not both 0"):
        cheapest_threshold(np.array([True]), np.array([0.5]), 0, 0)
