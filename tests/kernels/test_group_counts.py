"""Votes of groups against hand counts."""

import numpy as np

from karat.kernels.group_counts import BLANK, GroupCounts, agreement

KEYS = np.array([0, 0, 0, 0, 1, 1, 2, 5_000_000, 5_000_000, -1])
VALUES = np.array([3, 3, 3, 1, 2, 0, 1, 2, -1, 2])


def test_the_others_vote() -> None:
    ballot = GroupCounts.of(KEYS, VALUES, 4).ask(KEYS, VALUES)
    assert ballot.top[:7].tolist() == [3, 3, 3, 3, 0, 2, BLANK]
    assert ballot.most[:7].tolist() == [2, 2, 2, 3, 1, 1, 0]
    assert ballot.next[:7].tolist() == [1, 1, 1, 0, 0, 0, 0]
    assert ballot.others[:7].tolist() == [3, 3, 3, 3, 1, 1, 0]


def test_a_blank_and_a_novel_value_are_told_what_the_group_holds() -> None:
    ballot = GroupCounts.of(KEYS, VALUES, 4).ask(np.array([0, 0, 9]), np.array([-1, -2, 3]))
    assert ballot.top.tolist() == [3, 3, BLANK]
    assert ballot.others.tolist() == [4, 4, 0]


def test_counts_may_come_with_weights() -> None:
    plain = GroupCounts.of(KEYS, VALUES, 4)
    known = (KEYS >= 0) & (VALUES >= 0)
    pairs, count = np.unique(KEYS[known] * 4 + VALUES[known], return_counts=True)
    weighed = GroupCounts.of(pairs // 4, pairs % 4, 4, count)
    assert weighed.joint.tolist() == plain.joint.tolist()
    assert weighed.count.tolist() == plain.count.tolist()
    assert plain.backing(np.array([0, 7]), np.array([3, 3])).tolist() == [3, 0]


def test_nothing_counted_says_nothing() -> None:
    empty = GroupCounts.of(np.array([-1]), np.array([0]), 2)
    assert empty.ask(np.array([0]), np.array([1])).top.tolist() == [BLANK]
    assert empty.backing(np.array([0]), np.array([1])).tolist() == [0]


def test_chance_agrees_by_chance_and_a_dependency_with_errors_far_beyond() -> None:
    rng = np.random.default_rng(0)
    keys = rng.integers(0, 40, 2_000)
    assert abs(agreement(keys, rng.integers(0, 6, 2_000), 6)[1]) < 0.02
    values = np.where(rng.random(2_000) < 0.03, 6 + np.arange(2_000), keys % 6)
    agree, beyond, groups = agreement(keys, values, 2_006)
    assert 0.9 < beyond < 0.96 < agree + 0.05
    assert groups == 40
