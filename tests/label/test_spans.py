import numpy as np
import pytest

from karat.label.parts import LabelPart
from karat.label.spans import Spans


def test_spans_are_read_and_written():
    text = '[{"start": 4, "end": 9, "label": "PER"}, {"start": 0, "end": 2}]'
    parts = Spans().read(text)
    assert parts == [LabelPart("PER", (4, 9)), LabelPart("", (0, 2))]
    assert Spans().write(parts) == '[{"start": 0, "end": 2}, {"start": 4, "end": 9, "label": "PER"}]'
    assert Spans().read("[]") == []


@pytest.mark.parametrize(
    "bad", ["x", '["a"]', '[{"start": 3, "end": 3}]', '[{"start": -1, "end": 3}]', '[{"start": 1}]']
)
def test_what_is_no_span_is_none(bad):
    assert Spans().read(bad) is None


def test_overlap_is_characters_in_common_over_characters_covered():
    overlap = Spans().overlap([LabelPart("a", (0, 4)), LabelPart("a", (2, 6)), LabelPart("a", (6, 8))])
    assert overlap[0] == pytest.approx([1, 2 / 6, 0])


def test_edges_are_those_most_of_the_weight_draws():
    places = np.array([[0, 5], [0, 6], [3, 6]], float)
    assert Spans().merged(places, np.ones(3)) == (0, 6)
    assert Spans().merged(places, np.array([1, 1, 9])) == (3, 6)


def test_answers_differ_by_the_characters_they_label_otherwise():
    a, b = [LabelPart("P", (0, 4))], [LabelPart("P", (2, 4))]
    assert Spans().distance(a, b) == 0.5
    assert Spans().distance(a, [LabelPart("Q", (0, 4))]) == 1
    assert Spans().distance([], []) == 0
