import numpy as np
from scipy import sparse

from karat.evaluate.mrr import MRR


def test_by_hand():
    truth = sparse.csr_array(np.array([[1, 1, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], np.float32))
    assert MRR(3).score(truth, np.array([[2, 1, 0], [3, 0, 1], [0, 1, 3]])) == 0.5
