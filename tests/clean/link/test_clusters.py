import numpy as np

from karat.clean.link.clusters import KnownPairs, clustered, partners, settled


def probabilities(left, right, odds, score, size):
    known = KnownPairs(np.array(left), np.array(right), np.array(odds, np.float64), score)
    home = clustered(known, size)
    sure = settled(known, home)
    return dict(zip(zip(known.left.tolist(), known.right.tolist(), strict=True), sure.tolist(), strict=True)), home


def test_a_weak_chain_is_taken_apart():
    out, _ = probabilities([0, 1, 3], [1, 2, 4], [3.0, 1.0, 2.0], lambda a, b: np.full(len(a), -9.0), 5)
    assert out[0, 1] > 0.9
    assert out[1, 2] < 0.5
    assert (0, 2) not in out or out[0, 2] < 0.5
    assert out[3, 4] > 0.8


def test_a_strong_chain_is_closed():
    out, home = probabilities([0, 1], [1, 2], [4.0, 4.0], lambda a, b: np.full(len(a), -0.5), 3)
    assert out[0, 2] >= 0.5
    assert home.tolist() == [0, 0, 0]


def test_many_copies_make_clusters_of_their_size_and_single_false_pairs_join_none():
    truth = np.repeat(np.arange(20), 50)
    left = np.arange(1000)
    right = np.concatenate([left[truth == group][np.roll(np.arange(50), 1)] for group in range(20)])
    left, right = np.minimum(left, right), np.maximum(left, right)
    bridges = np.arange(0, 950, 50)  # one false pair from each group to the next
    odds = np.concatenate([np.full(1000, 2.0), np.full(19, 1.5)])
    score = lambda a, b: np.where(truth[a] == truth[b], 1.0, -4.0)  # noqa: E731
    _, home = probabilities([*left, *bridges], [*right, *(bridges + 70)], odds, score, 1000)
    assert [len({*home[truth == group].tolist()}) for group in range(20)] == [1] * 20
    assert len(set(home.tolist())) == 20


def test_partners_are_the_best_choice_of_all_together():
    left, right = np.array([0, 0, 1, 1, 5]), np.array([0, 1, 0, 1, 9])
    odds = np.array([5.0, 4.0, 4.5, -5.0, -2.0])
    assert partners(left, right, odds).tolist() == [False, True, True, False, True]
