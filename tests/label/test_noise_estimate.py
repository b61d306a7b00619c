import numpy as np
import pytest

from karat.label import noise_estimate
from karat.label.noise_estimate import NoiseEstimate, _anchored, _further, _scaled, _sharpness, doubt, tilted


def planted(size=3000, classes=4, rate=0.15, certainty=5.0, seed=0):
    """Answers of a good model trained on labels of which some were turned, and which ones."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, size)
    turned = rng.random(size) < rate
    labels = np.where(turned, (truth + rng.integers(1, classes, size)) % classes, truth)
    scores = rng.normal(0, 1, (size, classes))
    scores[np.arange(size), truth] += certainty
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return labels, (1 - rate) * expected + rate / classes, turned, truth


def test_every_kind_of_belief_has_its_weights():
    for weights in (noise_estimate.WEIGHTS, noise_estimate.CREDENCE, noise_estimate.HIGHER):
        assert len(weights) == 7
        assert sum(weights) == pytest.approx(1)


@pytest.mark.parametrize("rate", [0.05, 0.2, 0.4])
def test_the_stated_doubt_counts_the_wrong_labels_and_puts_them_first(rate):
    labels, expected, turned, truth = planted(rate=rate)
    answer = doubt(expected, labels)
    assert answer.stated.sum() == pytest.approx(turned.sum(), rel=0.25)
    first = np.argsort(-answer.wrong)[: turned.sum()]
    assert turned[first].mean() > 0.85
    assert answer.weights.sum() == pytest.approx(1)
    assert answer.credence.sum() == pytest.approx(1)
    assert answer.wrong == pytest.approx(answer.weights @ answer.beliefs)
    assert ((answer.beliefs >= -1e-9) & (answer.beliefs <= 1)).all()
    assert (answer.likely[turned] == truth[turned]).mean() > 0.9
    assert (answer.likely != labels).all()


def test_the_higher_counts_are_believed_of_a_good_model_and_not_of_a_weak_one():
    labels, expected, _, truth = planted(rate=0.02)
    assert doubt(expected, labels).credence[[1, 4]] == pytest.approx(0.2, abs=0.01)
    rng = np.random.default_rng(1)
    weak = np.full((3000, 4), 0.25) + rng.normal(0, 0.01, (3000, 4))
    weak[:900] = 0.01 + 0.96 * np.eye(4)[truth[:900]]  # sure of a third, and of nothing else
    assert doubt(weak / weak.sum(axis=1, keepdims=True), labels).credence[[1, 4]].tolist() == [0, 0]


def test_a_single_class_has_no_other():
    answer = doubt(np.ones((3, 1)), np.zeros(3, np.int64))
    assert answer.likely.tolist() == [0, 0, 0]
    assert answer.stated.sum() < 1


def test_what_is_stated_goes_by_credence():
    beliefs = np.array([[1.0, 0.0], [0.0, 0.5]])
    answer = NoiseEstimate(np.zeros(2), beliefs, np.array([1.0, 0.0]), np.array([0.25, 0.75]), np.zeros(2, np.int64))
    assert answer.stated.tolist() == [0.25, 0.375]


@pytest.mark.parametrize("count", [0.1, 1.0, 2.5])
def test_tilted_doubts_sum_to_the_count_and_keep_their_order(count):
    out = tilted(np.array([0.1, 0.5, 0.9]), count)
    assert out.sum() == pytest.approx(count, rel=1e-6)
    assert (np.diff(out) > 0).all()
    odds = out / (1 - out)
    assert odds[1] / odds[0] == pytest.approx(9)  # every odds by the same factor
    assert odds[2] / odds[1] == pytest.approx(9)


def test_certain_doubts_can_be_tilted():
    assert tilted(np.array([0.0, 1.0]), 1.0).sum() == pytest.approx(1.0, abs=1e-6)


def test_the_surest_of_each_predicted_class_anchor_the_rate():
    # 60 records of class 0: the surest 12 (a fifth) are looked at, of which the 3 surest contradict their label
    sureness = np.linspace(0.99, 0.6, 60)
    expected = np.column_stack([sureness, 1 - sureness])
    labels = np.array([1] * 3 + [0] * 57)
    flips, rate, seen = _anchored(expected, np.zeros(60, np.int64), labels)
    assert seen == 12
    assert rate == pytest.approx(3.5 / 13)
    # class 0: 3 of 12, and fifteen records at the common rate; class 1, never predicted: the common rate alone
    assert flips[0, 1] == pytest.approx((3 + 15 * rate) / 27)
    assert flips[1, 0] == pytest.approx(rate)
    assert flips.sum(axis=1) == pytest.approx(1)


def test_of_a_small_class_ten_are_looked_at_and_all_of_a_smaller_one():
    expected = np.array([[0.9, 0.1]] * 30 + [[0.2, 0.8]] * 4)
    assert _anchored(expected, expected.argmax(axis=1), np.zeros(34, np.int64))[2] == 14


def test_flips_are_scaled_up_to_nine_tenths():
    flips = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert _scaled(flips, 2.0) == pytest.approx(np.array([[0.8, 0.2], [0.4, 0.6]]))
    assert _scaled(flips, 100.0) == pytest.approx(np.array([[0.55, 0.45], [0.9, 0.1]]))
    assert _scaled(np.eye(2), 3.0) == pytest.approx(np.eye(2))


def test_probabilities_too_sharp_or_too_flat_are_found_out():
    rng = np.random.default_rng(0)
    own = rng.uniform(0.5, 1, 4000)
    log = np.log(np.column_stack([own, 1 - own]))
    labels = (rng.random(4000) > own).astype(np.int64)
    honest = _sharpness(log, labels, np.eye(2))
    assert honest == pytest.approx(1.0, rel=0.05)
    assert _sharpness(log * 2, labels, np.eye(2)) == pytest.approx(0.5, rel=0.05)
    assert _sharpness(log / 4, labels, np.eye(2)) == pytest.approx(4.0, rel=0.05)


def test_a_truth_sharper_than_its_labels_doubts_the_unsure_further():
    true = np.array([[0.6, 0.4], [0.0, 1.0], [0.4, 0.6]])
    own = true[:, 1]
    wrong = np.array([0.5, 0.0, 0.2])
    # of the first, squared and scaled: 0.16 / 0.52, which is 0.0923 less than 0.4, a share of 3/13
    assert _further(true, own, wrong, 1.0) == pytest.approx([0.5 + 0.5 * 3 / 13, 0.0, 0.2])
    assert _further(true, own, wrong, 0.5) == pytest.approx([0.5 + 0.25 * 3 / 13, 0.0, 0.2])
