import numpy as np
import pytest

from karat.prepare.evidence_bins import evidence, grow, information_value


def drawn(rate, n=4_000, seed=0):
    random = np.random.default_rng(seed)
    values = random.integers(0, 100, n)
    return values.astype(float), random.random(n) < rate(values)


def options(**held):
    return {"shape": "auto", "bins": 10, "min_records": 50, "gain": 3.0} | held


def test_one_step_is_found_where_it_stands():
    values, truth = drawn(lambda v: np.where(v <= 40, 0.1, 0.5))
    made = grow(values, truth, **options())
    assert made.edges.tolist() == [40]
    assert made.all.sum() == 4_000
    assert made.yes.sum() == truth.sum()


@pytest.mark.parametrize(("rate", "shape"), [(lambda v: v / 120, "rising"), (lambda v: 1 - v / 120, "falling")])
def test_rates_run_one_way(rate, shape):
    made = grow(*drawn(rate), **options())
    rates = made.yes / made.all
    assert made.shape == shape
    assert len(rates) > 3
    steps = np.diff(rates)
    assert (steps > 0).all() if shape == "rising" else (steps < 0).all()


def test_a_turn_is_kept_where_the_data_insist_and_a_forced_order_joins_it():
    values, truth = drawn(lambda v: np.abs(v - 50) / 60)
    assert grow(values, truth, **options()).shape == "valley"
    assert grow(values, ~truth, **options()).shape == "peak"
    rising = grow(values, truth, **options(shape="rising"))
    assert (np.diff(rising.yes / rising.all) > 0).all()


def test_noise_is_not_cut_and_small_bins_are_not_made():
    assert len(grow(*drawn(lambda v: 0 * v + 0.3), **options(gain=6.0)).edges) == 0
    assert grow(*drawn(lambda v: v / 120), **options(min_records=900)).all.min() >= 900


def test_evidence_by_hand():
    told = evidence(np.array([0.0, 50.0]), np.array([0.0, 100.0]), 100.0, 1_000.0)
    rate = 100.5 / 1_001
    assert told[0] == pytest.approx(0)
    odds = (50 + 8 * rate) / (50 + 8 * (1 - rate))
    assert told[1] == pytest.approx(np.log(odds) - np.log(rate / (1 - rate)))
    assert information_value(np.array([5.0, 5.0]), np.array([50.0, 50.0]), np.zeros(2)) == 0
