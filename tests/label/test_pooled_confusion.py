import numpy as np
import pytest

from karat.label.expectation import LabelEstimate
from karat.label.pooled_confusion import shared_confusion


def blank(items, classes=2):
    """An estimate that knows nothing: every surprise of an even vote is 1 or -1."""
    return LabelEstimate(np.full((items, classes), 1 / classes), np.zeros((1, classes, classes)), np.zeros(classes))


def test_voters_who_always_agree_share_every_surprise(ballots):
    votes = ballots(*(f"i{i} v{v} {1 + i % 2}" for i in range(8) for v in range(3)))
    assert shared_confusion(votes, blank(8)) == pytest.approx(1)
    assert shared_confusion(votes, blank(8)) <= 1


def test_voters_who_always_contradict_each_other_have_opposite_surprises(ballots):
    votes = ballots(*(f"i{i} v{v} {1 + (i + v) % 2}" for i in range(8) for v in range(2)))
    assert shared_confusion(votes, blank(8)) == pytest.approx(-1)


def test_voters_independent_of_each_other_share_nothing(ballots):
    votes = ballots(*(f"i{i} v{v} {1 + (i >> v) % 2}" for i in range(8) for v in range(3)))
    assert shared_confusion(votes, blank(8)) == pytest.approx(0)


def test_pairs_of_votes_are_counted_and_not_items(ballots):
    # two items of two voters who agree, two of two who do not: nothing; a third voter who agrees adds pairs
    lines = ["a x 1", "a y 1", "b x 2", "b y 2", "c x 1", "c y 2", "d x 2", "d y 1"]
    assert shared_confusion(ballots(*lines), blank(4)) == pytest.approx(0)
    assert shared_confusion(ballots(*lines, "a z 1", "b z 2"), blank(4)) == pytest.approx(
        (2 * 6 - 2 * 2) / (2 * 6 + 2 * 2)
    )


def test_three_classes_are_weighed_by_how_often_they_are_said(ballots):
    votes = ballots(*(f"i{i} v{v} {1 + i % 3}" for i in range(9) for v in range(2)))
    assert shared_confusion(votes, blank(9, 3)) == pytest.approx(1)


def test_what_the_belief_explains_is_no_surprise(ballots):
    votes = ballots(*(f"i{i} v{v} {1 + i % 2}" for i in range(200) for v in range(3)))
    known = LabelEstimate(np.eye(2)[np.arange(200) % 2], np.zeros((3, 2, 2)), np.zeros(2))
    assert abs(shared_confusion(votes, known)) < 0.02


def test_a_vote_alone_tells_nothing(ballots):
    assert shared_confusion(ballots("a x 1", "b y 2"), blank(2)) == 0.0
