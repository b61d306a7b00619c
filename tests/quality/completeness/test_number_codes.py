"""Codes of questionnaires among numbers."""

import numpy as np
import pytest

from karat.quality.completeness.number_codes import number_codes


def codes(values):
    return {code.value: code.cells for code in number_codes(*np.unique(np.array(values, float), return_counts=True))}


def test_two_codes_side_by_side_above_counts():
    late = [*np.random.default_rng(0).poisson(0.3, 2000).tolist(), *[98] * 60, *[96] * 9]
    assert codes(late) == {98: 60, 96: 9}


@pytest.mark.parametrize("values", [np.arange(0, 101), [*range(60, 99)] * 5, [*[1, 2, 3] * 300, 98]])
def test_numbers_that_belong_there_or_stand_once_are_none(values):
    assert codes(values) == {}


def test_the_words_know_of_the_other_codes():
    found = number_codes(np.array([-9.0, -1, 5, 6]), np.array([40, 41, 35, 34]))
    (words,) = [code.reason for code in found if code.value == -1]
    assert "the only negative number, other codes aside" in words
