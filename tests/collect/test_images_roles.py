import numpy as np
import pyarrow as pa

from karat.collect.images_roles import picture_schema
from karat.core.block import Block
from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role, Schema


def schema_of(labels, **chosen):
    columns = (Column("path", Role.TEXT), Column("label", Role.CATEGORY), Column("bytes", Role.IMAGE, "binary"))
    schema = Schema(columns, kind="images")
    size = len(labels)
    table = pa.table({"path": [str(at) for at in range(size)], "label": labels, "bytes": pa.nulls(size, pa.binary())})
    return picture_schema(schema, ValueCounts.of(Block(np.arange(size), table, schema)), **chosen)


def test_the_folder_is_the_target_and_the_path_a_name():
    made = schema_of(["cat", "cat", "dog", "dog"])
    assert made.target.name == "label"
    assert made.task == "classification"
    assert made["path"].role is Role.IGNORE


def test_one_class_is_no_target_and_what_the_user_says_stands():
    assert schema_of(["cat"] * 4).target is None
    assert schema_of(["cat", "cat", "dog", "dog"], chosen=("label",)).target is None
