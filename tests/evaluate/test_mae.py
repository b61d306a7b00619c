import numpy as np

from karat.evaluate.mae import MAE


def test_by_hand():
    assert MAE().score(np.array([1.0, 2.0]), np.array([1.5, 0.5])) == 1
    assert MAE.sign == -1
