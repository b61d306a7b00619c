"""Packed sequences hold the documents' tokens in order, cut at no place but the end."""

import numpy as np
import pytest

from karat.core.errors import OptionError
from karat.prepare import packing
from karat.prepare.packing import packed, stream

TOKENS, BOUNDS = np.arange(1, 11, dtype=np.uint16), np.array([0, 3, 3, 10])


@pytest.mark.parametrize("chunk", [1, 4, 1_000])
@pytest.mark.parametrize("length", [1, 4, 6, 50])
def test_what_is_packed_is_the_stream(monkeypatch, chunk, length):
    monkeypatch.setattr(packing, "CHUNK_TOKENS", chunk)
    whole = [4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 0, 0]
    order = np.array([2, 0, 1])
    assert np.concatenate(list(stream(TOKENS, BOUNDS, order, 0))).tolist() == whole
    rows = [row for part in packed(stream(TOKENS, BOUNDS, order, 0), length) for row in part.tolist()]
    assert rows == [whole[at : at + length] for at in range(0, len(whole) - length + 1, length)]


def test_a_length_of_nothing_is_told():
    with pytest.raises(OptionError):
        list(packed(iter([]), 0))
