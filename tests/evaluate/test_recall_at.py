import numpy as np
from scipy import sparse

from karat.evaluate.recall_at import RecallAtK


def test_by_hand():
    truth = sparse.csr_array(np.array([[1, 1, 0, 0], [0, 0, 0, 1]], np.float32))
    assert RecallAtK(2).score(truth, np.array([[0, 2, 1], [3, 0, 1]])) == 0.75
    assert RecallAtK(1).score(truth, np.array([[2, 0, 1], [3, 0, 1]])) == 0.5
