import numpy as np
import pytest
from scipy import stats

from karat.evaluate.intervals import corrected_resampled_t, holm, minimal_detectable_effect


def test_corrected_resampled_t_by_hand():
    values = np.array([0.01, 0.03, 0.02, 0.04, 0.00])  # mean .02, variance .00025
    found = corrected_resampled_t(values, 0.25)
    error = np.sqrt((1 / 5 + 0.25) * 0.00025)
    assert found.error == pytest.approx(error)
    assert (found.low, found.high) == pytest.approx((0.02 - 2.7764451 * error, 0.02 + 2.7764451 * error))
    assert found.p == pytest.approx(2 * stats.t.sf(0.02 / error, 4))
    assert found.degrees == 4


def test_without_overlap_it_is_the_plain_t_test():
    values = np.random.default_rng(0).normal(0.1, 1, 20)
    assert corrected_resampled_t(values, 0.0).p == pytest.approx(stats.ttest_1samp(values, 0).pvalue)


def test_no_difference_at_all_is_no_effect():
    found = corrected_resampled_t(np.zeros(25), 0.25)
    assert (found.mean, found.low, found.high, found.p) == (0, 0, 0, 1)
    alone = corrected_resampled_t(np.array([0.5]), 0.25)
    assert (alone.low, alone.high, alone.p) == (-np.inf, np.inf, 1)
    assert corrected_resampled_t(np.array([0.1, np.nan, 0.2]), 0.25).degrees == 1


def test_it_holds_its_level_where_the_plain_test_does_not():
    """Two learners of equal worth (each reads one of two equal features), compared over 5 x 5 folds."""
    corrected = plain = 0
    for seed in range(120):
        random = np.random.default_rng(seed)
        y = np.repeat([0.0, 1.0], 50)
        off = [(y - y.mean() + random.normal(0, 2, 100)) for _ in range(2)]
        differences = []
        for _ in range(5):
            fold = random.permutation(100) % 5
            for k in range(5):
                test = fold == k
                weights = [np.polyfit(one[~test], y[~test], 1) for one in off]
                errors = [
                    ((np.polyval(w, one[test]) - y[test]) ** 2).mean() for w, one in zip(weights, off, strict=True)
                ]
                differences.append(errors[0] - errors[1])
        corrected += corrected_resampled_t(np.array(differences), 0.25).p < 0.05
        plain += corrected_resampled_t(np.array(differences), 0.0).p < 0.05
    assert corrected <= 24
    assert plain > corrected + 20


def test_an_effect_of_the_stated_size_is_seen_nine_times_in_ten():
    random = np.random.default_rng(2)
    effect = minimal_detectable_effect(1 / np.sqrt(25), 24)
    seen = [corrected_resampled_t(random.normal(effect, 1, 25), 0.0).low > 0 for _ in range(2000)]
    assert np.mean(seen) == pytest.approx(0.9, abs=0.02)


def test_holm_by_hand():
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.9, 0.8])).tolist() == [1, 1]
