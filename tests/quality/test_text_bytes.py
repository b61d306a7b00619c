"""Texts as bytes in one piece, and in stretches of bounded size."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from karat.quality import text_bytes as module
from karat.quality.text_bytes import slices, text_array, text_bytes


def texts_of(array):
    data, offsets = text_bytes(array)
    return [data[a:b].tobytes().decode() for a, b in itertools.pairwise(offsets)]


@pytest.mark.parametrize(
    "texts",
    [
        ["ab", None, "中"],
        ("ab", None, "中"),
        pa.array(["ab", None, "中"], pa.string()),
        pa.array(["x", "ab", None, "中"], pa.large_string()).slice(1),
        pa.chunked_array([["ab"], [None, "中"]], pa.string()),
    ],
)
def test_any_sequence_of_texts_is_one_array_of_large_strings(texts):
    array = text_array(texts)
    assert array.type == pa.large_string()
    assert array.to_pylist() == ["ab", None, "中"]
    assert texts_of(array) == ["ab", "", "中"]


def test_no_texts_at_all():
    assert text_array(pa.chunked_array([], pa.string())).to_pylist() == []
    assert texts_of(text_array([])) == []
    assert texts_of(text_array([None, ""])) == ["", ""]
    assert list(slices(text_array([]))) == []


@pytest.mark.parametrize(
    ("sizes", "begins"),
    [
        ([4, 4, 4], [0, 2]),  # two fill a stretch
        ([4, 5, 4], [0, 1, 2]),
        ([20, 1, 1], [0, 1]),  # a longer text stands alone
        ([1, 20, 1], [0, 1, 2]),
        ([8], [0]),
        ([0, 0, 9, 0], [0, 2, 3]),
    ],
)
def test_stretches_of_at_most_so_many_bytes(monkeypatch, sizes, begins):
    monkeypatch.setattr(module, "SLICE_BYTES", 8)
    array = text_array(["x", *("a" * size for size in sizes)]).slice(1)
    parts = list(slices(array))
    assert [begin for begin, _ in parts] == begins
    assert np.concatenate([part.to_numpy(zero_copy_only=False) for _, part in parts]).tolist() == array.to_pylist()
