import numpy as np
import pytest

from karat.quality.accuracy.popularity_skew import PopularitySkew, gini
from tests.quality._events import block_of, judged


def rows_of(counts):
    items = np.repeat(np.arange(len(counts)), counts)
    return [(f"u{at}", f"i{item}", 3, at) for at, item in enumerate(items)]


def test_gini_of_known_distributions():
    assert gini(np.array([4, 4, 4])) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 9])) == pytest.approx(0.75)
    assert gini(np.array([1, 3])) == pytest.approx(0.25)
    assert gini(np.zeros(3)) == 0


def test_even_is_not_worth_a_word_skewed_is_and_extreme_counts():
    assert not judged(PopularitySkew(), block_of(rows_of([5] * 60)))[0]
    skewed = [200, 190, 180, *[60] * 10, *[3] * 60]
    assert [one["confidence"] for one in judged(PopularitySkew(), block_of(rows_of([*skewed, *[60] * 20])))[0]] == [0.3]
    found, _ = judged(PopularitySkew(), block_of(rows_of([900, *[2] * 99])))
    assert found[0]["confidence"] == 0.6
    assert "half of all events fall on 1 of 100 items" in found[0]["message"]
