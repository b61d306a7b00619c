"""How likely a label is wrong, by hand for one belief and fitted to labels that were spoiled."""

import numpy as np
import pytest

from karat.quality.accuracy._label_noise import RATES, LabelNoise, _anchored, fit


def belief(*parts):
    sharpness, rates, weights = zip(*parts, strict=True)
    return LabelNoise(np.array(sharpness), np.array(rates), np.array(weights))


def test_one_belief_of_two_classes():
    wrong = belief((1.0, 0.1, 1.0)).wrong(np.array([[0.8, 0.2], [0.8, 0.2]]), np.array([1, 0]))
    assert wrong == pytest.approx([0.08 / 0.26, 0.02 / 0.74])


def test_among_more_classes_a_mistake_lands_on_any_other():
    wrong = belief((1.0, 0.1, 1.0)).wrong(np.array([[0.8, 0.15, 0.05]]), np.array([1]))
    assert wrong == pytest.approx([0.05 * 0.85 / (0.05 * 0.85 + 0.9 * 0.15)])


def test_sharper_and_flatter_probabilities():
    expected = np.array([[0.8, 0.2]])
    assert belief((2.0, 0.1, 1.0)).true(expected)[0] == pytest.approx([0.64 / 0.68, 0.04 / 0.68])
    assert belief((0.5, 0.1, 1.0)).true(expected)[0] == pytest.approx([2 / 3, 1 / 3])
    mixed = belief((1.0, 0.1, 0.25), (2.0, 0.1, 0.25), (1.0, 0.3, 0.5)).true(expected)[0]
    assert mixed == pytest.approx([0.75 * 0.8 + 0.25 * 0.64 / 0.68, 0.75 * 0.2 + 0.25 * 0.04 / 0.68])


def test_beliefs_are_weighed():
    expected, labels = np.array([[0.8, 0.2]]), np.array([1])
    first, second = (belief((1.0, rate, 1.0)).wrong(expected, labels)[0] for rate in (0.1, 0.3))
    both = belief((1.0, 0.1, 0.25), (1.0, 0.3, 0.75)).wrong(expected, labels)[0]
    assert both == pytest.approx(0.25 * first + 0.75 * second)


def test_impossible_labels_are_wrong_for_sure_and_nothing_is_not_a_number():
    wrong = belief((1.0, 0.02, 1.0)).wrong(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([1, 0]))
    assert wrong[0] > 0.99
    assert wrong[1] < 1e-6


def labelled(rate, confident=4.0, size=2000, classes=3, seed=1):
    """Out-of-fold answers of a calibrated model, labels of which some are spoiled, and which those are."""
    chance = np.random.default_rng(seed)
    expected = chance.dirichlet([1 / confident] * classes, size)
    truth = np.array([chance.choice(classes, p=row) for row in expected])
    spoiled = chance.random(size) < rate
    return expected, np.where(spoiled, (truth + chance.integers(1, classes, size)) % classes, truth), spoiled


def rate_of(noise):
    return float(noise.weights @ noise.rates)


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.2])
def test_the_rate_of_wrong_labels_is_found(rate):
    expected, labels, spoiled = labelled(rate)
    noise = fit(expected, labels)
    assert rate_of(noise) == pytest.approx(rate, abs=0.03)
    assert noise.weights.sum() == pytest.approx(1)
    wrong = noise.wrong(expected, labels)
    assert ((wrong >= 0) & (wrong <= 1)).all()
    if rate:
        assert wrong[spoiled].mean() > 4 * wrong[~spoiled].mean()
        assert wrong.mean() == pytest.approx(rate, abs=0.03)


def test_an_unsure_model_explains_surprises_by_itself():
    expected, labels, _ = labelled(0.0, confident=0.5)
    assert rate_of(fit(expected, labels)) < 0.03


def test_an_overconfident_model_is_flattened():
    expected, labels, _ = labelled(0.0)
    sharp = expected**3 / (expected**3).sum(axis=1, keepdims=True)
    noise = fit(sharp, labels)
    assert float(noise.weights @ noise.sharpness) < 0.6


def test_the_order_of_records_and_of_classes_does_not_matter():
    expected, labels, _ = labelled(0.1, size=400)
    noise, order = fit(expected, labels), np.random.default_rng(2).permutation(400)
    again = fit(expected[order], labels[order])
    np.testing.assert_allclose(again.weights, noise.weights, atol=1e-9)
    turned = fit(expected[:, [2, 0, 1]], (labels + 1) % 3)
    assert rate_of(turned) == pytest.approx(rate_of(noise))


def test_answers_that_are_all_alike_explain_surprises_by_themselves():
    expected = np.tile([[0.97, 0.03], [0.03, 0.97]], (500, 1))
    labels = np.tile([0, 1], 500)
    labels[::10] = 1
    assert rate_of(fit(expected, labels)) < 0.02


def test_the_share_of_the_surest_answers_that_are_contradicted():
    chances = np.array([0.9, 0.8, 0.7, 0.6, 0.55, 0.52, 0.3, 0.2, 0.1])
    expected = np.stack([chances, 1 - chances], axis=1)
    # a fifth, rounded up, of six and of three answers
    assert _anchored(expected, np.array([0, 1, 0, 0, 0, 0, 1, 1, 1])) == pytest.approx(1 / 3)
    assert _anchored(expected, np.array([0, 0, 1, 1, 1, 1, 0, 0, 1])) == 0
    assert _anchored(expected[:0], np.zeros(0, int)) == 0


def test_the_rate_is_that_of_the_surest_answers_where_they_say_a_little_more():
    expected, labels, _ = labelled(0.2, size=600, seed=0)
    noise = fit(expected, labels)
    assert len(set(noise.rates.tolist())) == 1
    assert noise.rates[0] == RATES[np.abs(RATES - _anchored(expected, labels)).argmin()]


@pytest.mark.parametrize(("rate", "seed"), [(0.05, 6), (0.1, 3)])  # far more than the curve, and less
def test_else_several_rates_are_believed(rate, seed):
    expected, labels, _ = labelled(rate, size=600, seed=seed)
    assert len(set(fit(expected, labels).rates.tolist())) > 5
