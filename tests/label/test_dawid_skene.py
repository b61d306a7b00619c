import numpy as np
import pytest

from karat.label.dawid_skene import DawidSkene
from karat.label.expectation import Gold


def test_a_voter_who_takes_one_class_for_another_is_read_rightly(ballots):
    # z says 1 of everything, which proves nothing
    lines = []
    for i in range(30):
        truth = 1 + i % 2
        lines += [f"i{i} x {truth}", f"i{i} y {truth}", f"i{i} z 1"]
    estimate = DawidSkene().estimate(ballots(*lines))
    assert (estimate.belief.argmax(axis=1) == np.arange(30) % 2).all()
    assert estimate.settled
    said_1 = np.exp(estimate.table[2, 0])
    assert said_1.min() > 0.85


def test_backward_voters_are_turned_round(ballots):
    lines = [f"i{i} v{v} {1 + (i + (v > 3)) % 2}" for i in range(20) for v in range(6)]
    estimate = DawidSkene().estimate(ballots(*lines))
    assert (estimate.belief.argmax(axis=1) == np.arange(20) % 2).all()
    confusion = np.exp(estimate.table)
    assert (confusion[:4, 0, 0] > 0.8).all()
    assert (confusion[4:, 0, 0] < 0.4).all()


def test_the_table_is_cautious(ballots):
    # two voters who agree on two items of each class: 2 votes and three of everybody's (4.49 of 5 right) are 4.69 of 5
    estimate = DawidSkene().estimate(ballots(*(f"i{i} {v} {1 + i % 2}" for i in range(4) for v in "xy")))
    assert np.exp(estimate.table) == pytest.approx(np.array([[[0.937, 0.063], [0.063, 0.937]]] * 2), abs=1e-3)
    assert np.exp(estimate.table).sum(axis=1) == pytest.approx(1)


def test_known_answers_are_held(ballots):
    votes = ballots("a x 1", "a y 1", "b x 2", "b y 2")
    estimate = DawidSkene().estimate(votes, Gold(np.array([0]), np.array([1])))
    assert estimate.belief[0].tolist() == [0, 1]
