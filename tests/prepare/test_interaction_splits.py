import numpy as np
import pytest

from karat.core.errors import InputError, OptionError
from karat.prepare.interaction_splits import random_per_user, time_cuts


def test_everybody_has_some_of_each_part():
    users = np.repeat(np.arange(20), 20)
    part = random_per_user(users, seed=1)
    for user in range(20):
        assert np.bincount(part[users == user], minlength=3).tolist() == [16, 2, 2]
    assert np.array_equal(part, random_per_user(users, seed=1))
    assert not np.array_equal(part, random_per_user(users, seed=2))


def test_one_event_trains():
    assert random_per_user(np.array([0, 1, 2]), seed=0).tolist() == [0, 0, 0]


def test_shares_must_add_up():
    with pytest.raises(OptionError):
        random_per_user(np.array([0]), 0, (0.8, 0.1, 0.3))


def test_time_cuts_look_forward_only():
    times = np.random.default_rng(0).permutation(1000)
    seen = []
    for cut in time_cuts(times, cuts=4):
        assert times[cut.train].max() < times[cut.test].min()
        seen.extend(cut.test.tolist())
    assert len(seen) == len(set(seen)) == (times >= 599).sum()


def test_one_moment_cannot_be_cut():
    with pytest.raises(InputError):
        time_cuts(np.full(50, 7))
