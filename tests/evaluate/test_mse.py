import numpy as np

from karat.evaluate.mse import MSE


def test_by_hand():
    assert MSE().score(np.array([1.0, 2.0]), np.array([1.0, 4.0])) == 2
    assert MSE.sign == -1
    assert MSE.tasks == {"regression"}
