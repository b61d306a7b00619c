import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.wrong_column import ValuesInWrongColumn

STATES = ["AL", "CA", "NY", "TX", "OR"]
TOWNS = ["Mobile", "San Diego", "New York", "Austin", "Portland", "Eugene", "Salem", "Buffalo"]


@pytest.fixture
def columns():
    chance = np.random.default_rng(0)
    return {
        "housing": list(chance.choice(["own", "rent", "for free"], 800)),
        "purpose": list(chance.choice(["car", "education", "radio/tv", "家具"], 800)),
        "age": [str(x) for x in chance.integers(19, 75, 800)],
        "children": [str(x) for x in chance.integers(0, 3, 800)],
        "amount": [str(x) for x in chance.integers(250, 18000, 800)],
    }


@pytest.mark.parametrize(
    ("a", "b"), [("housing", "purpose"), ("housing", "age"), ("purpose", "amount"), ("age", "amount")]
)
def test_two_values_exchanged_are_found_and_put_back(judge, columns, a, b):
    columns[a][9], columns[b][9] = columns[b][9], columns[a][9]
    if (a, b) == ("age", "amount"):
        columns["age"][9], columns["amount"][9] = "15000", "33"
    found = judge(ValuesInWrongColumn(), columns)
    assert (9, a) in found
    assert {row for row, _ in found} == {9}
    assert found[9, a][0] >= 0.5
    assert found[9, a][1] == columns[b][9]


def test_clean_records_are_left_alone(judge, columns):
    assert not judge(ValuesInWrongColumn(), columns)


def test_a_value_joined_to_another_column(judge, sure):
    chance = np.random.default_rng(1)
    town = list(chance.choice(TOWNS, 400))
    state = list(chance.choice(STATES, 400))
    town[5], state[5] = f"{town[5]} OR", None
    town[6], state[6] = f"{town[6]}, TX", None
    state[7] = None
    found = sure(judge(ValuesInWrongColumn(), {"town": town, "state": state}))
    assert set(found) == {(5, "town"), (5, "state"), (6, "town"), (6, "state")}
    assert found[5, "state"][1] == "OR"
    assert found[6, "town"][1] in TOWNS


def test_a_record_moved_one_column_on(judge):
    chance = np.random.default_rng(2)
    kinds = [["red", "blue"], ["small", "large"], ["wood", "steel"], ["是", "否"], ["north", "south"]]
    columns = {f"c{at}": list(chance.choice(words, 500)) for at, words in enumerate(kinds)}
    record = [columns[f"c{at}"][3] for at in range(5)]
    for at in range(1, 5):
        columns[f"c{at}"][3] = record[at - 1]
    found = judge(ValuesInWrongColumn(), columns)
    assert {(3, "c2"), (3, "c3"), (3, "c4")} <= set(found)
    assert {row for row, _ in found} == {3}


def test_one_column_alone_has_no_other():
    schema = Schema((Column("a", Role.TEXT),))
    assert isinstance(ValuesInWrongColumn().applies(schema), DoesNotApply)
    empty = Block(
        np.arange(0),
        pa.table({"a": pa.array([], pa.string()), "b": pa.array([], pa.string())}),
        Schema((Column("a", Role.TEXT), Column("b", Role.TEXT))),
    )
    check = ValuesInWrongColumn()
    assert check.judge(check.learn(empty), empty).num_rows == 0


def test_values_that_a_third_column_holds_side_by_side_prove_no_exchange(judge, sure):
    back, tone = ["+", "-"] * 500, ["0"] * 1000
    back[3], tone[3] = "0", "+"
    columns = {"back": back, "tone": tone}
    assert set(sure(judge(ValuesInWrongColumn(), columns))) == {(3, "back"), (3, "tone")}
    found = judge(ValuesInWrongColumn(), columns | {"tense": ["+", "-", "0", "0"] * 250})
    assert not sure(found)


def test_three_records_teach_no_column_what_a_stranger_is(make_block):
    check = ValuesInWrongColumn()
    few = make_block({"town": ["Salem", "Austin", "Eugene"], "n": ["1", "2", "3"]})
    strange = make_block({"town": ["7"], "n": ["x"]})
    state = check.learn(few)
    assert check._homes(state, list(few.schema), few.schema) == {}
    assert check.judge(state, strange).num_rows == 0
    many = make_block({"town": ["Salem", "Austin", "Eugene"] * 20, "n": ["1", "2", "3"] * 20})
    assert check._homes(check.learn(many), list(many.schema), many.schema).keys() == {"town", "n"}
