import numpy as np
import pytest

from karat.label.expectation import (
    Gold,
    clamped,
    class_shares,
    confusion_of,
    maximise,
    shares,
    smoothed,
    softmax,
)


def test_gold_is_counted_and_cut():
    gold = Gold(np.array([3, 5, 7]), np.array([0, 1, 0]))
    assert len(gold) == 3
    part = gold.only(np.array([True, False, True]))
    assert (part.item.tolist(), part.label.tolist()) == ([3, 7], [0, 0])


@pytest.mark.parametrize("classes", [2, 16, 17, 40])
def test_softmax_of_few_and_of_many_classes(classes):
    logits = np.tile(np.log(np.arange(1.0, classes + 1)), (3, 1))
    logits[1] += 800
    logits[2] -= 800
    expected = np.arange(1, classes + 1) / np.arange(1, classes + 1).sum()
    assert softmax(logits) == pytest.approx(np.tile(expected, (3, 1)))


def test_known_answers_stand_in_the_belief():
    belief = np.full((3, 2), 0.5)
    assert clamped(belief.copy(), Gold(np.array([2]), np.array([1]))).tolist() == [[0.5, 0.5], [0.5, 0.5], [0, 1]]
    assert (clamped(belief, None) == 0.5).all()
    assert (clamped(belief, Gold(np.zeros(0, int), np.zeros(0, int))) == 0.5).all()


def test_shares_of_votes_and_of_all_votes_where_there_are_none(ballots):
    votes = ballots("a x 1", "a y 1", "a z 2", "b x 2", items=["a", "b", "c"])
    assert shares(votes) == pytest.approx(np.array([[2 / 3, 1 / 3], [0, 1], [0.5, 0.5]]))


def test_counts_are_smoothed_towards_all_voters():
    counts = np.array([[[2.0, 0.0], [0.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]])
    # of everybody: 2.5 of 3 on the diagonal; the first voter with two of it: (2 + 5/3) of 4
    out = smoothed(counts, 2.0)
    assert out[0] == pytest.approx(np.array([[11 / 12, 1 / 12], [1 / 12, 11 / 12]]))
    assert out[1] == pytest.approx(np.array([[5 / 6, 1 / 6], [1 / 6, 5 / 6]]))
    assert out.sum(axis=1) == pytest.approx(1)


def test_confusion_says_how_often_a_label_comes_of_a_truth(ballots):
    votes = ballots("a x 1", "b x 2", "c x 2")
    belief = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    # truth 1: said 1 and 2 once each; truth 2: said 2 once
    out = confusion_of(votes, belief, 1e-9)[0]
    assert out == pytest.approx(np.array([[0.5, 0.0], [0.5, 1.0]]), abs=1e-6)


def test_class_shares_are_of_the_items_somebody_voted_on():
    belief = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    assert class_shares(belief, np.array([True, True, False])) == pytest.approx([2.5 / 4, 1.5 / 4])
    assert class_shares(belief, np.zeros(3, bool)).tolist() == [0.5, 0.5]


def even(counts, usual):
    return np.broadcast_to(np.eye(2) * 0.6 + 0.2, counts.shape)  # right with 0.8


def test_a_fixed_table_is_bayes_rule_and_settles(ballots):
    lines = [f"i{i} v{v} {1 + i % 2}" for i in range(4) for v in range(2)]
    estimate = maximise(ballots(*lines), even)
    assert estimate.settled
    assert estimate.rounds < 10
    assert estimate.belief[0] == pytest.approx([16 / 17, 1 / 17], abs=1e-4)
    assert np.exp(estimate.base) == pytest.approx([0.5, 0.5])
    assert np.exp(estimate.table[0]) == pytest.approx(np.array([[0.8, 0.2], [0.2, 0.8]]))


def test_class_shares_weigh_beside_the_votes(ballots):
    lines = [f"i{i} v {1 if i else 2}" for i in range(100)]
    estimate = maximise(ballots(*lines), even)
    assert np.exp(estimate.base)[0] > 0.98
    assert estimate.belief[0, 0] > 0.9  # a single vote of a voter this good is no match for the rest


def test_a_table_without_chance_does_not_break(ballots):
    certain = maximise(ballots("a x 1", "b x 2", "a y 2"), lambda counts, _: np.broadcast_to(np.eye(2), counts.shape))
    assert np.isfinite(certain.belief).all()
    assert certain.table.min() == pytest.approx(np.log(1e-12))


def test_known_answers_are_held_in_every_round(ballots):
    seen = []

    def table(counts, usual):
        seen.append(counts[0].tolist())
        return even(counts, usual)

    estimate = maximise(ballots("a x 1", "b x 1", classes=["1", "2"]), table, Gold(np.array([0, 1]), np.array([0, 0])))
    assert all(counts == [[2.0, 0.0], [0.0, 0.0]] for counts in seen)
    assert estimate.belief.tolist() == [[1.0, 0.0], [1.0, 0.0]]


def test_beliefs_that_never_rest_are_given_up_after_the_last_round(ballots):
    turn = []

    def restless(counts, usual):
        turn.append(1)
        right = 0.9 if len(turn) % 2 else 0.1
        return np.broadcast_to(np.eye(2) * (2 * right - 1) + 1 - right, counts.shape)

    estimate = maximise(ballots("a x 1", "b x 2"), restless)
    assert (estimate.settled, estimate.rounds, len(turn)) == (False, 200, 200)
