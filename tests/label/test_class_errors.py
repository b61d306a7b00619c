"""What the one judge says of classes, as columns and a count."""

import numpy as np
import pytest

from karat.label.class_errors import class_errors
from karat.quality.accuracy.label_judge import fit


@pytest.fixture
def planted():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 600)
    turned = rng.random(600) < 0.1
    expected = np.where(truth[:, None] == np.arange(2), 0.9, 0.1) + rng.uniform(-0.05, 0.05, (600, 1)) * [1, -1]
    return np.where(turned, 1 - truth, truth), expected, turned


def test_the_flags_are_the_judges(planted):
    labels, expected, turned = planted
    columns, noise = class_errors(labels, ["no", "yes"], expected)
    judge = fit(expected, labels)
    flags = np.array(columns["is_error"])
    assert flags.tolist() == judge.flags(judge.beliefs(expected, labels), labels).tolist()
    assert flags.tolist() == turned.tolist()
    assert columns["suggested"][0].as_py() == ("yes" if labels[0] == 0 else "no")
    assert (noise.flagged, noise.wrong) == (turned.sum(), judge.noise.wrong)


def test_a_budget_changes_the_flags_and_not_the_count(planted):
    labels, expected, _ = planted
    some, count = class_errors(labels, None, expected, budget=5)
    everything, whole = class_errors(labels, None, expected)
    assert np.array(some["is_error"]).sum() == 5
    assert (count.wrong, count.low, count.high) == (whole.wrong, whole.low, whole.high)
    assert some["score"].equals(everything["score"])
