import numpy as np
import pytest

from karat.quality.accuracy import label_judge
from karat.quality.accuracy.label_beliefs import ALL_RIGHT
from karat.quality.accuracy.label_judge import MAX_LABELS, fit, fitted_on_sample, sample_of


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


def doubt(expected, labels):
    return fit(expected, labels).beliefs(expected, labels)


def test_every_kind_of_belief_has_its_weights():
    for weights in (label_judge.WEIGHTS, label_judge.CREDENCE, label_judge.HIGHER):
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


def test_a_record_alone_is_judged_as_among_others():
    labels, expected, _, _ = planted(size=600)
    judge = fit(expected, labels)
    whole = judge.beliefs(expected, labels)
    parts = [judge.beliefs(expected[at : at + 1], labels[at : at + 1]) for at in range(600)]
    assert np.concatenate([part.wrong for part in parts]).tolist() == whole.wrong.tolist()
    assert np.concatenate([part.likely for part in parts]).tolist() == whole.likely.tolist()


def test_planted_wrong_labels_are_flagged_counted_and_proven():
    labels, expected, turned, _ = planted(size=1000, rate=0.1)
    judge = fit(expected, labels)
    flags = judge.flags(judge.beliefs(expected, labels), labels)
    assert 2 * (flags & turned).sum() / (flags.sum() + turned.sum()) > 0.85
    assert judge.noise.low <= turned.sum() <= judge.noise.high
    assert judge.noise.proven
    assert judge.proven.all()
    assert judge.noise.flagged == flags.sum()


@pytest.mark.parametrize("certainty", [0.5, 2.0])
def test_labels_drawn_from_the_models_own_probabilities_prove_nothing(certainty):
    rng = np.random.default_rng(5)
    scores = np.exp(rng.normal(0, certainty, (1500, 3)))
    expected = scores / scores.sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(3, p=row) for row in expected])
    noise = fit(expected, labels).noise
    assert not noise.proven
    assert noise.low == 0


def test_a_model_that_is_never_contradicted_flags_nothing():
    labels = np.array([0, 1] * 100)
    expected = np.where(labels[:, None] == np.arange(2), 0.99, 0.01)
    judge = fit(expected, labels)
    assert not judge.flags(judge.beliefs(expected, labels), labels).any()
    assert judge.noise.reason == ALL_RIGHT


def test_of_many_labels_a_sample_is_learned_from():
    labels, expected, turned, _ = planted(size=MAX_LABELS + 2000, classes=2, rate=0.1)
    judge = fitted_on_sample(expected, labels)
    assert judge.noise.labels == len(labels)
    assert judge.noise.low <= turned.sum() <= judge.noise.high
    assert judge.flags(judge.beliefs(expected, labels), labels).sum() == pytest.approx(turned.sum(), rel=0.2)
    rows = np.arange(len(labels)) + 7
    assert len(sample_of(rows)) == MAX_LABELS
    assert sample_of(rows[:10]).tolist() == list(range(10))
