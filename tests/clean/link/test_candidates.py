"""Which pairs of records are worth a comparison."""

import numpy as np
import pytest

from karat.clean.link import candidates
from karat.clean.link.candidates import nearest, weighted

NAMES = ["acme river tools", "blue garden shop", "northern paper mill", "summer market hall"]


def similar(left, right=None):
    vectors = weighted(left, right)
    size = len(right if right is not None else left)
    at, to = np.divmod(np.arange(len(left) * size), size)
    return vectors.similarity(at, to).reshape(len(left), size)


def pairs(left, right=None):
    first, second = nearest(weighted(left, right), within=right is None)
    return list(zip(first.tolist(), second.tolist(), strict=True))


def test_records_are_as_alike_as_they_share_words_and_letters():
    cosine = similar(NAMES, ["acme river tool", "acme garden", "zzz", "summer market hall"])
    assert cosine.argmax(axis=1)[[0, 3]].tolist() == [0, 3]
    assert cosine[3, 3] == pytest.approx(1)
    assert cosine[:, 2].max() == 0
    assert ((cosine >= 0) & (cosine <= 1 + 1e-9)).all()
    assert 0 < cosine[1, 1] < cosine[0, 0] < 1


def test_rare_words_weigh_more_than_common_ones():
    texts = ["shop alpha", "shop omega", "shop gamma", "shop delta", "alpha xxxxx"]
    cosine = similar(texts)
    assert cosine[0, 4] > cosine[0, 1]


def test_within_one_table_each_record_is_like_itself():
    cosine = similar(NAMES)
    np.testing.assert_allclose(np.diag(cosine), 1)
    np.testing.assert_allclose(cosine, cosine.T)


def test_chunks_make_no_difference(monkeypatch):
    whole, near = similar(NAMES * 3), pairs(NAMES * 3)
    monkeypatch.setattr(candidates, "CHUNK", 1)
    np.testing.assert_allclose(similar(NAMES * 3), whole)
    assert pairs(NAMES * 3) == near


def test_each_record_meets_those_with_which_it_shares_something():
    assert pairs(NAMES, ["acme tools", "zzz", "garden"]) == [(0, 0), (1, 2)]
    assert pairs(["zzz"], ["yyy"]) == []


def test_within_a_table_pairs_are_told_once_and_never_of_one_record():
    assert pairs(["acme tools", "acme tool", "zzz", "acme tools"]) == [(0, 1), (0, 3), (1, 3)]


def test_only_the_nearest_are_met(monkeypatch):
    monkeypatch.setattr(candidates, "NEAREST", 1)
    left, right = ["acme river tools"], ["acme", "acme river", "acme river tools"]
    assert pairs(left, right) == [(0, 0), (0, 1), (0, 2)], "each of the right side has its nearest too"
    three = ["acme river tools one", "acme river tools two", "acme"]
    assert (0, 1) in pairs(three)
    assert len(pairs(three)) == 2


def test_the_commonest_features_are_left_out_to_save_time(monkeypatch):
    names = [f"shop {word}" for word in ("alpha", "omega", "gamma", "delta")]
    assert len(pairs(names)) == 6
    monkeypatch.setattr(candidates, "BUDGET", 4)
    few = pairs(names)
    assert len(few) < 6


def test_empty_texts_meet_nobody():
    assert pairs(["", "acme"], ["acme", ""]) == [(1, 0)]
