import numpy as np
import pytest
from scipy import stats

from karat.quality.accuracy.number_judge import NumberJudge, _student


def usual_of(residual, guess):
    judge = NumberJudge.of(guess + residual, guess)
    off = judge.apart(guess + judge.middle + 1.0, guess)  # one off each, in usual errors
    return 1 / off


def made(size=800, wrong=40, seed=0):
    rng = np.random.default_rng(seed)
    guess = rng.normal(50, 10, size)
    numbers = guess + rng.normal(0, 1, size)
    numbers[:wrong] += rng.choice([-1, 1], wrong) * rng.uniform(8, 20, wrong)
    return numbers, guess


def test_new_numbers_are_judged_by_what_was_learned():
    numbers, guess = made()
    judge = NumberJudge.of(numbers, guess)
    beliefs = judge.beliefs(numbers, guess)
    assert (beliefs.wrong[:40] > 0.8).all()
    assert (beliefs.wrong[40:] > 0.5).sum() <= 2
    part = judge.beliefs(numbers[30:50], guess[30:50])
    assert part.wrong == pytest.approx(beliefs.wrong[30:50])
    assert part.beliefs.shape == (len(judge.weights), 20)
    assert judge.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("shape", ["normal", "heavy", "uneven"])
def test_right_numbers_with_any_tail_prove_nothing(shape):
    rng = np.random.default_rng(3)
    guess = rng.normal(50, 10, 800)
    usual = {"normal": rng.normal(size=800), "heavy": rng.standard_t(3, 800)}.get(shape)
    usual = rng.normal(size=800) * (0.3 + abs(guess - 50) / 8) if usual is None else usual
    judge = NumberJudge.of(guess + usual, guess)
    assert not (judge.proven(guess + usual, guess) & (judge.beliefs(guess + usual, guess).wrong >= 0.5)).any()


def test_wrong_numbers_are_proven_by_their_many_or_by_one_that_is_far():
    numbers, guess = made()
    assert NumberJudge.of(numbers, guess).proven(numbers, guess).all()
    numbers, guess = made(wrong=0)
    numbers[7] += 60
    judge = NumberJudge.of(numbers, guess)
    sure = judge.proven(numbers, guess) & (judge.beliefs(numbers, guess).wrong >= 0.5)
    assert np.flatnonzero(sure).tolist() == [7]


def test_what_is_wrong_does_not_depend_on_the_order_of_the_records():
    numbers, guess = made()
    order = np.random.default_rng(5).permutation(len(guess))
    plain = NumberJudge.of(numbers, guess).beliefs(numbers, guess).wrong
    mixed = NumberJudge.of(numbers[order], guess[order]).beliefs(numbers[order], guess[order]).wrong
    assert mixed == pytest.approx(plain[order], abs=1e-9)


def test_the_density_is_that_of_student():
    apart = np.array([-3.0, 0.0, 0.5, 40.0])
    for tail in (5.0, 30.0):
        assert _student(apart, tail) == pytest.approx(stats.t.pdf(apart, tail))


def test_the_usual_error_of_few_records_is_one_for_all():
    residual = np.array([-1.0, 0.0, 1.0, 2.0, -2.0])
    assert usual_of(residual, np.arange(5.0)) == pytest.approx([1.4826] * 5)
    assert usual_of(np.array([0.0, 0.0, 0.0, 4.0]), np.arange(4.0)).tolist() == [
        1,
        1,
        1,
        1,
    ]  # the mean, where half are none
    assert usual_of(np.zeros(4), np.arange(4.0)).tolist() == [1, 1, 1, 1]


def test_the_usual_error_grows_where_errors_do():
    guess = np.linspace(0, 1, 400)
    residual = np.where(np.arange(400) % 2, 1.0, -1.0) * np.where(guess < 0.5, 1.0, 3.0)
    order = np.random.default_rng(0).permutation(400)
    usual = np.empty(400)
    usual[order] = usual_of(residual[order], guess[order])
    assert usual[:150] == pytest.approx(1.4826, abs=1e-6)
    assert usual[250:] == pytest.approx(3 * 1.4826, abs=1e-6)
    assert len(set(usual_of(residual[:119], guess[:119]))) == 1  # fewer than four neighbourhoods of 30


def test_a_place_without_error_keeps_a_fifth_of_theusual_of():
    guess = np.linspace(0, 1, 400)
    residual = np.where(np.arange(400) % 2, 1.0, -1.0) * np.where(guess < 0.3, 0.0, 1.0)
    usual = usual_of(residual, guess)
    assert usual.min() == pytest.approx(0.2 * 1.4826)
