import numpy as np
import pytest

from karat.kernels import vote_kernels
from karat.kernels.vote_kernels import repeated, summed_by_code, summed_by_item

ITEM, CODE = np.array([0, 0, 2], np.int32), np.array([1, 1, 0], np.int32)


@pytest.mark.parametrize("small", [4, 3])  # below three votes NumPy sums, from three on machine code
def test_sums_by_item_and_by_code(monkeypatch, small):
    monkeypatch.setattr(vote_kernels, "SMALL_VOTES", small)
    table = np.array([[1.0, 10.0], [2.0, 20.0]])
    assert summed_by_item(ITEM, CODE, table, 4).tolist() == [[4, 40], [0, 0], [1, 10], [0, 0]]
    weights = np.array([[1.0, 0.0], [5.0, 5.0], [0.25, 0.75]])
    assert summed_by_code(ITEM, CODE, weights, 3).tolist() == [[0.25, 0.75], [2, 0], [0, 0]]


def test_few_votes_do_not_wake_the_compiler(monkeypatch):
    monkeypatch.setattr(vote_kernels, "SMALL_VOTES", 4)
    monkeypatch.setattr(vote_kernels, "_compiled", None)
    assert summed_by_item(ITEM, CODE, np.ones((2, 1)), 3).tolist() == [[2], [0], [1]]
    assert summed_by_code(ITEM, CODE, np.ones((3, 1)), 2).tolist() == [[1], [2]]
    monkeypatch.setattr(vote_kernels, "SMALL_VOTES", 3)
    for call in (
        lambda: summed_by_item(ITEM, CODE, np.ones((2, 1)), 3),
        lambda: summed_by_code(ITEM, CODE, np.ones((3, 1)), 2),
    ):
        with pytest.raises(TypeError):
            call()


def test_large_and_small_sums_agree(monkeypatch):
    chance = np.random.default_rng(0)
    item, code = chance.integers(0, 50, 900).astype(np.int32), chance.integers(0, 12, 900).astype(np.int32)
    table, weights = chance.random((12, 3)), chance.random((50, 3))
    small = summed_by_item(item, code, table, 50), summed_by_code(item, code, weights, 12)
    monkeypatch.setattr(vote_kernels, "SMALL_VOTES", 1)
    large = summed_by_item(item, code, table, 50), summed_by_code(item, code, weights, 12)
    assert all(np.allclose(a, b, rtol=1e-12) for a, b in zip(small, large, strict=True))


def test_a_second_vote_of_a_voter_on_an_item_is_a_repeat():
    item, voter = np.array([0, 1, 0, 0, 0], np.int32), np.array([1, 0, 1, 0, 1], np.int32)
    assert repeated(item, voter, 2).tolist() == [False, False, True, False, True]
    assert repeated(item[:2], voter[:2], 2).tolist() == [False, False]
    assert repeated(item[:0], voter[:0], 0).tolist() == []
