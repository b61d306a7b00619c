import numpy as np
from scipy import sparse

from karat.train.popularity import Popularity, RecentPopularity

HISTORIES = sparse.csr_array(np.array([[1, 1, 0], [1, 0, 0], [1, 0, 1]], np.float32))


def test_what_most_people_have_met_comes_first():
    model = Popularity().fit(HISTORIES)
    assert model.predict(HISTORIES[:2]).tolist() == [[3, 1, 1]] * 2


def test_what_was_met_lately_counts_more():
    ages = np.array([1.0, 0.0, 1.0, 1.0, 0.25])  # in the order of the entries
    model = RecentPopularity(half_life=0.25).fit(HISTORIES, ages)
    assert np.allclose(model.scores, [3 / 16, 1.0, 0.5])
    slow = RecentPopularity(half_life=1e9).fit(HISTORIES, ages)
    assert np.allclose(slow.scores, Popularity().fit(HISTORIES).scores)


def test_without_times_nothing_is_recent():
    for none in (None, np.zeros(0)):
        assert RecentPopularity().fit(HISTORIES, none).scores.tolist() == [3, 1, 1]
    assert len({unit.half_life for unit in RecentPopularity().competitors(10, 10)}) > 1
