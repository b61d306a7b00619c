"""What no check finds is estimated from what is found of our own errors."""

import random

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.flow.engine import Learned
from karat.flow.slips import Slip
from karat.flow.unseen import Unseen, recall, spread_out, unseen

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
    assert estimated(0.0).share == 0


def test_a_dirty_table_hides_some():
    assert 0.002 < estimated(0.1).share < 0.08


def test_a_table_that_no_check_judges_says_nothing():
    assert unseen(Learned({}, {}, {}, {}), towns(0.1), {}) == Unseen()


def test_findings_are_divided_by_the_share_that_is_found():
    wrong, telling = spread_out(np.array([30.0]), np.array([1000.0]), np.array([0.5]), np.ones(1))
    assert wrong == pytest.approx([60])
    assert telling.all()


def test_other_columns_speak_for_one_where_nothing_is_found():
    seen, filled = np.array([50.0, 0.0]), np.array([1000.0, 1000.0])
    wrong, telling = spread_out(seen, filled, np.array([0.5, 0.02]), np.ones(2))
    assert telling.tolist() == [True, False]
    assert wrong == pytest.approx([100, 100])


def test_a_column_that_would_show_its_errors_and_shows_none_has_none():
    seen, filled = np.array([50.0, 0.0]), np.array([1000.0, 1000.0])
    wrong, _ = spread_out(seen, filled, np.array([0.5, 0.9]), np.ones(2))
    assert wrong[1] < 10


def test_nothing_found_is_nothing_thought():
    wrong, _ = spread_out(np.zeros(2), np.full(2, 100.0), np.array([0.4, 0.0]), np.ones(2))
    assert wrong.tolist() == [0, 0]


def test_recall_is_of_the_column_and_short_values_are_open_to_exchanges_alone():
    schema = Schema((Column("long", Role.TEXT), Column("short", Role.TEXT)))
    block = Block(np.arange(2), pa.table({"long": ["abcdef", "ghijkl"], "short": ["a", "b"]}), schema)
    slips = [Slip(0, "long", "letter")] * 20 + [Slip(0, "short", "letter"), Slip(0, "short", "moved")]
    share, exposed = recall(block, ["long", "short"], slips, slips[:10])
    assert share[0] == pytest.approx(0.5, abs=0.02)
    assert exposed[0] == 1
    assert exposed[1] == pytest.approx(0.3 / 1.3)
