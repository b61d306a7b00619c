import numpy as np
import pytest

from karat.kernels.tree_growth import (
    BIN,
    FEATURE,
    GAIN,
    GAPS_LEFT,
    LEFT,
    RIGHT,
    START,
    STOP,
    VALUE,
    add_leaves,
    grown,
    written,
)

FIRST = np.array([0, 5, 10])  # two features of four bins each, and one for gaps


def tree(codes, gradients, leaves=8, gaps=(0, 0), directions=(0, 0), least=1):
    n = len(gradients)
    work = np.empty((min(leaves, n // least) + 1, 10, 3))
    gradients, hessians = np.array(gradients, np.float32), np.ones(n, np.float32)
    limits = (0.0, 1e-3, least)
    given = np.array(codes, np.uint8), FIRST, np.array(gaps), 255, np.array(directions), work, gradients, hessians
    return grown(*given, np.zeros(0, np.uint32), leaves, 0, limits)


def test_the_split_that_gains_most_comes_first():
    whole, numbers, records, used = tree([[0, 0, 1, 1], [0, 1, 0, 1]], [-1, -1.5, 3, 3], leaves=2)
    assert (whole[0, FEATURE], whole[0, BIN], used) == (0, 0, 0)
    assert [whole[0, LEFT], whole[0, RIGHT]] == [1, 2]
    assert records.tolist() == [0, 1, 2, 3]
    assert numbers[1:, VALUE].tolist() == pytest.approx([1.25, -3])
    assert numbers[0, GAIN] == pytest.approx(1.25 * 2.5 + 3 * 6)
    assert whole[1:, START : STOP + 1].tolist() == [[0, 2], [2, 4]]


def test_a_leaf_has_its_least_records_and_a_pure_one_is_not_split():
    assert len(tree([[0, 1, 1, 1], [0, 0, 0, 0]], [9, -1, -1, -1], least=2)[0]) == 1
    assert len(tree([[0, 1, 2, 3], [0, 0, 0, 0]], [0, 0, 0, 0])[0]) == 1
    assert len(tree([[0, 1, 2, 3], [0, 0, 0, 0]], [1, 1, 4, 4])[0]) == 3


def test_gaps_go_where_they_gain():
    for gap_gradient, left in ((-2.0, 1), (2.0, 0)):
        whole, *_ = tree([[0, 0, 1, 1, 255], [0] * 5], [-2, -2, 2, 2, gap_gradient], leaves=2, gaps=(1, 0))
        assert whole[0, GAPS_LEFT] == left
        assert whole[1, STOP] == 2 + left


def test_an_answer_that_may_only_fall_does():
    codes, gradients = [[0, 1, 2, 3], [0, 1, 0, 1]], [3, 1, -1, -3]  # values rise along the first feature
    assert tree(codes, gradients)[0][0, FEATURE] == 0
    whole, numbers, *_ = tree(codes, gradients, directions=(-1, 0))
    assert whole[whole[:, LEFT] > 0, FEATURE].tolist() == [1]
    assert numbers[1:, VALUE].tolist() == pytest.approx([-1, 1])


def test_answers_and_nodes_are_written_with_the_rate():
    from sklearn.ensemble._hist_gradient_boosting.common import PREDICTOR_RECORD_DTYPE

    whole, numbers, records, _ = tree([[0, 0, 1, 1], [0, 1, 0, 1]], [-1, -1.5, 3, 3])
    out, bounds = np.zeros(len(whole), PREDICTOR_RECORD_DTYPE), np.arange(10.0)
    written(whole, numbers, 0.5, bounds, FIRST, out)
    answers = np.ones(4)
    add_leaves(answers, whole, numbers, records)
    assert answers.tolist() == pytest.approx([1.5, 1.75, -0.5, -0.5])
    assert out["left"][0] == 1  # the left child comes right after its parent
    assert out["count"].tolist()[0] == 4
    assert out["num_threshold"][0] == 0
    assert (out["is_leaf"] == (out["left"] == 0)).all()
    assert sorted(set(out["value"][out["is_leaf"] == 1].round(9).tolist())) == [-1.5, 0.5, 0.75]
