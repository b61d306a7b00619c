"""A diverse subset: one of each kind before a second of any."""

import numpy as np
import pytest

from karat.clean.diverse_subset import diverse
from karat.core.errors import OptionError


@pytest.mark.parametrize("gap", [" ", ""])
def test_one_of_each_kind_is_taken_before_a_second_of_any(gap):
    chance = np.random.default_rng(0)
    words = [
        [f"w{kind}x{at}" for at in range(6)] if gap else [chr(0x4E00 + 20 * kind + at) for at in range(6)]
        for kind in range(8)
    ]
    kinds = [0] * 200 + list(range(1, 8)) * 3
    texts = [gap.join(chance.choice(words[kind], 5, replace=False)) for kind in kinds]
    taken = diverse(texts, 8)
    assert sorted(kinds[at] for at in taken) == list(range(8))
    assert (diverse(texts, 20)[:8] == taken).all()
    assert sorted(diverse(texts, len(texts))) == list(range(len(texts)))


@pytest.mark.parametrize("size", [0, 4])
def test_a_size_that_cannot_be_is_refused(size):
    with pytest.raises(OptionError, match="there are 3 texts"):
        diverse(["a", "b", "c"], size)
