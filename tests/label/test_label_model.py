import numpy as np
import pytest

from karat.label import label_model
from karat.label.expectation import Gold
from karat.label.label_model import LabelModel, vote_weights


def test_a_rule_is_first_as_precise_as_its_author_expects(ballots):
    votes = ballots("a x 1", "b y 2", "c x 1", "c z 1", items=["a", "b", "c", "d"])
    estimate = LabelModel(rounds=1).estimate(votes)
    assert estimate.belief[0] == pytest.approx([0.8, 0.2])
    assert estimate.belief[1] == pytest.approx([0.2, 0.8])
    assert estimate.belief[2] == pytest.approx([16 / 17, 1 / 17])
    assert estimate.belief[3] == pytest.approx([0.5, 0.5])
    assert (estimate.rounds, estimate.settled) == (1, False)


def test_with_three_classes_the_rest_is_shared_evenly(ballots):
    votes = ballots("a x 1", classes=["1", "2", "3"])
    assert LabelModel(0.6, rounds=1).estimate(votes).belief[0] == pytest.approx([0.6, 0.2, 0.2])


def test_agreement_moves_precision_slowly(ballots):
    lines = [f"i{i} good 1" for i in range(30)] + [f"i{i} other 1" for i in range(28)]
    lines += [f"j{i} bad 1" for i in range(30)] + [f"j{i} against{r} 2" for i in range(30) for r in range(2)]
    votes = ballots(*lines, "g good 1", "b bad 1")
    estimate = LabelModel(strength=20.0).estimate(votes)
    place = {name: at for at, name in enumerate(votes.items.to_pylist())}
    assert estimate.belief[place["g"], 0] > 0.5 > estimate.belief[place["b"], 0]
    assert estimate.settled
    firm = LabelModel(strength=1e9).estimate(votes)
    lift = firm.table[0, 0] + firm.base
    assert np.exp(lift) == pytest.approx([0.8, 0.2], abs=1e-6)


def test_class_shares_reach_what_no_rule_fires_on(ballots):
    votes = ballots(*(f"i{i} x 1" for i in range(9)), "k y 2", items=[f"i{i}" for i in range(9)] + ["k", "none"])
    estimate = LabelModel().estimate(votes)
    assert estimate.belief[10] == pytest.approx(np.exp(estimate.base))
    assert estimate.belief[10, 0] > 0.7


def test_known_answers_stand_and_move_the_rule(ballots):
    votes = ballots(*(f"i{i} x 1" for i in range(20)), *(f"j{i} y 2" for i in range(20)))
    gold = Gold(np.arange(10), np.ones(10, int))  # x is wrong wherever the answer is known
    informed = LabelModel(strength=5.0).estimate(votes, gold)
    assert informed.belief[:10].tolist() == [[0, 1]] * 10
    assert informed.belief[15, 0] < LabelModel(strength=5.0).estimate(votes).belief[15, 0]


def copied(ballots):
    lines = [f"i{i} rule{r} a" for i in range(60) for r in range(5)]
    lines += [f"i{i} other b" for i in range(60, 140)] + [f"i{i} third b" for i in range(30, 110)]
    return ballots(*lines), np.array([" rule" in line for line in lines])


def test_a_copied_rule_counts_once(ballots):
    votes, copies = copied(ballots)
    weights = vote_weights(votes, LabelModel().estimate(votes).belief)
    assert weights[copies].max() < 0.5
    assert weights[~copies].min() > 0.5


def test_five_copies_of_a_rule_that_fires_at_chance_within_its_class_weigh_a_fifth_each(ballots):
    lines = [f"i{i} rule{r} a" for i in range(10) for r in range(5)] + [f"j{i} y a" for i in range(10)]
    votes = ballots(*lines)
    weights = vote_weights(votes, np.ones((20, 1)))
    assert weights[:50] == pytest.approx(1 / 5)
    assert weights[50:] == pytest.approx(1)


def test_rules_that_fire_together_by_chance_keep_their_weight(ballots):
    # of 4 kinds of item, each as frequent, x fires on two and y on two, together on one
    lines = [f"i{i} x a" for i in range(20) if i % 4 < 2] + [f"i{i} y a" for i in range(20) if i % 2]
    lines += [f"i{i} z b" for i in range(20)]
    votes = ballots(*lines)
    belief = np.tile([1.0, 0.0], (20, 1))
    assert vote_weights(votes, belief) == pytest.approx(1)


def test_too_many_kinds_of_vote_are_not_compared(ballots, monkeypatch):
    votes, _ = copied(ballots)
    belief = np.full((140, 2), 0.5)
    monkeypatch.setattr(label_model, "MOST_LINES", 14)  # seven rules, two classes
    assert vote_weights(votes, belief).min() < 1
    monkeypatch.setattr(label_model, "MOST_LINES", 13)
    assert vote_weights(votes, belief).min() == 1
