import numpy as np
import pytest
from scipy.stats import somersd

from karat.evaluate.gini import Gini


def test_is_somers_d():
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, 200)
    given = np.round(random.random(200) * 0.8 + 0.2 * truth, 2)
    expected = somersd(truth, given).statistic
    assert Gini().score(truth, np.column_stack([1 - given, given])) == pytest.approx(expected)
