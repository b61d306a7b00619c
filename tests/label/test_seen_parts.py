"""Parts that nobody gave are missing from the candidates, and the rates know it."""

import numpy as np
import pyarrow as pa
import pytest

from karat.label.expectation import Gold
from karat.label.majority import Majority
from karat.label.seen_parts import SeenParts
from karat.label.votes import Votes


def seen(finds=(0.8, 0.7, 0.6, 0.7), adds=(0.05, 0.1, 0.05, 0.02), size=4000, share=0.3, seed=0):
    """Votes on the parts that at least one voter gave, and which of them are true."""
    chance = np.random.default_rng(seed)
    truth = chance.random(size) < share
    given = chance.random((size, len(finds))) < np.where(truth[:, None], finds, adds)
    kept = given.any(axis=1)
    label, truth = given[kept], truth[kept]
    n, v = label.shape
    names = [pa.array([str(at) for at in range(count)], pa.large_string()) for count in (n, v)]
    codes = (np.repeat(np.arange(n), v), np.tile(np.arange(v), n), label.ravel())
    classes = pa.array(["no", "yes"], pa.large_string())
    return Votes(*names, classes, *(code.astype(np.int32) for code in codes)), truth


def test_rates_are_those_of_all_parts_and_not_only_of_those_seen():
    votes, _ = seen()
    rates = np.exp(SeenParts().estimate(votes).table)[:, 1, :]
    assert rates[:, 1] == pytest.approx([0.8, 0.7, 0.6, 0.7], abs=0.05)
    assert rates[:, 0] == pytest.approx([0.05, 0.1, 0.05, 0.02], abs=0.06)


def test_two_who_agree_are_believed_and_confidence_is_honest():
    votes, truth = seen(size=1500)
    belief = SeenParts().estimate(votes).belief
    right = ((belief[:, 1] > 0.5) == truth).mean()
    majority = (Majority().estimate(votes).belief[:, 1] > 0.5) == truth
    assert right >= majority.mean()
    assert belief.max(axis=1).mean() == pytest.approx(right, abs=0.03)


def test_known_answers_hold():
    votes, truth = seen(size=300)
    known = Gold(np.arange(20), (~truth[:20]).astype(int))
    assert (SeenParts().estimate(votes, known).belief[:20].argmax(axis=1) == ~truth[:20]).all()
