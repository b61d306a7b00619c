"""Series on their grids: keys found by content, gaps and doubled times told, rows to come."""

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.panel import Panel, panel_keys

DAYS = [str(np.datetime64("2024-01-01") + at) for at in range(60)]


def block_of(columns, roles):
    types = {Role.TIME: "timestamp", Role.CATEGORY: "string"}
    schema = Schema(
        tuple(Column(name, roles[name], types.get(roles[name], "float64")) for name in columns), "regression"
    )
    texts = {name: pa.array([None if cell is None else str(cell) for cell in cells]) for name, cells in columns.items()}
    return Block(np.arange(len(next(iter(columns.values())))), pa.table(texts), schema)


def single(days, values, **more):
    roles = {"day": Role.TIME, "y": Role.TARGET} | dict.fromkeys(more, Role.NUMBER)
    return block_of({"day": days, **more, "y": values}, roles)


def stores(lengths, shops=("a", "b", "c")):
    rows = [
        (shop, item, DAYS[at], at + 10 * k) for k, shop in enumerate(shops) for item in "xy" for at in range(lengths[k])
    ]
    shop, item, day, y = (list(column) for column in zip(*rows, strict=True))
    roles = {"shop": Role.CATEGORY, "item": Role.CATEGORY, "day": Role.TIME, "y": Role.TARGET}
    return block_of({"shop": shop, "item": item, "day": day, "y": y}, roles)


def test_two_columns_together_tell_series_apart():
    block = stores([60, 40, 30])
    panel = Panel.of(block)
    assert panel.shape.keys == ("shop", "item")
    assert panel.names == ("a / x", "a / y", "b / x", "b / y", "c / x", "c / y")
    assert [len(past.values) for past in panel.pasts] == [60, 60, 40, 40, 30, 30]


def test_the_order_of_records_changes_nothing():
    block = stores([60, 40, 30])
    mixed = block.take(np.random.default_rng(0).permutation(len(block)))
    one, two = Panel.of(block), Panel.of(mixed)
    assert one.names == two.names
    assert all((a.values == b.values).all() for a, b in zip(one.pasts, two.pasts, strict=True))


def test_a_single_series_has_no_key():
    assert panel_keys(single(DAYS, range(60)), np.arange(60.0)) == ()


def test_gaps_and_doubled_times_are_told():
    days, values = [DAYS[0], *DAYS[:5], *DAYS[7:]], [2.0, *range(5), *range(7, 60)]
    panel = Panel.of(single(days, values))
    (past,) = panel.pasts
    assert (len(past.values), past.values[0], np.isnan(past.values).sum()) == (60, 1.0, 2)
    assert "2 of 60 steps have no value" in panel.told[1]
    assert panel.told[0].startswith("1 record")


def test_rows_to_come_say_how_far_and_what_is_known():
    promo, price = [at % 2 for at in range(60)], [*range(50), *[None] * 10]
    panel = Panel.of(single(DAYS, [*range(50), *[None] * 10], promo=promo, price=price))
    assert (panel.horizon, panel.shape.known) == (10, ("promo",))
    assert panel.pasts[0].known[:, 0].tolist() == promo
    assert panel.pasts[0].beside.shape == (50, 1)


def test_the_horizon_is_a_season_else_ten_and_at_most_a_quarter():
    assert Panel.of(single(DAYS, range(60))).horizon == 7
    assert Panel.of(single(DAYS[:20], range(20))).horizon == 5
    assert Panel.of(single(DAYS, range(60)), horizon=3).horizon == 3


def test_series_of_two_values_are_left_out_and_told():
    assert Panel.of(single(DAYS[:2], [1, 2])).pasts == ()
    panel = Panel.of(stores([60, 60, 2]))
    assert len(panel.pasts) == 4
    assert panel.told == ("2 of 6 series have fewer than 3 values and are not forecast",)


def test_a_shape_found_before_is_kept():
    first = Panel.of(single(DAYS, range(60)))
    later = Panel.of(single(DAYS[:4], range(4)), 2, first.shape)
    assert later.shape == first.shape
    assert len(later.pasts[0].calendar) == 6
