import numpy as np
import pytest

from karat.train.crossings import MAX_SIDES, Crossing, _worth, best_crossing, coarse_edges


def test_a_cell_is_where_two_bins_meet_and_their_upper_ends_belong_to_them():
    crossing = Crossing(1, 0, np.array([1.0, 2.0]), np.array([5.0]), np.array([[1.0, 2], [3, 4], [5, 6]]))
    features = np.array([[5.0, 1.0], [5.1, 1.0], [5.0, 1.5], [6.0, 2.0], [0.0, 2.1], [9.0, 9.0]])
    assert crossing.apply(features).tolist() == [1, 2, 3, 4, 5, 6]


def test_edges_part_values_into_six_about_equal_bins():
    assert coarse_edges(np.arange(600.0)).tolist() == [99, 199, 299, 399, 499]
    assert coarse_edges(np.array([0.0, 0, 0, 1])).tolist() == [0]
    assert coarse_edges(np.array([2.0, 2, 2])).tolist() == []
    assert coarse_edges(np.array([0.0, 1, 1, 1])).tolist() == [0]  # the last bin has no end


def test_worth_is_what_cells_explain_beyond_their_margins_and_chance():
    off, spread = np.array([[2.0, -2.0], [-2.0, 2.0]]), np.full((2, 2), 4.0)
    assert _worth(off, spread) == pytest.approx(4 * 4 / 4 / 2 - 0.5)  # the margins explain nothing
    rows = np.array([[2.0, 2.0], [-2.0, -2.0]])
    assert _worth(rows, spread) == pytest.approx(4 * 4 / 4 / 2 - 2 * 16 / 8 / 2 - 0.5)


def world(size=4000, seed=0):
    chance = np.random.default_rng(seed)
    features = chance.normal(size=(size, 4))
    off = np.where(features[:, 1] * features[:, 3] > 0, 0.2, -0.2) + chance.normal(0, 0.1, size)
    return features, off, np.full(size, 0.25)


def test_the_pair_that_says_something_together_is_found():
    features, off, spread = world()
    crossing, worth = best_crossing(features, off, spread, 50.0)
    assert (crossing.first, crossing.second) == (1, 3)
    assert worth > 100
    assert crossing.table.shape == (6, 6)
    assert crossing.table[0, 0] > 0 > crossing.table[0, 5]
    assert np.corrcoef(crossing.apply(features), off)[0, 1] > 0.8


def test_a_cell_is_drawn_towards_no_correction_by_its_prior():
    features = np.repeat([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], 10, axis=0)
    off = np.repeat([0.5, -0.5, -0.5, 0.5], 10)
    crossing, _ = best_crossing(features, off, np.full(40, 0.25), 10.0)
    # a cell holds ten records: 5 of 2.5, beside ten more of 2.5
    assert crossing.table == pytest.approx(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    assert best_crossing(features, off, np.full(40, 0.25), 0.0)[0].table[0, 0] == pytest.approx(2.0)


def test_only_free_features_are_crossed():
    features, off, spread = world()
    crossing, worth = best_crossing(features, off, spread, 50.0, free=np.array([0, 2, 3]))
    assert {crossing.first, crossing.second} <= {0, 2, 3}
    assert worth < 20


def test_of_many_features_those_that_vary_most_are_crossed():
    features, off, spread = world(1000)
    wide = np.column_stack([features[:, [1, 3]] * 1e-3, np.random.default_rng(1).normal(size=(1000, MAX_SIDES))])
    crossing, _ = best_crossing(wide, off, spread, 50.0)
    assert min(crossing.first, crossing.second) >= 2
    crossing, _ = best_crossing(wide[:, :MAX_SIDES], off, spread, 50.0)
    assert (crossing.first, crossing.second) == (0, 1)
