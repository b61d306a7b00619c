import numpy as np
import pytest

from karat.kernels.ranking import _holds, _next, rank_pairs, solve_rows


def test_every_row_has_the_factors_that_fit_its_items_best():
    chance = np.random.default_rng(0)
    other = chance.normal(size=(5, 3))
    ends, items = np.array([0, 2, 2, 5]), np.array([1, 4, 0, 1, 2])
    weights = np.array([1.0, 3.0, 0.5, 2.0, 10.0])
    gram = other.T @ other + 0.7 * np.eye(3)
    out = np.zeros((3, 3))
    solve_rows(ends, items, weights, other, gram, out)
    for row in range(3):
        confidence, wanted = np.ones(5), np.zeros(5)
        for at in range(ends[row], ends[row + 1]):
            confidence[items[at]] += weights[at]
            wanted[items[at]] = 1
        left = other.T @ (confidence[:, None] * other) + 0.7 * np.eye(3)
        assert out[row] == pytest.approx(np.linalg.solve(left, other.T @ (confidence * wanted)))
    assert out[1].tolist() == [0, 0, 0]


def test_the_sequence_of_chance_is_marsaglias():
    # xorshift64 with the shifts 13, 7, 17 from 1: the numbers worked out by Python
    def plain(state):
        state ^= (state << 13) & (2**64 - 1)
        state ^= state >> 7
        return state ^ ((state << 17) & (2**64 - 1))

    state = np.uint64(1)
    for _ in range(3):
        following = np.uint64(_next(state) % 2**64)
        assert int(following) == plain(int(state))
        state = following


def test_a_rising_stretch_is_searched_within_its_ends():
    items = np.array([1, 4, 6, 9, 2, 3])
    assert [bool(_holds(items, 0, 4, item)) for item in range(11)] == [item in (1, 4, 6, 9) for item in range(11)]
    assert not _holds(items, 4, 4, 2)
    assert _holds(items, 4, 6, 3)


def model():
    chance = np.random.default_rng(1)
    return chance.normal(size=(2, 2)), chance.normal(size=(3, 2)), np.zeros(3)


def test_one_step_moves_the_chosen_item_above_another():
    left, right, bias = model()
    u, i, j = left[0].copy(), right[0].copy(), right[1:].copy()
    rank_pairs(np.array([0]), np.array([0, 1, 1]), np.array([0]), left, right, bias, 1, 0.1, 0.01, 88172645463325252)
    other = 1 + int((right[2] != j[1]).any())
    was = j[other - 1]
    push = 1 / (1 + np.exp(u @ (i - was)))
    assert left[0] == pytest.approx(u + 0.1 * (push * (i - was) - 0.01 * u))
    assert right[0] == pytest.approx(i + 0.1 * (push * u - 0.01 * i))
    assert right[other] == pytest.approx(was + 0.1 * (-push * u - 0.01 * was))
    assert bias[0] == pytest.approx(0.1 * push)
    assert bias[other] == pytest.approx(-0.1 * push)
    assert (left[1] == model()[0][1]).all()


def test_an_item_the_user_chose_is_no_other():
    left, right, bias = model()
    rank_pairs(np.array([0, 0, 0]), np.array([0, 3, 3]), np.array([0, 1, 2]), left, right, bias, 50, 0.1, 0.0, 7)
    assert (right == model()[1]).all()
    assert not bias.any()


def test_many_steps_rank_what_was_chosen_first_and_the_same_start_gives_the_same_bits():
    rows, ends, items = np.array([0, 1, 1]), np.array([0, 1, 3]), np.array([0, 1, 2])
    answers = []
    for _ in range(2):
        left, right, bias = model()
        state = rank_pairs(rows, ends, items, left, right, bias, 3000, 0.05, 0.001, 12345)
        answers.append((state, left.copy(), right.copy(), bias.copy()))
    scores = left @ right.T + bias
    assert scores[0].argmax() == 0
    assert scores[1].argmin() == 0
    assert all(np.array_equal(a, b) for a, b in zip(*answers, strict=True))
    assert 0 <= answers[0][0] < 2**63
