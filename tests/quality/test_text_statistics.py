import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.annotating import measured
from karat.quality.text_statistics import TextStatistics

TEXTS = ["Two words.\nThree more words.", None, "数据 质量"]


def test_it_counts_words_and_letters_of_each_text_column():
    schema = Schema((Column("a", Role.TEXT), Column("b", Role.CATEGORY), Column("c", Role.TEXT)), kind="corpus")
    table = pa.table({"a": TEXTS, "b": ["x"] * 3, "c": ["", "one", "two"]})
    tables = measured(Block(np.arange(3), table, schema), TextStatistics())
    assert list(tables) == ["a", "c"]
    told = tables["a"]
    assert told["spaced_words"].to_pylist() == [5, 0, 2]
    assert told["han"].to_pylist() == [0, 0, 4]
    assert told["lines"].to_pylist()[0] == 2
    assert tables["c"]["letters"].to_pylist() == [0, 3, 3]
    assert told.schema.types == [pa.int32()] * told.num_columns
