import numpy as np
import pytest

from karat.label.confidence import TEMPERS, cooled, held_out_fit, temperature
from karat.label.expectation import LabelEstimate, confusion_of, softmax
from karat.label.votes import Votes


def crowd(accuracy=0.8, items=400, voters=6, seed=0):
    """Votes of equally good voters, and the estimate that knows how good they are."""
    import pyarrow as pa

    chance = np.random.default_rng(seed)
    truth = chance.integers(0, 2, items)
    item, voter = np.repeat(np.arange(items), voters), np.tile(np.arange(voters), items)
    label = np.where(chance.random(len(item)) < accuracy, truth[item], 1 - truth[item])
    names = [pa.array([str(i) for i in range(n)], pa.large_string()) for n in (items, voters, 2)]
    votes = Votes(*names, item.astype(np.int32), voter.astype(np.int32), label.astype(np.int32))
    table = np.broadcast_to(np.log([[accuracy, 1 - accuracy], [1 - accuracy, accuracy]]), (voters, 2, 2)).copy()
    base = np.log([0.5, 0.5])
    return votes, LabelEstimate(softmax(votes.evidence(table) + base), table, base), truth


def louder(estimate, by):
    return LabelEstimate(estimate.belief, estimate.table * by, estimate.base)


def test_an_honest_estimate_is_hardly_cooled_and_a_loud_one_by_as_much_as_it_is_loud():
    votes, estimate, _ = crowd()
    assert temperature(votes, estimate) > 0.7
    assert temperature(votes, louder(estimate, 5)) == pytest.approx(0.2, rel=0.4)
    assert temperature(votes, louder(estimate, 0.1)) == 1.0  # never sharpened


def test_cooled_confidence_can_be_taken_at_its_word():
    votes, estimate, truth = crowd()
    belief = cooled(votes, louder(estimate, 5))
    assert belief.sum(axis=1) == pytest.approx(1)
    right = (belief.argmax(axis=1) == truth).mean()
    assert belief.max(axis=1).mean() == pytest.approx(right, abs=0.04)


def test_known_answers_move_the_temperature_both_ways():
    votes, estimate, _ = crowd()
    alone = temperature(votes, louder(estimate, 3))
    logits = np.tile([[4.0, 0.0]], (60, 1))
    assert temperature(votes, louder(estimate, 3), (logits, np.zeros(60, int))) > alone
    assert temperature(votes, louder(estimate, 3), (logits, np.repeat([0, 1], 30))) < alone


def test_votes_alone_on_their_items_leave_the_estimate_as_it_is(ballots):
    votes = ballots("a x 1", "b y 2")
    estimate = LabelEstimate(np.eye(2), np.zeros((2, 2, 2)), np.zeros(2))
    assert temperature(votes, estimate) == 1.0
    assert held_out_fit(votes, np.zeros((2, 2)), estimate).shape == TEMPERS.shape


def test_the_fit_of_a_held_out_vote_is_worked_out_from_the_others(ballots):
    votes = ballots("a x 1", "a y 2", "b x 2")
    estimate = LabelEstimate(np.array([[0.5, 0.5], [0.25, 0.75]]), np.log([[[0.8, 0.2], [0.2, 0.8]]] * 2), np.zeros(2))
    logits = votes.evidence(estimate.table)
    says = confusion_of(votes, estimate.belief, 1.0)
    # at temperature 1, x's vote on a is foretold by y's alone (0.2, 0.8), and y's by x's (0.8, 0.2); b has one vote
    expected = np.log([0.2, 0.8] @ says[0, 0]) + np.log([0.8, 0.2] @ says[1, 1])
    assert held_out_fit(votes, logits, estimate)[-1] == pytest.approx(expected)


def test_the_label_of_the_estimate_stays_on_top(ballots):
    votes = ballots("a x 1", "b x 2")
    estimate = LabelEstimate(np.array([[0.1, 0.9], [0.1, 0.9]]), np.log([[[0.8, 0.2], [0.2, 0.8]]]), np.zeros(2))
    assert cooled(votes, estimate) == pytest.approx(np.array([[0.2, 0.8], [0.2, 0.8]]))
