import numpy as np

from karat.evaluate.accuracy import Accuracy
from karat.evaluate.mse import MSE
from karat.evaluate.slices import slice_scores

N = 200
MASKS = {"old": np.arange(N) < 50, "web": np.arange(N) % 2 == 0, "few": np.arange(N) < 10, "all": np.ones(N, bool)}


def test_the_worst_slice_comes_first_and_small_ones_are_left_out():
    truth = np.zeros(N, int)
    answer = np.tile([0.9, 0.1], (N, 1))
    answer[:40] = [0.1, 0.9]
    found = slice_scores(MASKS, truth, answer, Accuracy())
    assert [(one.name, one.records) for one in found] == [("old", 50), ("web", 100)]
    assert found[0].score == 0.2
    assert found[0].below_rest == 0.8


def test_for_errors_the_worst_is_the_largest():
    truth = np.zeros(N)
    answer = np.where(MASKS["old"], 2.0, 1.0)
    found = slice_scores(MASKS, truth, answer, MSE())
    assert found[0].name == "old"
    assert (found[0].score, found[0].below_rest) == (4, 3)
