import numpy as np
import pytest
from scipy.stats import somersd

from karat.evaluate.gini import Gini
from tests.evaluate._influence import derivative


def test_is_somers_d():
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, 200)
    given = np.round(random.random(200) * 0.8 + 0.2 * truth, 2)
    expected = somersd(truth, given).statistic
    assert Gini().score(truth, np.column_stack([1 - given, given])) == pytest.approx(expected)


@pytest.mark.parametrize("classes", [2])
def test_a_record_s_influence_is_how_far_its_weight_moves_the_score(classes):
    rng = np.random.default_rng(classes)
    truth, answer = rng.integers(0, classes, 30), rng.dirichlet(np.ones(classes), 30)
    influence = Gini().influence(truth, answer)
    assert influence == pytest.approx(derivative(Gini(), truth, answer), abs=2e-3)
    assert influence.mean() == pytest.approx(0, abs=1e-12)
