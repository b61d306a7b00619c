import numpy as np

from karat.train.seasonal_naive import SeasonalNaive


def test_the_value_of_a_season_ago():
    x = np.array([[0.0, 1.0], [0.0, 0.0], [1.0, np.nan]], np.float32)
    model = SeasonalNaive(classes=2).fit(x, np.array([1, 0, 1]))
    assert model.predict(x).argmax(1).tolist() == [1, 0, 1]
