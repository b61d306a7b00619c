import numpy as np

from karat.quality.accuracy import _confident

ONE = [0.25, 0.75]
NONE = [0.75, 0.25]


def confident(expected, labels):
    count, picks = _confident.confident(expected, labels)
    return count, picks.of(expected, labels)


def asked(*rows):
    """Expected probabilities and labels from (times, probabilities, label)."""
    expected = np.concatenate([np.tile(line, (times, 1)) for times, line, _ in rows])
    return expected, np.concatenate([np.full(times, label) for times, _, label in rows])


def test_a_label_another_class_claims_as_surely_as_its_own_is_wrong():
    # the one record of class 0 that looks like class 1 is exactly as sure as class 1's own are on average
    count, flags = confident(*asked((6, NONE, 0), (1, ONE, 0), (6, ONE, 1)))
    assert np.isclose(count, 1)
    assert np.flatnonzero(flags).tolist() == [6]


def test_a_record_less_sure_than_usual_is_not_counted():
    count, flags = confident(*asked((6, NONE, 0), (1, [0.26, 0.74], 0), (6, ONE, 1)))
    assert count == 0
    assert not flags.any()


def test_labels_of_a_class_of_few_records_are_counted_but_not_flagged():
    count, flags = confident(*asked((4, NONE, 0), (1, ONE, 0), (6, ONE, 1)))
    assert np.isclose(count, 1)
    assert not flags.any()
    assert confident(*asked((5, NONE, 0), (1, ONE, 0), (6, ONE, 1)))[1].sum() == 1


def test_of_the_beaten_the_counted_number_is_flagged_surest_first():
    # both are likelier of class 1, one of them surely: 1 of 7 sure labels of the 8 is 8/7 wrong, one flag
    count, flags = confident(*asked((6, NONE, 0), (1, [0.4, 0.6], 0), (1, [0.0625, 0.9375], 0), (8, ONE, 1)))
    assert np.isclose(count, 8 / 7)
    assert np.flatnonzero(flags).tolist() == [7]


def test_a_class_nobody_was_labelled_claims_no_record():
    expected = np.array([[0.75, 0.25, 0.0]] * 6 + [[0.2, 0.0, 0.8]] + [[0.25, 0.75, 0.0]] * 6)
    count, flags = confident(expected, np.array([0] * 7 + [1] * 6))
    assert count == 0
    assert not flags.any()


def test_wrong_labels_of_two_classes_each_go_to_their_own():
    expected, labels = asked((7, NONE, 0), (1, [0.0, 1.0], 0), (7, ONE, 1), (1, [1.0, 0.0], 1))
    count, flags = confident(expected, labels)
    assert np.isclose(count, 2)
    assert np.flatnonzero(flags).tolist() == [7, 15]
    mixed = np.random.default_rng(0).permutation(len(labels))
    assert (confident(expected[mixed], labels[mixed])[1] == flags[mixed]).all()


def test_planted_wrong_labels_are_counted_and_found():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 4, 2000)
    turned = rng.random(2000) < 0.1
    labels = np.where(turned, (truth + 1) % 4, truth)
    scores = np.exp(rng.normal(0, 1, (2000, 4)) + 3 * np.eye(4)[truth])
    expected = scores / scores.sum(axis=1, keepdims=True)
    count, flags = confident(expected, labels)
    assert abs(count - turned.sum()) <= 0.3 * turned.sum()
    assert 2 * (flags & turned).sum() / (flags.sum() + turned.sum()) > 0.8
    assert not (flags & (expected.argmax(axis=1) == labels)).any()
