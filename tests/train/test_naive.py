import numpy as np

from karat.train.naive import Naive


def test_shares_and_means():
    features = np.zeros((4, 2), np.float32)
    assert (
        Naive(classes=3).fit(features, np.array([0, 1, 1, 1])).predict(features[:2]).tolist() == [[0.25, 0.75, 0]] * 2
    )
    model = Naive().fit(features, np.array([1.0, 2.0, 6.0, 3.0]))
    assert model.predict(features).tolist() == [3.0] * 4
    assert model.cost["seconds"] >= 0
