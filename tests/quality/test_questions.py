"""What records ask, one text each, and the numbers that stand in a text."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.quality.questions import asked, listed, numbers


def block_of(**columns):
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    return Block(np.arange(len(table)), table, Schema(tuple(Column(name, Role.TEXT) for name in columns), kind="chat"))


def turns(*said):
    return {"messages": [{"role": role, "content": text} for role, text in said]}


def test_all_that_the_user_says_and_nothing_else(chat_block):
    block = chat_block(
        [
            turns(("system", "Be kind"), ("user", "Who?"), ("assistant", "Ada"), ("user", "When?")),
            turns(("assistant", "Hello"), ("tool", "42")),
        ]
    )
    assert asked(block).to_pylist() == ["Who?\nWhen?", None]
    assert asked(block) is asked(block)


def test_columns_of_questions_are_joined_without_the_system_text():
    block = block_of(
        System=["Be kind"] * 3, instruction=["Add", None, ""], input=["1 and 2", "x", None], output=["3", "y", "z"]
    )
    assert asked(block).to_pylist() == ["Add\n1 and 2", "x", None]


def test_without_questions_nothing_is_asked():
    assert asked(block_of(note=["a", "b"])).to_pylist() == [None, None]


@pytest.mark.parametrize(
    ("columns", "texts"),
    [
        ({"question": ["Who?", None, "When?"], "answer": ["a", "b", "c"]}, ["Who?", "When?"]),
        ({"number": ["1", "2"], "Text": ["one", ""]}, ["one"]),
        ({"problem": ["p"], "content": ["c"]}, ["c"]),  # the first of the names that are known
    ],
)
def test_the_questions_or_texts_of_a_test_set(columns, texts):
    assert listed(pa.RecordBatch.from_pydict(columns), "tests.csv") == texts


def test_a_test_set_of_neither_is_an_error_that_names_its_columns():
    batch = pa.RecordBatch.from_pydict({"a": ["x"], "b": ["y"]})
    with pytest.raises(InputError, match=r"tests\.csv has the columns a, b.*text or content or question"):
        listed(batch, "tests.csv")


def test_numbers_are_counted_without_marks_between_thousands():
    assert numbers("1,200 and 3.5, then 3.5 of 7.") == {"1200": 1, "3.5": 2, "7": 1}
    assert numbers("none") == {}
