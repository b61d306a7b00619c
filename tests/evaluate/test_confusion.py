import numpy as np

from karat.evaluate.confusion import confusion_matrix, precision_recall


def test_counts_by_hand():
    found = confusion_matrix(np.array([0, 0, 1, 2, 2]), np.array([0, 1, 1, 0, 2]), 3)
    assert found.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 1]]


def test_classes_that_neither_occur_nor_are_found_are_left_out():
    precision, recall, f1 = precision_recall(np.array([0, 2]), np.eye(4)[[0, 1]])
    assert precision.tolist() == [1, 0, 0]
    assert recall.tolist() == [1, 0, 0]
    assert f1.tolist() == [1, 0, 0]
