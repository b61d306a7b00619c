import json

import numpy as np
import pyarrow as pa
import pytest

import karat
from karat.core.errors import InputError, OptionError
from karat.label.wrong_labels import noise, wrong_labels


def planted(size=3000, classes=4, rate=0.15, certainty=3.0, seed=0):
    """Answers of a good model trained on labels of which some were turned, and which ones."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, size)
    turned = rng.random(size) < rate
    given = np.where(turned, (truth + rng.integers(1, classes, size)) % classes, truth)
    scores = rng.normal(0, 1, (size, classes))
    scores[np.arange(size), truth] += certainty
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return given, (1 - rate) * expected + rate / classes, turned


def told(table):
    return json.loads(table.schema.metadata[b"karat"])


def f1(flags, truth):
    return 2 * (flags & truth).sum() / (flags.sum() + truth.sum())


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.4])
def test_planted_wrong_labels_are_flagged_counted_and_the_precision_foretold(rate):
    given, expected, turned = planted(rate=rate, certainty=5.0)
    table = wrong_labels(given, expected)
    flags, estimate = table["is_error"].to_numpy(), told(table)
    assert f1(flags, turned) > 0.85
    assert estimate["low"] <= turned.sum() <= estimate["high"]
    assert abs(estimate["wrong"] - turned.sum()) <= 0.25 * turned.sum()
    assert abs(estimate["expected_precision"] - turned[flags].mean()) <= 0.2
    assert estimate["precision_low"] <= turned[flags].mean() <= estimate["precision_high"]
    assert estimate["precision_low"] < estimate["expected_precision"] < estimate["precision_high"]
    assert noise(given, expected).wrong == pytest.approx(estimate["wrong"])


def test_a_class_that_is_often_mistaken_for_one_other():
    rng = np.random.default_rng(3)
    given, expected, _ = planted(rate=0.0, classes=3, certainty=5.0)
    turned = (given == 0) & (rng.random(len(given)) < 0.3)
    flags = wrong_labels(np.where(turned, 1, given), expected)["is_error"].to_numpy()
    assert f1(flags, turned) > 0.85


def test_names_in_chinese_and_their_order():
    given, expected, turned = planted(classes=2, certainty=5.0)
    names = ["正面", "负面"]
    table = wrong_labels(pa.array([names[at] for at in given]), expected, classes=names)
    flags = table["is_error"].to_numpy()
    assert f1(flags, turned) > 0.85
    assert set(table["given"].to_pylist()) == set(names)
    assert all(a != b for a, b in zip(table["given"].to_pylist(), table["suggested"].to_pylist(), strict=True))
    assert wrong_labels(given, expected)["is_error"].to_pylist() == flags.tolist()


def test_a_budget_and_a_precision_move_the_cut_and_not_the_order():
    given, expected, turned = planted(certainty=2.0)
    free = wrong_labels(given, expected)
    few = wrong_labels(given, expected, budget=20)
    sure = wrong_labels(given, expected, precision=0.9)
    assert few["is_error"].to_numpy().sum() == 20
    assert few["score"].equals(free["score"])
    assert told(sure)["expected_precision"] >= 0.9 > told(free)["expected_precision"]
    assert turned[sure["is_error"].to_numpy()].mean() > 0.8
    assert wrong_labels(given, expected, budget=0)["is_error"].to_numpy().sum() == 0
    assert told(wrong_labels(given, expected, budget=0))["expected_precision"] is None


def test_the_same_answer_twice_and_for_one_class():
    given, expected, _ = planted(size=500)
    assert wrong_labels(given, expected).equals(wrong_labels(given, expected))
    alone = wrong_labels([0, 0, 0], np.ones((3, 1)))
    assert alone["is_error"].to_pylist() == [False] * 3 or told(alone)["wrong"] < 1


@pytest.mark.parametrize(
    ("given", "expected", "said"),
    [
        ([0, 1, 5], [[0.5, 0.5]] * 3, "(row 2: 5)"),
        ([0, 1, None], [[0.5, 0.5]] * 3, "row 2: None"),
        ([0.0, 1.0, float("nan")], [[0.5, 0.5]] * 3, "1 label is not among the 2 classes (row 2: nan)"),
        ([0.5, 1.0], [[0.5, 0.5]] * 2, "row 0: 0.5"),
        (["a", "b"], [[0.5, 0.5]] * 2, "labels are names ('a')"),
        ([0, 1, 1], [[0.5, 0.5], [0.9, 0.3], [0.5, 0.4]], "2 of 3 rows (row 1: 1.2, row 2: 0.9)"),
        ([0, 1, 1], [[0.5, 0.5], [np.nan, 0.3], [0.5, 0.5]], "NaN in 1 of 3 rows (row 1)"),
        ([0, 1, 1], [[0.5, 0.5], [1.5, -0.5], [0.5, 0.5]], "1 of 3 rows (row 1)"),
        ([0, 1], [[0.5, 0.5]] * 3, "2 labels and 3 rows"),
        (["a", "b", "c"], [[0.5, 0.5]] * 3, "Pass classes="),
    ],
)
def test_what_does_not_fit_is_counted_and_shown(given, expected, said):
    with pytest.raises(InputError) as refused:
        wrong_labels(given, expected)
    assert said in str(refused.value)


@pytest.mark.parametrize("option", [{"precision": 0.0}, {"precision": 1.5}, {"budget": -1}])
def test_options_that_cannot_be(option):
    with pytest.raises(OptionError):
        wrong_labels([0, 1] * 20, [[0.5, 0.5]] * 40, **option)


def test_without_probabilities_karats_own_model_answers():
    rng = np.random.default_rng(0)
    size = 400
    truth = rng.integers(0, 2, size)
    turned = rng.random(size) < 0.1
    shown = np.where(turned, 1 - truth, truth)
    data = pa.table(
        {"x": truth * 4 + rng.normal(0, 0.5, size), "z": rng.normal(0, 1, size), "y": np.array(["no", "yes"])[shown]}
    )
    table = karat.label.errors(data=data, target="y")
    assert f1(table["is_error"].to_numpy(), turned) > 0.85
    assert karat.label.noise(shown, np.eye(2)[truth]).high > 20
    with pytest.raises(OptionError):
        karat.label.errors([0, 1])


RIGHT = np.array([0, 1] * 500)
SURE = np.where(RIGHT[:, None] == np.arange(2), 0.99, 0.01)


@pytest.mark.parametrize(
    ("labels", "expected", "reason"),
    [
        (RIGHT, SURE, "no more labels than it would if all were right"),
        (RIGHT, SURE[:, 1], "no more labels than it would if all were right"),
        (RIGHT, np.full((1000, 2), 0.5), "no model beats chance"),
        (RIGHT, np.random.default_rng(0).dirichlet([1, 1], 1000), "no model beats chance"),
        (np.random.default_rng(1).permutation(RIGHT), SURE, "no model beats chance"),
        (np.zeros(1000, int), SURE, "all labels are of one class"),
        (np.repeat([0, 1], [999, 1]), SURE, "fewer than 20 labelled records"),
        (np.repeat(np.arange(300), 3), np.random.default_rng(2).dirichlet(np.ones(300), 900), "fewer than 20 labelled"),
    ],
)
def test_where_no_label_can_be_called_wrong_none_is_and_the_reason_is_said(labels, expected, reason):
    suspects = wrong_labels(labels, expected)
    assert not any(suspects["is_error"].to_pylist())
    assert reason in json.loads(suspects.schema.metadata[b"karat"])["reason"]


def test_one_probability_a_record_is_that_of_the_second_class():
    labels = RIGHT.copy()
    labels[:60] = 1 - labels[:60]
    both, second = wrong_labels(labels, SURE), wrong_labels(labels, SURE[:, 1])
    assert both.equals(second)
    assert np.flatnonzero(both["is_error"]).tolist() == list(range(60))
