import numpy as np

from karat.evaluate.accuracy import Accuracy


def test_the_likeliest_class_counts_and_ties_go_to_the_first():
    answer = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5], [0.4, 0.6]])
    assert Accuracy().score(np.array([0, 1, 1, 0]), answer) == 0.5
