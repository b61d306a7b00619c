"""Validation's noise: what a fold without a score adds to it."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.lift.choose import _Ballot


def block(size):
    schema = Schema((Column("x", Role.NUMBER), Column("y", Role.TARGET)), "classification")
    table = pa.table({"x": [str(at) for at in range(size)], "y": ["a", "b"] * (size // 2)})
    return Block(np.arange(size), table, schema)


@pytest.mark.parametrize(
    ("moved", "wanted"),
    [([0.3, 0.3, np.nan, np.nan], 0.3), ([0.3, 0.3, 0.4, 0.4], np.sqrt((0.09 + 0.16) / 2)), ([np.nan] * 4, 0.0)],
)
def test_a_fold_of_one_class_says_nothing_of_the_noise(monkeypatch, moved, wanted):
    records = block(40)
    folds = [(np.arange(20), np.arange(20, 40)), (np.arange(20, 40), np.arange(20))]
    ballot = _Ballot(records, records, "", {}, None, folds, "", None)
    monkeypatch.setattr(_Ballot, "values", lambda self, families: np.zeros(4))
    monkeypatch.setattr(_Ballot, "scored", lambda self, arm: np.array(moved))
    assert ballot.noise == pytest.approx(wanted)
