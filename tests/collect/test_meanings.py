"""Semantic types of columns whose answers are known: made ones, and tables that ship with scikit-learn."""

import json
import random
import uuid

import numpy as np
import pyarrow as pa
import pytest
from sklearn.datasets import load_iris, load_wine

from karat.collect.meaning_words import hinted
from karat.collect.meanings import model
from karat.collect.roles import infer_schema
from karat.core.block import Block
from karat.core.counts import RecordSample, ValueCounts
from karat.core.schema import Column, Meaning, Role, Schema

DICE = random.Random(5)
GIVEN, LAST = ("Anna", "Peter", "Maria", "Thomas", "Laura", "Kevin"), ("Miller", "Okafor", "Brandt", "Lee", "Novak")
STREETS = ("Oak St", "Station Road", "5th Ave", "Mill Lane", "Harbour Blvd")
MADE: dict[str, tuple[str, list[str]]] = {
    "customer": ("person", [f"{DICE.choice(GIVEN)} {DICE.choice(LAST)}" for _ in range(200)]),
    "联系人": ("person", [DICE.choice("王李张刘陈") + DICE.choice("伟芳娜敏静强") for _ in range(200)]),
    "home": ("address", [f"{DICE.randint(1, 900)} {DICE.choice(STREETS)}" for _ in range(200)]),
    "地址": ("address", [f"广州市中山路{DICE.randint(1, 900)}号" for _ in range(200)]),
    "nation": ("place", [DICE.choice(("France", "Peru", "Japan", "Kenya", "Chile", "Norway")) for _ in range(200)]),
    "公司": ("organisation", [f"{DICE.choice('华天宏远')}{DICE.choice('信达通')}科技有限公司" for _ in range(200)]),
    "mail": ("contact", [f"{DICE.choice(GIVEN).lower()}{k}@example.org" for k in range(200)]),
    "key": ("guid", [str(uuid.UUID(int=DICE.getrandbits(128), version=4)) for _ in range(200)]),
    "zip": ("code", [f"{DICE.randint(501, 99950):05d}" for _ in range(200)]),
    "invoice": ("identifier", [f"INV-{DICE.randint(10**6, 10**7)}" for _ in range(200)]),
    "latitude": ("coordinate", [f"{DICE.gauss(47, 2):.5f}" for _ in range(200)]),
    "单价": ("amount", [f"{DICE.lognormvariate(3, 1):.2f}元" for _ in range(200)]),
    "paid": ("amount", [f"${DICE.lognormvariate(3, 1):,.2f}" for _ in range(200)]),
    "体重": ("quantity", [f"{DICE.randint(40, 99)}公斤" for _ in range(200)]),
    "增长率": ("share", [f"{DICE.uniform(0, 40):.1f}%" for _ in range(200)]),
    "visits": ("count", [str(int(DICE.expovariate(0.2))) for _ in range(200)]),
    "built": ("year", [str(DICE.randint(1950, 2020)) for _ in range(200)]),
    "日期": ("date", [f"2021年{DICE.randint(1, 12)}月{DICE.randint(1, 28)}日" for _ in range(200)]),
    "opens": ("clock", [f"{DICE.randint(6, 11)}:{DICE.choice(('00', '15', '30'))} AM" for _ in range(200)]),
    "有无贷款": ("boolean", [DICE.choice("有无") for _ in range(200)]),
    "pain": ("ordinal", [DICE.choice(("mild", "moderate", "severe")) for _ in range(200)]),
    "shade": ("category", [DICE.choice(("red", "teal", "ochre")) for _ in range(200)]),
    "review": ("text", [f"The soup was {DICE.choice(LAST)} and cold, we waited {k} minutes" for k in range(200)]),
}


def schema_of(**columns: list[str]) -> Schema:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    block = Block(np.arange(len(table)), table, Schema(tuple(Column(name, Role.TEXT) for name in columns)))
    return infer_schema(ValueCounts.of(block), RecordSample.of(block))


@pytest.mark.parametrize("name", MADE)
def test_made_columns(name: str) -> None:
    meaning, values = MADE[name]
    meanings = schema_of(**{name: values})[name].meanings
    assert meaning in meanings
    assert len(meanings) <= 3


def test_values_decide_where_the_name_says_nothing() -> None:
    unnamed = {f"c{at}": values for at, (_, values) in enumerate(MADE.values())}
    schema = schema_of(**unnamed)
    kept = [meaning in schema[f"c{at}"].meanings for at, (meaning, _) in enumerate(MADE.values())]
    assert sum(kept) >= 0.85 * len(kept)


def test_a_set_is_never_empty_and_holds_only_known_types() -> None:
    schema = schema_of(a=["!"] * 9, b=["1"] * 9, c=["x y z"] * 9)
    for column in schema:
        assert column.meanings
        assert set(column.meanings) <= set(Meaning)


def test_measurements_of_tables_that_ship_with_scikit_learn() -> None:
    for bunch in (load_iris(as_frame=True), load_wine(as_frame=True)):
        frame = bunch.frame
        schema = schema_of(**{name: [f"{v:g}" for v in frame[name]] for name in frame.columns})
        for column in schema:
            wanted = "category" if column.name == "target" else "quantity"
            assert wanted in column.meanings, (column.name, column.meanings)


def test_a_slip_among_numbers_does_not_make_them_codes() -> None:
    frame = load_wine(as_frame=True).frame
    columns = {name: [f"{v:g}" for v in frame[name]] for name in frame.columns}
    clean = {column.name: column.meanings for column in schema_of(**columns)}
    columns = {name: [f"{values[0]} units", *values[1:]] for name, values in columns.items()}
    for column in schema_of(**columns):
        assert column.meanings[0] == clean[column.name][0], column.name
        assert "code" not in column.meanings, column.name


def test_codes_of_which_some_have_a_letter_stay_codes() -> None:
    numbers = (33, 117, 250, 412, 1083, 9001)
    stations = [f"{'V' if at % 25 == 0 else ''}{DICE.choice(numbers)}" for at in range(200)]
    assert "code" in schema_of(station=stations)["station"].meanings


def test_a_column_name_hints_by_its_last_word_most() -> None:
    assert hinted("customer_id")["identifier"] == 1
    assert hinted("出生日期")["date"] == 1
    assert "date" not in hinted("colour")


def test_meanings_stand_in_the_schema_and_come_back() -> None:
    schema = schema_of(zip=MADE["zip"][1])
    again = Schema.from_json(json.loads(json.dumps(schema.to_json())))
    assert again == schema
    assert again["zip"].meanings[0] == "code"


def test_features_the_model_does_not_know_are_left_out() -> None:
    assert model().set_of({"no such feature": 5.0}) == model().set_of({})
