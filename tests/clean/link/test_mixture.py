import numpy as np

from karat.clean.link.comparison import Comparison
from karat.clean.link.mixture import competing, learn


def test_two_kinds_of_pairs_are_told_apart_without_labels():
    rng = np.random.default_rng(0)
    same = np.arange(2000) < 100
    levels = [
        Comparison(
            str(at),
            np.where(same, rng.choice(3, 2000, p=[0.05, 0.15, 0.8]), rng.choice(3, 2000, p=[0.8, 0.15, 0.05])),
            3,
        )
        for at in range(6)
    ]
    start = np.mean([c.levels for c in levels], axis=0) / 2
    weights = learn(levels, start)
    told = weights.log_odds(levels) > 0
    assert (told == same).mean() > 0.995
    assert all((np.diff(w) >= 0).all() for w in weights.levels)
    assert abs(weights.prior - 0.05) < 0.01


def test_candidates_of_one_record_compete():
    odds = np.log(np.array([9.0, 9.0, 9.0]))
    left, right = np.array([0, 0, 1]), np.array([0, 1, 2])
    assert np.allclose(competing(odds, ()), 0.9)
    assert np.allclose(competing(odds, (left, right)), [9 / 19, 9 / 19, 0.9])
