"""What correcting the next labels is worth."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest

from karat.flow.label_worth import Doubted, Worth, worth_of
from karat.flow.loading import load, plain_settings


@pytest.fixture(scope="module")
def spoiled():
    """A table whose labels of one class are often wrong where a column is high, and what is thought of them."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(1_000, 4))
    truth = (features[:, 0] + features[:, 1] + 0.3 * rng.normal(size=1_000) > 0).astype(int)
    turned = (truth == 1) & (features[:, 1] > 0.7) & (rng.random(1_000) < 0.9)
    given = np.where(turned, 0, truth)
    columns = {f"x{k}": features[:, k].round(3) for k in range(4)} | {"y": np.array(["no", "yes"])[given]}
    block = load(pa.table(columns), plain_settings("y"))
    doubt = np.where(turned, 0.9, 0.02)
    return block, Doubted(np.arange(1_000), given, 1 - given, doubt, np.zeros(1_000, bool), 2)


def test_correcting_labels_that_mislead_is_worth_something_and_more_is_worth_more(spoiled):
    block, doubted = spoiled
    few, many = worth_of(block, doubted, 5.0), worth_of(block, doubted, 50.0)
    assert few.metric == "AUC"
    assert many.mean == pytest.approx(10 * few.mean)
    assert 0 < many.low <= many.mean <= many.high
    assert worth_of(block, doubted, 5.0) == few


def test_turning_labels_that_are_right_is_worth_less_than_nothing(spoiled):
    block, doubted = spoiled
    truth = np.where(doubted.doubt > 0.5, 1, doubted.labels)
    misled = dataclasses.replace(doubted, labels=truth, likely=1 - truth)
    assert worth_of(block, misled, 50.0).mean < 0 < worth_of(block, doubted, 50.0).mean


def test_what_cannot_be_tried_is_not_stated(spoiled):
    block, doubted = spoiled
    assert worth_of(block, dataclasses.replace(doubted, doubt=np.zeros(1_000)), 5.0) is None
    one = dataclasses.replace(doubted, labels=np.zeros(1_000, int))
    assert worth_of(block, one, 5.0) is None


def test_it_is_told_in_one_line():
    assert str(Worth("AUC", 0.0042, -0.001, 0.0094)) == "+0.004 AUC, 80 % [-0.001, +0.009]"
