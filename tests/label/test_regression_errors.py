import json

import numpy as np
import pytest

from karat.core.errors import InputError
from karat.label.regression_errors import is_regression, regression_errors


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


@pytest.mark.parametrize("away", [0.0, 1e-9, 0.3])
def test_numbers_that_a_model_predicts_well_are_not_flagged(away):
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=500)
    table = regression_errors(numbers, numbers + away * rng.normal(size=500))
    assert not any(table["is_error"].to_pylist())
    assert facts(table)["reason"].startswith("the model contradicts no more")
    assert not facts(table)["proven"]


def test_what_is_flagged_is_proven_where_heavy_tails_are_no_explanation():
    rng = np.random.default_rng(0)
    guess = rng.normal(size=500)
    turned = rng.random(500) < 0.06
    noisy = guess + np.where(turned, 5, 0.3) * rng.normal(size=500)
    assert facts(regression_errors(noisy, guess))["proven"]
    heavy = facts(regression_errors(guess + 0.3 * rng.standard_t(3, 500), guess))
    assert not heavy["proven"]
    assert heavy["low"] == 0
