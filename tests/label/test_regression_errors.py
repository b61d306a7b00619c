import json

import numpy as np
import pytest
from scipy import stats

from karat.core.errors import InputError
from karat.label.regression_errors import _student, _usual, is_regression, regression_errors


def facts(table):
    return json.loads(table.schema.metadata[b"karat"])


@pytest.mark.parametrize("tail", [3, 30])
def test_numbers_that_went_wrong_are_found_under_either_tail(tail):
    rng = np.random.default_rng(1)
    guess = rng.uniform(0, 100, 3000)
    numbers = guess + rng.standard_t(tail, 3000) * (1 + guess / 50)
    turned = rng.random(3000) < 0.08
    numbers[turned] += rng.choice([-1, 1], turned.sum()) * rng.uniform(20, 60, turned.sum())
    table = regression_errors(numbers, guess)
    flags = table["is_error"].to_numpy()
    assert 2 * (flags & turned).sum() / (flags.sum() + turned.sum()) > 0.85
    assert facts(table)["wrong"] == pytest.approx(turned.sum(), rel=0.3 if tail > 5 else 0.6)
    assert table["given"].to_pylist() == numbers.tolist()
    assert table["suggested"].to_pylist() == guess.tolist()


def test_clean_numbers_are_left_alone():
    rng = np.random.default_rng(2)
    guess = rng.normal(0, 10, 2000)
    assert facts(regression_errors(guess + rng.normal(0, 1, 2000), guess))["wrong"] < 40


def test_a_shift_of_all_numbers_is_no_error_and_scale_does_not_matter():
    rng = np.random.default_rng(3)
    guess = rng.normal(0, 1, 300)
    numbers = guess + rng.normal(0, 0.1, 300)
    numbers[7] += 5
    plain = regression_errors(numbers, guess)["score"].to_numpy()
    assert plain.argmax() == 7
    assert plain[7] > 0.9
    assert regression_errors(numbers + 3, guess)["score"].to_numpy() == pytest.approx(plain, abs=1e-6)
    assert regression_errors(numbers * 100, guess * 100)["score"].to_numpy() == pytest.approx(plain, abs=1e-6)


def test_the_density_is_that_of_student():
    apart = np.array([-3.0, 0.0, 0.5, 40.0])
    for tail in (5.0, 30.0):
        assert _student(apart, tail) == pytest.approx(stats.t.pdf(apart, tail))


def test_the_usual_error_of_few_records_is_one_for_all():
    residual = np.array([-1.0, 0.0, 1.0, 2.0, -2.0])
    assert _usual(residual, np.arange(5.0)) == pytest.approx([1.4826] * 5)
    assert _usual(np.array([0.0, 0.0, 0.0, 4.0]), np.arange(4.0)).tolist() == [
        1,
        1,
        1,
        1,
    ]  # the mean, where half are none
    assert _usual(np.zeros(4), np.arange(4.0)).tolist() == [1, 1, 1, 1]


def test_the_usual_error_grows_where_errors_do():
    guess = np.linspace(0, 1, 400)
    residual = np.where(np.arange(400) % 2, 1.0, -1.0) * np.where(guess < 0.5, 1.0, 3.0)
    order = np.random.default_rng(0).permutation(400)
    usual = np.empty(400)
    usual[order] = _usual(residual[order], guess[order])
    assert usual[:150] == pytest.approx(1.4826, abs=1e-6)
    assert usual[250:] == pytest.approx(3 * 1.4826, abs=1e-6)
    assert len(set(_usual(residual[:119], guess[:119]))) == 1  # fewer than four neighbourhoods of 30


def test_a_place_without_error_keeps_a_fifth_of_the_usual():
    guess = np.linspace(0, 1, 400)
    residual = np.where(np.arange(400) % 2, 1.0, -1.0) * np.where(guess < 0.3, 0.0, 1.0)
    usual = _usual(residual, guess)
    assert usual.min() == pytest.approx(0.2 * 1.4826)


@pytest.mark.parametrize(
    ("numbers", "predictions", "message"),
    [
        (
            [1.0, float("nan")],
            [1.0, 2.0],
            r"given must be one finite number per record, but has 1 NaN or infinite \(row 1\)",
        ),
        ([1.0, 2.0], [float("inf"), float("-inf")], r"pred_probs must be .* 2 NaN or infinite \(row 0\)"),
        ([[1.0], [2.0]], [1.0, 2.0], r"shape \(2, 1\)"),
        (["a", "b"], [1.0, 2.0], "given are not numbers"),
        ([1.0], [1.0, 2.0], "1 labels and 2 rows"),
    ],
)
def test_what_is_no_number_is_refused(numbers, predictions, message):
    with pytest.raises(InputError, match=message):
        regression_errors(numbers, predictions)


def test_one_number_a_record_is_regression():
    assert is_regression([0.5, 1.5])
    assert not is_regression([[0.5, 0.5]])
    assert not is_regression(1.0)


def test_no_records_no_errors():
    assert regression_errors([], []).num_rows == 0
