"""Codes that tell all, half or nothing."""

import numpy as np
import pytest

from karat.quality.accuracy._share_known import share_known

N = 4000


def test_of_classes_and_numbers() -> None:
    chance = np.random.default_rng(0)
    half, code = chance.random(N) < 0.5, chance.integers(0, 4, N)
    yes = (code == 1).astype(float)
    assert share_known(code, yes[None], half) == pytest.approx(1.0)
    assert share_known(chance.integers(0, 4, N), yes[None], half) < 0.08
    assert share_known(code, code[None].astype(float), half) > 0.999
    noisy = code + chance.normal(0, code.std(), N)
    assert share_known(code, noisy[None], half) == pytest.approx(0.5, abs=0.05)


def test_the_worst_class_counts() -> None:
    chance = np.random.default_rng(1)
    half, classes = chance.random(N) < 0.5, chance.integers(0, 3, N)
    code = (classes == 0).astype(np.int64)  # tells the first class, not the other two apart
    goal = (classes[None] == np.arange(3)[:, None]).astype(float)
    assert share_known(code, goal[:1], half) == pytest.approx(1.0)
    assert 0.4 < share_known(code, goal, half) < 0.6


def test_a_number_that_never_varies_is_not_told() -> None:
    half = np.arange(N) % 2 == 0
    assert share_known(np.zeros(N, np.int64), np.ones((1, N)) * 2.5, half) == 0.0
