"""Sources get the shares they are given, and no document more rounds than are allowed."""

import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.prepare.mixing import mixed


def test_without_weights_everything_once():
    assert sorted(mixed(["a"] * 5, np.ones(5))) == list(range(5))
    assert sorted(mixed(["a"] * 4, np.ones(4), epochs=2)) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert mixed([], np.zeros(0)).tolist() == []


def test_weights_set_the_shares_of_tokens():
    sources = ["web"] * 900 + ["books"] * 100
    lengths = np.random.default_rng(0).integers(5, 50, 1_000)
    order = mixed(sources, lengths, weights={"web": 1, "books": 1}, epochs=3, seed=4)
    tokens = np.bincount((order >= 900).astype(int), lengths[order])
    assert tokens[0] == pytest.approx(tokens[1], rel=0.02)
    assert np.bincount(order)[900:].tolist() == [3] * 100
    assert np.bincount(order, minlength=900)[:900].max() == 1


def test_a_source_without_weight_is_left_out():
    order = mixed(["a", "b", "a", "b"], np.ones(4), weights={"a": 2.0})
    assert sorted(order) == [0, 2]


def test_the_seed_decides_the_order():
    one, two, other = (mixed(["a"] * 50, np.ones(50), seed=seed).tolist() for seed in (1, 1, 2))
    assert one == two != other


def test_wrong_wishes_are_told():
    with pytest.raises(OptionError, match="Did you mean 'books'"):
        mixed(["books"], np.ones(1), weights={"book": 1})
    with pytest.raises(OptionError, match="above 0"):
        mixed(["a"], np.ones(1), epochs=0)
    with pytest.raises(OptionError, match="weights are all 0"):
        mixed(["a"], np.ones(1), weights={"a": 0})
