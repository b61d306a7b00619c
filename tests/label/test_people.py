"""Votes read from records."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema
from karat.label.people import People


def test_people_vote_and_blanks_abstain():
    table = pa.table({"picture": ["p1", "p1"], "who": ["李", "王"], "said": pa.array(["鸭", None], pa.string())})
    held = Block(np.arange(2), table, Schema(tuple(Column(name, Role.CATEGORY) for name in table.column_names)))
    votes = People("picture", "who", "said").vote(held)
    assert votes.to_pylist() == [{"item": "p1", "voter": "李", "label": "鸭"}]
    with pytest.raises(OptionError, match="column 'item' not found"):
        People().vote(held)
