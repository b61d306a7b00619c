"""Lists of items for many users, some users at a time: scores of all users by all items would fill the memory."""

from typing import Any

import numpy as np

MAX_CELLS = 4_000_000  # cost: 32 MB of float64 scores at a time


def ranked_lists(model: Any, histories: Any, places: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, places) items, best first, -1 where none is left, and their scores; what a user has met is not shown.

    Parameters
    ----------
    model : Model
        Predicts scores (n, items) for histories.
    histories : CSR, shape (n, items)
    """
    from karat.evaluate.hit_rate import top_items

    count = max(1, MAX_CELLS // max(1, histories.shape[1]))
    lists, scores = [np.zeros((0, places), np.int64)], [np.zeros((0, places))]
    for start in range(0, histories.shape[0], count):
        some = histories[start : start + count]
        answer = np.array(model.predict(some), np.float64)
        shown = top_items(answer, some, places)
        lists.append(shown)
        scores.append(np.where(shown >= 0, np.take_along_axis(answer, np.maximum(shown, 0), axis=1), np.nan))
    return np.concatenate(lists), np.concatenate(scores)
