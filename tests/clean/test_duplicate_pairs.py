"""Pairs of texts that may be alike: proposed by bands, verified by their exact Jaccard, settled one by one."""

from itertools import combinations, pairwise

import numpy as np
import pyarrow as pa
import pytest

from karat.clean import duplicate_pairs
from karat.clean.duplicate_pairs import (
    Corpus,
    Pairs,
    affordable,
    bands_for,
    buckets,
    by_position,
    first_of_each,
    shingle_sets,
)
from karat.clean.signatures import sign
from karat.core.errors import OptionError


def text_of(*numbers):
    """Words by number: five in a row are a shingle."""
    return " ".join(f"w{number}" for number in numbers)


BASE = list(range(24))  # twenty shingles
TEXTS = [
    text_of(*BASE),
    text_of(*BASE, 100),  # 20 of 21
    text_of(*range(500, 524)),
    text_of(*BASE[:23], 200, 201),  # 19 of 22
    text_of(*range(500, 522)),  # 18 of 20
]
JACCARD = {(0, 1): 20 / 21, (0, 3): 19 / 22, (1, 3): 19 / 23, (2, 4): 18 / 20}


def corpus(texts=TEXTS, threshold=0.8, workers=1):
    bands, rows = bands_for(threshold)
    array = pa.chunked_array([texts], pa.large_string())
    return Corpus(sign(texts, bands, rows), by_position(array, np.arange(len(texts))), threshold, workers)


def listed(pairs):
    return dict(zip(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True), pairs.jaccard.tolist(), strict=True))


def test_bands_that_miss_hardly_a_pair():
    for threshold in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0):
        bands, rows = bands_for(threshold)
        assert 1 <= bands <= 64
        assert bands * rows <= 128
        missed = (1 - threshold**rows) ** bands
        assert missed <= 0.0005 or (bands, rows) == (64, 1)
    assert bands_for(0.8)[1] > bands_for(0.5)[1]
    assert bands_for(0.01) == (64, 1)


@pytest.mark.parametrize("threshold", [0, -0.1, 1.01, 5])
def test_a_threshold_is_a_jaccard(threshold):
    with pytest.raises(OptionError, match="threshold"):
        bands_for(threshold)


def test_pairs_are_sorted_and_each_is_there_once():
    pairs = Pairs.of([(np.array([2, 0]), np.array([3, 4]), np.array([0.8, 0.9])), (np.array([0, 0]), np.array([4, 1]), np.array([0.9, 1.0]))])  # fmt: skip
    assert listed(pairs) == {(0, 1): 1.0, (0, 4): 0.9, (2, 3): 0.8}
    assert list(listed(pairs)) == [(0, 1), (0, 4), (2, 3)]
    assert listed(Pairs.of([])) == {}


def test_positions_that_share_a_key():
    members, offsets = buckets(np.array([7, 3, 7, 9, 3, 7]))
    found_buckets = [members[a:b].tolist() for a, b in pairwise(offsets)]
    assert sorted(found_buckets) == [[0, 2, 5], [1, 4]]
    members, offsets = buckets(np.array([1, 2, 3]))
    assert (members.tolist(), offsets.tolist()) == ([], [0])


def test_the_first_text_with_the_same_hash():
    folded = np.array([[1, 1], [2, 2], [1, 1], [1, 2], [2, 2], [1, 1]])
    assert first_of_each(folded).tolist() == [0, 1, 0, 3, 1, 0]
    assert first_of_each(np.zeros((0, 2), np.int64)).tolist() == []


@pytest.mark.parametrize(
    ("costs", "room", "fits"),
    [
        ([1, 3, 1], 10, [True, True, True]),
        ([1, 3, 1], 4, [True, False, True]),
        ([1, 3, 1], 5, [True, True, True]),
        ([2, 2, 2], 5, [False, False, False]),  # equal costs share one fate
        ([5], 4, [False]),
        ([], 4, []),
    ],
)
def test_the_cheap_ones_go_first(costs, room, fits):
    assert affordable(np.array(costs, np.int64), room).tolist() == fits


def test_candidates_hold_all_pairs_and_verification_their_exact_jaccard():
    corpora = corpus()
    candidates = corpora.candidates()
    assert set(zip(candidates.left.tolist(), candidates.right.tolist(), strict=True)) >= set(JACCARD)
    assert candidates.crowded == []
    assert listed(corpora.verified(candidates.left, candidates.right)) == pytest.approx(JACCARD)


