import numpy as np
import pytest

from karat.core.errors import InputError
from karat.prepare.interaction_log import Log, known_pairs, matrix
from tests.quality._events import block_of, people


def test_codes_and_pairs_of_another_state_of_the_records():
    rows = [("a", "x", 1, 10), ("b", "y", 2, 20), (None, "y", 2, 30), ("a", "y", 3, 40)]
    block = block_of(rows)
    log = Log.of(block)
    assert log.shape == (2, 2)
    assert log.user.tolist() == [0, 1, -1, 0]
    assert known_pairs(log, np.arange(4)).tolist() == [[0, 0], [1, 1], [0, 1]]
    mended = block_of([("a", "y", 1, 10), ("b", "new", 2, 20)])
    assert log.pairs(mended).tolist() == [[0, 1]]


def test_matrix_counts_or_marks():
    pairs = np.array([[0, 1], [0, 1], [1, 0]])
    assert matrix(pairs, (2, 2)).toarray().tolist() == [[0, 2], [1, 0]]
    assert matrix(pairs, (2, 2), once=True).toarray().tolist() == [[0, 1], [1, 0]]


def test_cuts_run_forward_in_time_and_by_chance_without_times():
    log = Log.of(block_of(people()))
    cuts, method = log.cuts(0)
    assert method == "forward in time"
    assert len(cuts) == 4
    for cut in cuts:
        assert log.time[cut.train].max() < log.time[cut.test].min()
    timeless = Log.of(block_of([(u, i, r, None) for u, i, r, _ in people()]))
    cuts, method = timeless.cuts(0)
    assert method.startswith("at random")
    assert all(not np.intersect1d(cut.train, cut.test).size for cut in cuts)
    days = Log.of(block_of([(u, i, r, at % 2 * 86_400) for at, (u, i, r, _) in enumerate(people())]))
    assert days.cuts(0)[1].startswith("at random") or len(days.cuts(0)[0]) < 4


def test_one_item_is_an_error_in_words():
    with pytest.raises(InputError, match="column 'item' has only"):
        Log.of(block_of([("a", "x", 1, 1), ("b", "x", 1, 2)]))
