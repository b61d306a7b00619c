import numpy as np
import pytest

from karat.label.boxes import Boxes
from karat.label.parts import LabelPart

SQUARE = LabelPart("cat", (0, 0, 2, 2))


def test_boxes_are_read_and_written():
    text = '[{"x": 1, "y": 2.5, "width": 3, "height": 4, "label": "cat"}, {"x": 0, "y": 0, "width": 1, "height": 1}]'
    parts = Boxes().read(text)
    assert parts == [LabelPart("cat", (1, 2.5, 3, 4)), LabelPart("", (0, 0, 1, 1))]
    assert Boxes().read(Boxes().write(parts)) == parts[::-1]  # from top to bottom


@pytest.mark.parametrize("bad", ["x", "[1]", '[{"x": 1, "y": 1, "width": 0, "height": 1}]', '[{"x": 1}]'])
def test_what_is_no_box_is_none(bad):
    assert Boxes().read(bad) is None


def test_overlap_is_intersection_over_union():
    overlap = Boxes().overlap([SQUARE, LabelPart("cat", (1, 0, 2, 2)), LabelPart("cat", (5, 5, 1, 1))])
    assert overlap[0] == pytest.approx([1, 2 / 6, 0])


def test_edges_are_averaged_by_weight():
    places = np.array([[0, 0, 2, 2], [2, 2, 2, 2]], float)
    assert Boxes().merged(places, np.ones(2)) == (1, 1, 2, 2)
    assert Boxes().merged(places, np.array([3, 1])) == (0.5, 0.5, 2, 2)


def test_answers_differ_by_what_their_boxes_do_not_share():
    assert Boxes().distance([SQUARE], [SQUARE]) == 0
    assert Boxes().distance([SQUARE], [LabelPart("dog", SQUARE.place)]) == 1
    assert Boxes().distance([SQUARE, LabelPart("cat", (9, 9, 1, 1))], [SQUARE]) == 0.5
    assert Boxes().distance([SQUARE], []) == 1
    assert Boxes().distance([], []) == 0
