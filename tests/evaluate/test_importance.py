import numpy as np

from karat.evaluate.importance import permutation_importance
from karat.evaluate.r2 import R2


def test_what_the_model_leans_on_comes_first_and_noise_is_nought():
    random = np.random.default_rng(0)
    x = random.normal(size=(2000, 4))
    truth = 3 * x[:, 0] + x[:, 1] + x[:, 2]
    groups = {"noise": [3], "pair": [1, 2], "strong": [0]}
    found = permutation_importance(x, groups, truth, lambda f: 3 * f[:, 0] + f[:, 1] + f[:, 2], R2())
    assert list(found) == ["strong", "pair", "noise"]
    assert found["noise"].mean == 0
    # Dealing an independent term anew doubles its variance in the error: 2 * 9 / 11 and 2 * 2 / 11.
    assert abs(found["strong"].mean - 18 / 11) < 0.1
    assert abs(found["pair"].mean - 4 / 11) < 0.1
    assert found["pair"].low < found["pair"].mean < found["pair"].high
