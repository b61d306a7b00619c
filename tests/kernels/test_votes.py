"""Votes of groups against hand counts."""

import numpy as np
import pytest

from karat.kernels.votes import BLANK, Votes, bond, sharper, telling_records

KEYS = np.array([0, 0, 0, 0, 1, 1, 2, 5_000_000, 5_000_000, -1])
VALUES = np.array([3, 3, 3, 1, 2, 0, 1, 2, -1, 2])


@pytest.mark.parametrize("far", [False, True])
def test_the_others_vote(far: bool) -> None:
    used = slice(None) if far else slice(0, 7)  # a far key switches the direct index off
    keys, values = KEYS[used], VALUES[used]
    ballot = Votes.of(keys, values, 4).ask(keys, values, values)
    assert ballot.top[:7].tolist() == [3, 3, 3, 3, 0, 2, BLANK]
    assert ballot.voters[:7].tolist() == [3, 3, 3, 3, 1, 1, 0]
    assert ballot.share[:4].tolist() == pytest.approx([2 / 3.4] * 3 + [3 / 3.4])
    assert ballot.own[:4].tolist() == pytest.approx([2 / 3.4] * 3 + [0.0])


def test_a_blank_and_a_novel_value_are_told_what_the_group_holds() -> None:
    ballot = Votes.of(KEYS, VALUES, 4).ask(np.array([0, 0, 9]), np.array([-1, -2, 3]), np.array([-1, -2, 3]))
    assert ballot.top.tolist() == [3, 3, BLANK]
    assert ballot.voters.tolist() == [4, 4, 0]


def test_counts_may_come_with_weights() -> None:
    plain = Votes.of(KEYS, VALUES, 4)
    held = (KEYS >= 0) & (VALUES >= 0)
    pairs, count = np.unique(KEYS[held] * 4 + VALUES[held], return_counts=True)
    weighed = Votes.of(pairs // 4, pairs % 4, 4, count)
    assert weighed.joint.tolist() == plain.joint.tolist()
    assert weighed.count.tolist() == plain.count.tolist()
    assert [part.tolist() for part in plain.backing(np.array([0, 7]), np.array([3, 3]))] == [[3, 0], [4, 0]]


def test_chance_counts_nothing_and_a_dependency_with_slips_almost_all() -> None:
    rng = np.random.default_rng(0)
    keys = rng.integers(0, 40, 2_000)
    assert abs(bond(keys, rng.integers(0, 6, 2_000), 6).beyond_chance) < 0.02
    values = np.where(rng.random(2_000) < 0.03, 6 + np.arange(2_000), keys % 6)
    held = bond(keys, values, 2_006)
    assert 0.9 < held.beyond_chance < 0.96
    assert held.trimmed_beyond_chance == pytest.approx(1.0)


def test_a_finer_split_that_means_nothing_agrees_no_better() -> None:
    rng = np.random.default_rng(1)
    coarse, other = rng.integers(0, 20, 4_000), rng.integers(0, 4, 4_000)
    noisy = np.where(rng.random(4_000) < 0.1, rng.integers(0, 5, 4_000), coarse % 5)
    before, after, _ = sharper(coarse, coarse * 4 + other, noisy)
    assert abs(before - after) < 0.01
    before, after, _ = sharper(coarse, coarse * 4 + other, (coarse + other) % 5)
    assert before < 0.5 < after


def test_telling_records_share_their_keys() -> None:
    keys = np.concatenate([np.arange(1_000), np.arange(100), np.full(50, -1)])
    at = telling_records(keys, 60)
    assert 40 <= len(at) <= 80
    assert np.all(np.bincount(keys[at]) != 1)
