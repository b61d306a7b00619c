"""Byte for byte."""

import pytest

from karat.clean.exact_texts import exact_duplicates
from karat.core.errors import InputError


def test_only_the_same_bytes_are_the_same():
    texts = ["é", "e\u0301", "é", "", " ", "", None, None, "Σ", "σ", "12345678", "12345678\0", "12345678"]
    assert exact_duplicates(texts).to_pylist() == [
        {"row": 2, "keeper": 0},
        {"row": 5, "keeper": 3},
        {"row": 12, "keeper": 10},
    ]


def test_many_texts_of_all_lengths():
    texts = ["x" * k for k in range(300)] + ["x" * k for k in range(300)]
    found = exact_duplicates(texts)
    assert found["row"].to_pylist() == list(range(300, 600))
    assert found["keeper"].to_pylist() == list(range(300))


def test_no_texts():
    assert exact_duplicates([]).num_rows == 0
    with pytest.raises(InputError):
        exact_duplicates(3)
