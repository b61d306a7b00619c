import numpy as np
import pytest

from karat.train.last_value import LastValue
from karat.train.seasonal_naive import SeasonalNaive


def test_numbers_are_repeated_and_gaps_get_the_mean():
    x = np.array([[1.0, 5.0], [np.nan, 6.0]], np.float32)
    model = LastValue().fit(x, np.array([3.0, 5.0]))
    assert model.predict(x).tolist() == [1.0, 4.0]
    assert SeasonalNaive().fit(x, np.array([3.0, 5.0])).predict(x).tolist() == [5.0, 6.0]


def test_classes_are_repeated_as_often_as_they_held():
    x = np.array([[0.0], [1.0], [2.0], [1.0], [np.nan]], np.float32)
    model = LastValue(classes=3).fit(x, np.array([0, 1, 2, 0, 0]))
    given = model.predict(x)
    assert given[1].tolist() == pytest.approx([0.125, 0.75, 0.125])
    assert given[4].tolist() == pytest.approx([0.6, 0.2, 0.2])
    assert given.sum(1) == pytest.approx(1)
    assert model.cost["seconds"] >= 0
