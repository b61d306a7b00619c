"""Which order of doubt asks, and how the answers decide."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.flow.label_orders import BOTH, JUDGE, LINEAR, doubtful_orders, in_turn
from karat.flow.loading import load, plain_settings
from karat.train.recipes import led_by


def cloud(size=300):
    """A table of two classes, a tenth of the labels turned."""
    rng = np.random.default_rng(0)
    truth, turned = rng.integers(0, 2, size), rng.random(size) < 0.1
    columns = {f"x{k}": np.round(truth * 2 + rng.normal(size=size), 3) for k in range(3)}
    given = np.where(turned, 1 - truth, truth)
    return pa.table(columns | {"y": np.array(["no", "yes"])[given]}), given, turned


def test_in_a_table_a_linear_model_ranks_too_and_both_find_the_turned_labels():
    data, given, turned = cloud()
    block, size = load(data, plain_settings("y")), len(given)
    expected = np.full((size, 2), 0.5)
    orders = doubtful_orders(block, np.arange(size), given, expected, np.zeros(size))
    assert list(orders) == [LINEAR, BOTH]
    for doubt in orders.values():
        assert turned[np.argsort(-doubt)[:15]].mean() > 0.8
    assert np.allclose(orders[BOTH], (orders[LINEAR] + 0.5) / 2)


def test_where_the_linear_model_leads_the_judge_alone_ranks():
    data, given, _ = cloud()
    block, wrong = load(data, plain_settings("y")), np.linspace(0, 1, len(given))
    block = Block(block.rows, block.table, led_by(block.schema, "Linear"))
    orders = doubtful_orders(block, np.arange(len(given)), given, np.full((len(given), 2), 0.5), wrong)
    assert list(orders) == [JUDGE]
    assert orders[JUDGE] is wrong


def test_the_order_whose_answers_were_wrong_more_often_gets_more_turns():
    turns = in_turn({"good": (20, 10), "bad": (2, 28)}, 50, 1)
    assert turns == ["good"] * 50
    fresh = in_turn({"good": (0, 0), "bad": (0, 0)}, 200, 1)
    assert 60 < fresh.count("good") < 140
    assert in_turn({"one": (0, 0)}, 3, 0) == ["one"] * 3
    assert fresh == in_turn({"good": (0, 0), "bad": (0, 0)}, 200, 1)
