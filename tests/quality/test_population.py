import numpy as np
import pytest

from karat.quality.population import index_of, population_stability


def test_by_hand():
    assert index_of(np.array([0.5, 0.5]), np.array([0.25, 0.75])) == pytest.approx(0.25 * np.log(3))


def test_the_same_population_is_stable_and_another_is_not():
    random = np.random.default_rng(0)
    before = random.normal(size=3_000)
    alike = [population_stability(before, random.normal(size=500)) for _ in range(20)]
    assert np.mean(alike) < 0.02
    assert population_stability(before, random.normal(0.5, 1, 500)) > 0.15
    gaps = np.where(random.random(500) < 0.3, np.nan, random.normal(size=500))
    assert population_stability(before, gaps) > 1