@pytest.mark.parametrize(("threshold", "kept"), [(18 / 20, 2), (0.9001, 1), (19 / 22, 3), (1.0, 0)])
def test_a_pair_at_the_threshold_counts(threshold, kept):
    corpora = corpus(threshold=threshold)
    left, right = np.array(list(JACCARD)).T
    assert len(corpora.verified(left, right).left) == kept


def test_batches_and_threads_do_not_matter(monkeypatch):
    left, right = np.array([(0, 1), (0, 3), (1, 3), (2, 4), (0, 2)]).T
    monkeypatch.setattr(duplicate_pairs, "HELD_SHINGLES", 30)
    monkeypatch.setattr(duplicate_pairs, "FETCHED_SHINGLES", 10)
    assert listed(corpus(workers=3).verified(left, right)) == pytest.approx(JACCARD)


def test_crowded_buckets_are_handed_back(monkeypatch):
    monkeypatch.setattr(duplicate_pairs, "ROOM_PAIRS", 5)
    texts = [text_of(*BASE, 1000 + at) for at in range(12)]
    candidates = corpus(texts).candidates()
    assert max(len(members) for members in candidates.crowded) >= 11
    pairs = set(zip(candidates.left.tolist(), candidates.right.tolist(), strict=True))
    pairs |= {pair for members in candidates.crowded for pair in combinations(sorted(members.tolist()), 2)}
    assert len(pairs) == 66, "none is lost"


def test_each_text_that_goes_beside_the_one_it_is_most_like():
    pairs, short = corpus().settled(np.arange(5))
    assert short == 0
    assert listed(pairs) == pytest.approx({(0, 1): 20 / 21, (0, 3): 19 / 22, (2, 4): 18 / 20})


def test_a_text_that_went_keeps_no_other():
    chain = [text_of(*BASE), text_of(*range(2, 26)), text_of(*range(4, 28))]  # 18 of 22, and 16 of 24 to the first
    pairs, _ = corpus(chain, 0.8).settled(np.arange(3))
    assert listed(pairs) == pytest.approx({(0, 1): 18 / 22})
    pairs, _ = corpus(chain, 0.8).settled(np.arange(3), kept=2)
    assert listed(pairs) == pytest.approx({(1, 2): 18 / 22}), "those before stay whatever they are like"


def test_only_the_asked_texts_are_settled():
    pairs, _ = corpus().settled(np.array([0, 2, 3]))
    assert listed(pairs) == pytest.approx({(0, 3): 19 / 22})
    assert listed(corpus().settled(np.array([], np.int64))[0]) == {}


def test_settling_does_not_depend_on_chunks(monkeypatch):
    monkeypatch.setattr(duplicate_pairs, "HELD_SHINGLES", 25)
    pairs, _ = corpus().settled(np.arange(5))
    assert listed(pairs) == pytest.approx({(0, 1): 20 / 21, (0, 3): 19 / 22, (2, 4): 18 / 20})


def test_a_text_with_too_many_like_it_is_counted(monkeypatch):
    """Twelve texts that share a band with each other and are all kept."""
    texts = [text_of(*BASE, *range(1000 * at, 1000 * at + 6)) for at in range(1, 13)]  # 20 of 32
    assert corpus(texts, 0.65).settled(np.arange(12))[1] == 0
    monkeypatch.setattr(duplicate_pairs, "MOST_COMPARED", 1)
    pairs, short = corpus(texts, 0.65).settled(np.arange(12))
    assert listed(pairs) == {}
    assert short > 0


def test_distinct_shingles_of_texts():
    values, begins, counts = shingle_sets(["a b c d e a b c d e a b c d e", "a b c d e", "x"], np.array([11, 1, 1]), 1)
    assert counts.tolist() == [5, 1, 1]
    sets = [set(values[b : b + n].tolist()) for b, n in zip(begins.tolist(), counts.tolist(), strict=True)]
    assert sets[1] < sets[0]
    assert not sets[2] & sets[0]
    assert (np.diff(values[:5].astype(object)) > 0).all()


def test_texts_are_fetched_from_the_chunks_they_lie_in():
    array = pa.chunked_array([["a", "b"], [], ["c", "d"]], pa.string())
    fetch = by_position(array, np.array([3, 0, 2, 1]))
    assert fetch(np.array([0, 1, 2, 3])).to_pylist() == ["d", "a", "c", "b"]
    assert fetch(np.array([1, 3, 2])).to_pylist() == ["a", "b", "c"]
    assert by_position(array, np.arange(4))(np.array([1, 2])).to_pylist() == ["b", "c"]
