import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.suspect_labels import SuspectLabels

CLASSES = ["是", "否", "maybe"]


def block(labels, expected, task="classification"):
    table = pa.table({"y": pa.array(labels, pa.string())})
    schema = Schema((Column("y", Role.TARGET, "string" if task == "classification" else "float64"),), task=task)
    extra = {"out_of_fold": expected, "classes": CLASSES}
    return Block(np.arange(len(labels)), table, schema, extra)


def opinions(size, certainty, seed=0):
    """Labels drawn from a model's own probabilities: a calibrated model, more or less certain."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, certainty, (size, 3))
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    given = np.array([rng.choice(3, p=row) for row in expected])
    return given, expected


@pytest.mark.parametrize("size", [1, 100, 1000])
def test_planted_wrong_labels_are_found_with_their_right_ones(size):
    truth, expected = opinions(1000, 12.0)
    given = truth.copy()
    planted = np.arange(0, 1000, 50)
    given[planted] = (truth[planted] + 1) % 3
    whole = block([CLASSES[at] for at in given], expected)
    check = SuspectLabels()
    parts = [whole.take(np.arange(at, min(at + size, 1000))) for at in range(0, 1000, size)]
    state = check.learn(parts[0])
    for part in parts[1:]:
        state = state.merge(check.learn(part))
    found = pa.concat_tables([check.judge(state, part) for part in parts])
    sure = [f for f in found.to_pylist() if f["confidence"] >= 0.5]
    hits = [f for f in sure if f["row"] in planted]
    assert len(hits) >= 14
    assert len(hits) >= 0.6 * len(sure)
    assert all(f["suggestion"] == CLASSES[truth[f["row"]]] for f in hits)
    assert found["row"].to_pylist() == check.judge(check.learn(whole), whole)["row"].to_pylist()


@pytest.mark.parametrize("certainty", [1.0, 3.0, 8.0])
def test_an_unsure_model_blames_no_label(certainty):
    given, expected = opinions(2000, certainty, seed=1)
    whole = block([CLASSES[at] for at in given], expected)
    found = SuspectLabels().judge(SuspectLabels().learn(whole), whole)
    assert sum(c >= 0.5 for c in found["confidence"].to_pylist()) <= 2


def test_a_number_far_from_what_is_expected():
    rng = np.random.default_rng(0)
    expected = rng.normal(100, 20, 500)
    given = expected + rng.normal(0, 2, 500)
    given[77] += 60
    whole = block([f"{value:.2f}" for value in given], expected[:, None], "regression")
    found = SuspectLabels().judge(SuspectLabels().learn(whole), whole)
    assert found.filter(pa.compute.greater_equal(found["confidence"], 0.5))["row"].to_pylist() == [77]


def test_without_expectations_there_is_no_verdict():
    table = pa.table({"y": ["0", "1"] * 50})
    whole = Block(np.arange(100), table, Schema((Column("y", Role.TARGET),), task="classification"))
    assert isinstance(SuspectLabels().judge(SuspectLabels().learn(whole), whole), DoesNotApply)


@pytest.mark.parametrize("sharp", [1.0, 6.0])
@pytest.mark.parametrize("seed", range(5))
def test_labels_drawn_at_random_are_not_suspected(sharp, seed):
    rng = np.random.default_rng(seed)
    scores = np.exp(rng.normal(0, sharp, (600, 3)))
    whole = block([CLASSES[at] for at in rng.integers(0, 3, 600)], scores / scores.sum(axis=1, keepdims=True))
    verdict = SuspectLabels().judge(SuspectLabels().learn(whole), whole)
    assert isinstance(verdict, DoesNotApply)
    assert "no model beats chance" in verdict.reason
    assert SuspectLabels().total(SuspectLabels().learn(whole), whole.schema) == 0


def test_numbers_drawn_at_random_are_not_suspected():
    rng = np.random.default_rng(2)
    given = rng.standard_t(2, 500)
    whole = block([f"{value:.3f}" for value in given], rng.normal(size=(500, 1)), "regression")
    assert isinstance(SuspectLabels().judge(SuspectLabels().learn(whole), whole), DoesNotApply)


def test_a_rare_class_is_not_called_wrong():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 2000)
    expected = np.full((2000, 3), 0.0005)
    expected[np.arange(2000), truth] = 0.999
    given = truth.copy()
    given[:5], given[5:40] = 2, 1 - truth[5:40]
    whole = block([CLASSES[at] for at in given], expected)
    found = SuspectLabels().judge(SuspectLabels().learn(whole), whole)
    assert found["row"].to_pylist() == list(range(5, 40))
    alone = block([CLASSES[2 * (at < 5)] for at in range(2000)], expected)
    verdict = SuspectLabels().judge(SuspectLabels().learn(alone), alone)
    assert "1 of 2 classes has fewer than 20" in verdict.reason
