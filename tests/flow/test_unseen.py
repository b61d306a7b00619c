"""What no check finds is estimated from what is found of our own errors."""

import random

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import FINDINGS
from karat.core.schema import Column, Role, Schema
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.flow.engine import Learned
from karat.flow.slips import Slip
from karat.flow.unseen import Unseen, recall, unseen

TOWNS = ("Amsterdam", "Barcelona", "Copenhagen", "Edinburgh", "Frankfurt", "Manchester", "Rotterdam", "Stockholm")


def towns(dirt):
    chance = random.Random(1)
    cells = [chance.choice(TOWNS) for _ in range(600)]
    for at in chance.sample(range(600), round(dirt * 600)):
        cells[at] = chance.choice((cells[at][:-1] + "q", chance.choice(TOWNS)))  # half of them cannot be found
    return Dataset(Schema((Column("town", Role.CATEGORY),)), table=pa.table({"town": cells}), rows=np.arange(600))


def estimated(dirt):
    data = towns(dirt)
    learned = engine.learn(data, engine.all_checks())
    (_, found), *_ = engine.judge(data, learned)
    found = {code: found.filter(pa.compute.equal(found["check"], code)) for code in learned.checks}
    return unseen(learned, data, found)


def test_a_clean_table_hides_nothing():
    thought = estimated(0.0)
    assert thought.share < 0.035  # one column alone: whether all its errors would show is not known
    assert thought.low == 0


def test_a_dirty_table_hides_some():
    thought = estimated(0.1)
    assert 0.002 < thought.share < 0.08
    assert thought.low < 0.1 < thought.high


def test_a_table_that_no_check_judges_says_nothing():
    assert unseen(Learned({}, {}, {}, {}), towns(0.1), {}) == Unseen()


def test_numbers_far_out_that_no_check_would_change_count():
    chance = random.Random(2)
    cells = [f"{chance.gauss(50, 5):.1f}" for _ in range(600)]
    for at in chance.sample(range(600), 120):
        cells[at] = str(float(cells[at]) * chance.choice((0.1, 10, -1)))
    data = Dataset(
        Schema((Column("size", Role.NUMBER, "float64"),)), table=pa.table({"size": cells}), rows=np.arange(600)
    )
    learned = engine.learn(data, engine.all_checks())
    nothing = {code: FINDINGS.empty_table() for code in learned.checks}
    thought = unseen(learned, data, nothing)
    assert 0.1 < thought.share < 0.4
    assert thought.low < 0.2 < thought.high


def test_recall_is_of_the_column_and_short_values_are_open_to_exchanges_alone():
    schema = Schema((Column("long", Role.TEXT), Column("short", Role.TEXT)))
    block = Block(np.arange(2), pa.table({"long": ["abcdef", "ghijkl"], "short": ["a", "b"]}), schema)
    slips = (
        [Slip(0, "long", "letter")] * 10
        + [Slip(0, "long", "moved")] * 10
        + [Slip(0, "short", "letter"), Slip(0, "short", "moved")]
    )
    share, exposed = recall(block, ["long", "short"], slips, slips[:10])
    assert share[0] == pytest.approx(1 / 2.3, abs=0.05)
    assert exposed[0] == 1
    assert exposed[1] == pytest.approx(1.3 / 2.3)


def test_some_of_many_columns_speak_for_all(monkeypatch):
    cells = {f"c{at}": towns(0.1).table["town"] for at in range(6)}
    data = Dataset(
        Schema(tuple(Column(name, Role.CATEGORY) for name in cells)), table=pa.table(cells), rows=np.arange(600)
    )
    learned = engine.learn(data, engine.all_checks())
    (_, found), *_ = engine.judge(data, learned)
    found = {code: found.filter(pa.compute.equal(found["check"], code)) for code in learned.checks}
    whole = unseen(learned, data, found)
    monkeypatch.setattr("karat.flow.unseen.MOST_COLUMNS", 3)
    some = unseen(learned, data, found)
    assert some.share == pytest.approx(whole.share, abs=0.02)
    assert some.low < 0.1 < some.high
