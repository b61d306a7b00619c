import math

import numpy as np
import pyarrow as pa

from karat.clean.link.profile import columns, features, number
from karat.core.block import Block
from karat.core.schema import Column, Role, Schema


def test_the_way_to_compare_is_chosen_from_the_data():
    size = 40
    table = pa.table(
        {
            "nr": [str(at) for at in range(size)],
            "name": [f"Name{at}" for at in range(size)],
            "same": ["x"] * size,
            "text": [f"a long description of product {at} in several words" for at in range(size)],
            "price": [f"${at}.99" for at in range(size)],
        }
    )
    block = Block(np.arange(size), table, Schema(tuple(Column(name, Role.TEXT) for name in table.column_names)))
    assert [(c.name, c.kind) for c in columns(block, block)] == [
        ("name", "short"),
        ("text", "long"),
        ("price", "number"),
    ]


def test_model_numbers_meet_with_and_without_joints():
    assert "wpslx350h" in features("sony ps-lx350h") & features("sony pslx350h")
    assert "g洗衣" in features("海尔洗衣机")


def test_numbers_with_a_sign_of_currency():
    assert number("$1,299.50") == 1299.5
    assert number("¥88") == 88
    assert math.isnan(number("about 3 to 5"))
