import numpy as np
import pytest
from scipy.sparse import csr_matrix

from karat.flow.text_ensemble import by_meaning, by_words, meanings, weighed


def worded(size=400, seed=0):
    """Counts of words that go with one of two classes, or with neither."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, size)
    rates = np.full((2, 60), 0.1)
    rates[0, :10] = rates[1, 10:20] = 0.6
    return csr_matrix(rng.poisson(rates[truth]).astype(np.float64)), truth


@pytest.mark.parametrize("view", ["words", "meaning"])
def test_a_view_answers_rightly_though_a_quarter_of_its_labels_is_wrong(view):
    features, truth = worded()
    given = np.where(np.random.default_rng(1).random(400) < 0.25, 1 - truth, truth)
    if view == "words":
        answer = by_words(features[:300], given[:300], features[300:], 2)
    else:
        spots = meanings(features, 0)
        assert np.allclose(np.linalg.norm(spots, axis=1), 1, atol=1e-5)
        assert np.array_equal(spots, meanings(features, 0))
        answer = by_meaning(spots[:300], given[:300], spots[300:], 2, 0)
    assert (answer.argmax(axis=1) == truth[300:]).mean() > 0.9
    assert np.allclose(answer.sum(axis=1), 1)


def test_the_better_view_weighs_more_and_too_sure_a_one_is_toned_down():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 1000)
    score = (2 * truth - 1) * 1.5 + rng.normal(0, 1, 1000)
    told = np.column_stack([np.exp(-score), np.exp(score)])
    told /= told.sum(axis=1, keepdims=True)
    loud = told**8 / (told**8).sum(axis=1, keepdims=True)
    noise = rng.dirichlet([1, 1], 1000)
    both = weighed([loud, noise], truth)
    assert (both.argmax(axis=1) == told.argmax(axis=1)).mean() > 0.95
    own = both[np.arange(1000), truth]
    assert -np.log(own).mean() < 0.8 * -np.log(np.maximum(loud[np.arange(1000), truth], 1e-9)).mean()


def test_what_was_not_answered_stays_so_and_few_labels_weigh_nothing():
    first, second = np.array([[0.9, 0.1], [np.nan, np.nan]]), np.array([[0.5, 0.5], [np.nan, np.nan]])
    out = weighed([first, second], np.array([0, -1]))
    assert np.isnan(out[1]).all()
    assert out[0] == pytest.approx([0.75, 0.25])
