"""A quick vote of a witness is never milder than the whole one."""

import numpy as np

from karat.quality.accuracy._witness import Witness


def test_the_quick_vote_agrees() -> None:
    witness = Witness("a", np.array([1.0, 2.0]), np.array([10.0, 20.0, 30.0]), np.array([1.0, 2.0, 1.0]), 3.0)
    own = np.array([0.5, 1.0, 1.5, 2.0, 9.0, np.nan, 1.5])
    numbers = np.array([13.1, 12.9, 26.1, 25.9, 26.9, 99.0, np.nan])
    whole = np.nan_to_num(witness.contradicts(numbers, own)) > 1
    quick = [witness.may_contradict(n, o) for n, o in zip(numbers.tolist(), own.tolist(), strict=True)]
    assert whole.tolist() == [True, False, True, False, True, False, False]
    assert [bool(vote) for vote in quick][:5] == whole.tolist()[:5]
