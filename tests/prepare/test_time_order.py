"""Several series in one file."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.prepare.history import series_of, step_before
from karat.prepare.splits import plan_splits
from karat.prepare.time_order import series_column

DAYS, SHOPS = 80, 4


def panel(order=None, groups=SHOPS):
    """One random walk a shop, all of them on the same days."""
    rng = np.random.default_rng(0)
    size = DAYS * SHOPS
    order = np.arange(size) if order is None else order
    days = np.tile(np.datetime64("2024-01-01") + np.arange(DAYS), SHOPS)[order]
    walks = np.cumsum(rng.normal(size=(SHOPS, DAYS)), axis=1).ravel()[order]
    shops = np.repeat(np.arange(SHOPS), DAYS)[order] % groups
    texts = {"day": days.astype(str), "shop": [f"s{at}" for at in shops], "y": [f"{value:.3f}" for value in walks]}
    roles = {"day": Role.TIME, "shop": Role.CATEGORY, "y": Role.TARGET}
    types = {"day": "timestamp", "y": "float64"}
    columns = tuple(Column(name, role, types.get(name, "string")) for name, role in roles.items())
    table = pa.table({name: pa.array(list(values), pa.string()) for name, values in texts.items()})
    return Block(np.arange(size), table, Schema(columns, task="regression"))


@pytest.mark.parametrize("mixed", [False, True])
def test_series_are_told_apart_and_split_forward(mixed):
    order = np.random.default_rng(1).permutation(DAYS * SHOPS) if mixed else None
    whole = panel(order)
    assert series_column(whole) == "shop"
    assert len(series_of(whole)) == SHOPS
    splits = plan_splits(whole)
    assert splits.forward
    assert "4 series, one for each shop" in splits.method
    before = step_before(whole)
    shops, days = (whole.text(name).to_pylist() for name in ("shop", "day"))
    steps = [(at, ago) for at, ago in enumerate(before.tolist()) if ago >= 0]
    assert len(steps) == SHOPS * (DAYS - 1)
    assert all(shops[at] == shops[ago] and days[ago] < days[at] for at, ago in steps)


def test_a_category_that_shares_its_moments_names_no_series():
    assert series_column(panel(groups=2)) is None
