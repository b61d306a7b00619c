"""Whether answers say more about labels than chance: AUC of classes, rank correlation of numbers."""

import numpy as np
import pytest

from karat.quality.accuracy.skill import FEWEST, of_answers, of_classes, of_numbers, too_rare


def answers_with_auc(beaten, own=20, others=20):
    """Two classes; each of the first has a higher score than so many of the second."""
    scores = np.concatenate([np.full(own, beaten - 0.5), np.arange(others)]) / others
    return np.stack([scores, 1 - scores], axis=1), np.repeat([0, 1], [own, others])


@pytest.mark.parametrize(("beaten", "passes"), [(20, True), (15, True), (14, False), (10, False), (0, False)])
def test_a_class_passes_beyond_chance(beaten, passes):
    expected, labels = answers_with_auc(beaten)  # 2.58 standard errors of .0924 above .5 are .738
    skill = of_classes(expected, labels)
    assert skill.classes.tolist() == [passes, passes]
    assert (skill.reason == "") == passes
    if not passes:
        assert f"AUC {beaten / 20:.2f}" in skill.reason


def test_more_records_need_a_smaller_lead():
    scores, labels = answers_with_auc(70, 100, 100)
    assert of_classes(scores, labels).classes.all()
    scores, labels = answers_with_auc(60, 100, 100)
    assert not of_classes(scores, labels).classes.any()


def test_only_classes_with_enough_records_are_judged():
    expected, labels = answers_with_auc(20, FEWEST - 1, 40)
    skill = of_classes(expected, labels)
    assert not skill.classes.any()
    assert skill.reason == "1 of 2 classes has fewer than 20 labelled records, too few to judge"
    expected, labels = answers_with_auc(20, FEWEST, 40)
    assert of_classes(np.hstack([expected, np.zeros((60, 1))]), labels).classes.tolist() == [False, False, False]


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ([20, 20], ""),
        ([19, 200], "1 of 2 classes has fewer than 20 labelled records, too few to judge"),
        ([5, 5, 0], "2 of 2 classes have fewer than 20 labelled records, too few to judge"),
        ([10, 10, 20], ""),
        ([100, 0], "all labels are of one class: there is nothing to tell apart"),
    ],
)
def test_why_classes_are_too_rare(sizes, reason):
    assert too_rare(np.array(sizes)) == reason


def test_numbers_pass_by_their_rank_correlation():
    truth = np.arange(200.0)
    noise = np.random.default_rng(0).normal(0, 60, 200)
    assert of_numbers(np.exp(truth / 50), truth).reason == ""
    assert of_numbers(truth + noise, truth).classes.tolist() == [True]
    assert of_numbers(-truth, truth).reason.startswith("no model beats chance here (rank correlation -1.00)")
    assert not of_numbers(noise, truth).classes[0]
    assert "correlation 0.00" in of_numbers(np.ones(200), truth).reason


def test_a_correlation_must_lie_beyond_chance():
    """Risk .01 is 2.33 standard errors of 1 / sqrt(n - 1)."""
    truth = np.arange(101.0)  # the limit is .2326
    for swapped, passes in ((0.24, True), (0.22, False)):
        part = np.sqrt(1 - swapped**2)
        chance = np.random.default_rng(1)
        best = min(
            (chance.permutation(101).astype(float) for _ in range(300)),
            key=lambda other: abs(
                _ranks(swapped * truth + part * other, truth) - (0.2326 + 0.004 * (1 if passes else -1))
            ),
        )
        assert of_numbers(swapped * truth + part * best, truth).classes[0] == passes


def _ranks(first, second):
    return np.corrcoef(np.argsort(np.argsort(first)), np.argsort(np.argsort(second)))[0, 1]


def test_answers_and_labels_that_are_missing_are_left_out():
    expected, labels = answers_with_auc(20)
    gaps = np.vstack([expected, [[np.nan, 0.5]], [[0.0, 1.0]] * 30])
    more = np.concatenate([labels, [0], [-1] * 30]).astype(float)
    assert of_answers(gaps, more, "classification").classes.tolist() == [True, True]
    more[-30:] = np.nan
    assert of_answers(gaps, more, "classification").classes.tolist() == [True, True]
    truth = np.append(np.arange(50.0), np.nan)
    assert of_answers(np.append(np.arange(50.0), 9), truth, "regression").classes.tolist() == [True]
    assert of_answers(-np.arange(51.0), truth, "regression").classes.tolist() == [False]
