import numpy as np
import pytest

from karat.evaluate.reason_codes import in_points, reason_codes


def test_the_strongest_parts_come_first_and_helpful_ones_are_no_reason():
    told = reason_codes(["age", "debt", "home"], ["19", "9", "own"], np.array([0.2, 1.0, -0.5]))
    assert [(one.name, one.value, one.points) for one in told] == [("debt", "9", 1.0), ("age", "19", 0.2)]


def test_points_above_the_best_that_could_be():
    told = reason_codes(["age", "home"], ["19", "own"], np.array([0.2, -0.5]), np.array([0.1, -2.0]))
    assert [one.name for one in told] == ["home", "age"]


def test_the_lenders_scale():
    assert in_points(np.log(np.array([1 / 50, 1 / 100]))) == pytest.approx([600, 620])
