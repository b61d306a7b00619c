import numpy as np
import pytest
from scipy import sparse

from karat.train.ranking_models import ItemFactors, ItemWeights, mean_item

HISTORIES = sparse.csr_array(np.array([[1, 1, 0], [0, 0, 0], [0, 0, 1]], np.float32))
ITEMS = np.array([[1.0, 0.0], [3.0, 2.0], [0.0, -1.0]])


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array])
def test_scores_are_sums_over_a_history(form):
    weights = np.array([[0, 2.0, 3.0], [5.0, 0, 7.0], [1.0, 1.0, 0]])
    scores = ItemWeights(form(weights)).predict(HISTORIES)
    assert isinstance(scores, np.ndarray)
    assert scores.tolist() == [[5, 2, 10], [0, 0, 0], [1, 1, 0]]


def test_the_mean_item_of_a_history():
    assert mean_item(HISTORIES, ITEMS).tolist() == [[2, 1], [0, 0], [0, -1]]


def test_histories_are_folded_in_by_their_mean_where_there_is_a_way():
    model = ItemFactors(ITEMS, np.array([0.0, 1.0, 0.0]), 0.1, 40.0, fold=np.array([[2.0, 0.0], [0.0, 3.0]]))
    assert model.folded(HISTORIES).tolist() == [[4, 3], [0, 0], [0, -3]]
    assert model.predict(HISTORIES).tolist() == [[4, 19, -3], [0, 1, 0], [0, -5, 3]]


def test_else_by_least_squares():
    model = ItemFactors(ITEMS, np.zeros(3), 0.5, 4.0)
    folded = model.folded(HISTORIES)
    for row, history in enumerate(HISTORIES.toarray()):
        confidence = 1 + 4.0 * history
        left = ITEMS.T @ (confidence[:, None] * ITEMS) + 0.5 * np.eye(2)
        assert folded[row] == pytest.approx(np.linalg.solve(left, ITEMS.T @ (confidence * history)))
    assert model.predict(HISTORIES) == pytest.approx(folded @ ITEMS.T)


def test_people_met_in_training_have_factors_of_their_own():
    known = np.array([[1.0, 1.0], [0.0, 2.0]])
    model = ItemFactors(ITEMS, np.array([10.0, 0.0, 0.0]), 0.1, 1.0, known=known)
    assert model.predict_known(np.array([1, 0, 1])).tolist() == [[10, 4, -2], [11, 5, -1], [10, 4, -2]]
