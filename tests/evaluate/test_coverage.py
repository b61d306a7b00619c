import numpy as np
from scipy import sparse

from karat.evaluate.coverage import CatalogueCoverage


def test_by_hand():
    truth = sparse.csr_array((2, 8), dtype=np.float32)
    assert CatalogueCoverage(2).score(truth, np.array([[0, 1, 2], [1, -1, -1]])) == 0.25
