import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.label.items import item_column, item_names, votes_table


def block(**columns):
    schema = Schema(tuple(Column(name, Role.TEXT) for name in columns))
    return Block(np.array([7, 9]), pa.table({name: pa.array(cells) for name, cells in columns.items()}), schema)


def test_item_comes_before_id_and_another_column_names_nothing():
    assert item_column(["id", "text", "item"]) == "item"
    assert item_column(["text", "id"]) == "id"
    assert item_column(["text", "ID"]) is None


def test_records_without_a_name_go_by_their_row():
    assert item_names(block(text=["x", "y"])) == ["7", "9"]
    assert item_names(block(id=["a", None], text=["x", "y"])) == ["a", "9"]
    assert item_names(block(id=["a", "b"], item=["c", "d"])) == ["c", "d"]


def test_votes_are_text_even_when_there_are_none():
    table = votes_table(["a"], ["x"], ["1"])
    assert table.to_pylist() == [{"item": "a", "voter": "x", "label": "1"}]
    assert votes_table([], [], []).schema == table.schema
