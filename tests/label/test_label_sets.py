import numpy as np

from karat.label.label_sets import LabelSets
from karat.label.parts import LabelPart


def test_lists_and_joined_labels_are_read_and_written():
    json, joined = LabelSets(), LabelSets(";")
    assert json.read('["b", "a", "b"]') == [LabelPart("b"), LabelPart("a")]
    assert json.read("a") == [LabelPart("a")]
    assert json.read("[]") == joined.read("") == []
    assert json.read('[{"x": 1}]') is json.read("[broken") is None
    assert joined.read("b; a") == [LabelPart("b"), LabelPart("a")]
    assert json.write([LabelPart("乙"), LabelPart("a")]) == '["a", "乙"]'
    assert joined.write([LabelPart("b"), LabelPart("a")]) == "a;b"


def test_labels_overlap_where_they_are_the_same_and_sets_differ_by_jaccard():
    kind = LabelSets()
    assert kind.overlap([LabelPart("a"), LabelPart("b"), LabelPart("a")]).tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    assert kind.distance([LabelPart("a"), LabelPart("b")], [LabelPart("b"), LabelPart("c")]) == 1 - 1 / 3
    assert kind.distance([], []) == 0
    assert kind.merged(np.zeros((2, 0)), np.ones(2)) == ()
