import json

import numpy as np
import pytest

from karat.core.errors import InputError
from karat.label.wrong_labels import wrong_labels


def told(table):
    return json.loads(table.schema.metadata[b"karat"])


def f1(flags, truth):
    return 2 * (flags & truth).sum() / (flags.sum() + truth.sum())


def test_a_label_too_many_or_too_few():
    rng = np.random.default_rng(0)
    truth = rng.random((2000, 4)) < 0.3
    turned = rng.random((2000, 4)) < 0.03
    given = (truth ^ turned).astype(int)
    expected = 1 / (1 + np.exp(-(np.where(truth, 4.0, -4.0) + rng.normal(0, 1, truth.shape))))
    table = wrong_labels(given, expected)
    flags = table["is_error"].to_numpy()
    assert f1(flags, turned.any(axis=1)) > 0.85
    rows = np.flatnonzero(flags & (turned.sum(axis=1) == 1))
    right = [table["suggested"][int(row)].as_py() == np.flatnonzero(truth[row]).tolist() for row in rows]
    assert np.mean(right) > 0.9
    names = ["a", "乙", "c", "d"]
    named = wrong_labels([[names[at] for at in np.flatnonzero(row)] for row in given], expected, classes=names)
    assert named["is_error"].to_pylist() == flags.tolist()
    with pytest.raises(InputError, match="1 label is not among"):
        wrong_labels([["a"], ["x"]], [[0.1, 0.2]] * 2, classes=["a", "b"])


@pytest.mark.parametrize("tail", [3, 30])
def test_numbers_that_went_wrong(tail):
    rng = np.random.default_rng(1)
    guess = rng.uniform(0, 100, 3000)
    given = guess + rng.standard_t(tail, 3000) * (1 + guess / 50)
    turned = rng.random(3000) < 0.08
    given[turned] += rng.choice([-1, 1], turned.sum()) * rng.uniform(20, 60, turned.sum())
    table = wrong_labels(given, guess)
    flags = table["is_error"].to_numpy()
    assert f1(flags, turned) > 0.85
    assert told(table)["wrong"] == pytest.approx(turned.sum(), rel=0.3 if tail > 5 else 0.6)


def test_clean_numbers_are_left_alone():
    rng = np.random.default_rng(2)
    guess = rng.normal(0, 10, 2000)
    table = wrong_labels(guess + rng.normal(0, 1, 2000), guess)
    assert told(table)["wrong"] < 40
    with pytest.raises(InputError, match="1 NaN"):
        wrong_labels([1.0, float("nan")], [1.0, 2.0])


def test_tokens_are_records_of_their_own():
    rng = np.random.default_rng(4)
    names = ["O", "人", "地"]
    given, expected, turned = [], [], []
    for _ in range(300):
        truth = rng.integers(0, 3, rng.integers(3, 9))
        wrong = rng.random(len(truth)) < 0.1
        scores = rng.normal(0, 1, (len(truth), 3))
        scores[np.arange(len(truth)), truth] += 5
        expected.append(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True))
        given.append([names[at] for at in np.where(wrong, (truth + 1) % 3, truth)])
        turned.extend(wrong)
    table = wrong_labels(given, expected, classes=names)
    assert f1(table["is_error"].to_numpy(), np.array(turned)) > 0.85
    assert table["token"].to_pylist()[: len(given[0])] == list(range(len(given[0])))
    with pytest.raises(InputError, match="text 1: 1 labels, 2 rows"):
        wrong_labels([["O"], ["O"]], [np.ones((1, 3)) / 3, np.ones((2, 3)) / 3], classes=names)
