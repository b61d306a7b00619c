"""Lists of items, the best first; what somebody has met is not shown, however many users are asked at once."""

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from karat.flow import ranked_lists as module
from karat.flow.ranked_lists import ranked_lists

HISTORIES = csr_matrix(np.array([[1, 0, 0, 0], [0, 0, 0, 0], [0, 1, 1, 1]]))


class ByPlace:
    """Scores 10, 20, 30, 40 for all."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def predict(self, histories: Any) -> np.ndarray:
        self.asked.append(histories.shape[0])
        return np.tile([10.0, 20.0, 30.0, 40.0], (histories.shape[0], 1))


def test_what_was_met_is_left_out_and_gaps_are_marked() -> None:
    items, scores = ranked_lists(ByPlace(), HISTORIES, 3)
    assert items.tolist() == [[3, 2, 1], [3, 2, 1], [0, -1, -1]]
    assert scores[:2].tolist() == [[40, 30, 20], [40, 30, 20]]
    assert scores[2, 0] == 10
    assert np.isnan(scores[2, 1:]).all()


@pytest.mark.parametrize(("cells", "batches"), [(4, [1, 1, 1]), (8, [2, 1]), (12, [3]), (1, [1, 1, 1])])
def test_users_are_asked_some_at_a_time(monkeypatch: pytest.MonkeyPatch, cells: int, batches: list[int]) -> None:
    whole = ranked_lists(ByPlace(), HISTORIES, 2)
    monkeypatch.setattr(module, "MAX_CELLS", cells)
    model = ByPlace()
    parts = ranked_lists(model, HISTORIES, 2)
    assert model.asked == batches
    assert (whole[0] == parts[0]).all()
    assert np.array_equal(whole[1], parts[1], equal_nan=True)


def test_nobody_gets_no_list() -> None:
    items, scores = ranked_lists(ByPlace(), HISTORIES[:0], 3)
    assert items.shape == scores.shape == (0, 3)
