from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.lift import design
from karat.lift.design import Design, bounded, cells_of


def block(size, roles=(Role.NUMBER,), learner=""):
    columns = (*(Column(f"c{at}", role) for at, role in enumerate(roles)), Column("y", Role.TARGET))
    table = pa.table({column.name: pa.repeat(pa.scalar("1"), size) for column in columns})
    return Block(np.arange(size), table, Schema(columns, task="classification", learner=learner))


def test_cells_are_counted_texts_by_their_cost_and_targets_not():
    assert cells_of(block(10, (Role.NUMBER, Role.CATEGORY))) == 20
    assert cells_of(block(10, (Role.NUMBER, Role.TEXT))) == 170
    assert cells_of(block(10, ())) == 10


def test_only_so_many_records_are_read(monkeypatch):
    monkeypatch.setattr(design, "MAX_RECORDS", 20)
    assert cells_of(block(30, (Role.NUMBER, Role.NUMBER))) == 40
    assert bounded(block(20)).rows.tolist() == list(range(20))
    drawn = bounded(block(30)).rows
    assert len(drawn) == 20
    assert (np.diff(drawn) > 0).all()
    assert drawn.tolist() != list(range(20))
    whole = block(30)
    mixed = whole.take(np.random.default_rng(0).permutation(30))
    assert sorted(bounded(mixed).rows.tolist()) == drawn.tolist()  # drawn by number, not by place


@pytest.mark.parametrize(
    ("cells", "plan"),
    [
        (60_000, Design()),
        (60_001, Design(inner_folds=2, choose_by="fragile", share_by="fragile", weigh_folds=2)),
        (1_200_000, Design(inner_folds=2, choose_by="fragile", share_by="fragile", weigh_folds=2)),
        (1_200_001, Design(5, 2, 19, 2, "fragile", "fragile", 4, weigh_folds=0)),
        (3_000_000, Design(5, 2, 19, 2, "fragile", "fragile", 4, weigh_folds=0)),
        (3_000_001, Design(5, 1, 9, 2, "fragile", "fragile", 3, weigh_folds=0)),
    ],
)
def test_the_larger_the_table_the_less_is_fitted(monkeypatch, cells, plan):
    monkeypatch.setattr(design, "cells_of", lambda block: cells)
    assert Design.of(block(30)) == plan


@pytest.mark.parametrize(("classes", "repeats"), [(50, 5), (51, 1)])
def test_very_many_classes_are_fitted_less_often(classes, repeats):
    labels = pa.array([f"c{at % classes}" for at in range(300)])
    few = block(300)
    named = Block(few.rows, few.table.set_column(1, "y", labels), few.schema)
    plan = Design.of(named)
    assert (plan.folds, plan.repeats) == (5, repeats)
    numbers = Block(few.rows, named.table, replace(few.schema, task="regression"))
    assert Design.of(numbers).repeats == 5


def test_a_plan_is_written_down_in_full():
    assert Design().to_json() == {
        "folds": 5, "repeats": 5, "placebos": 19, "inner_folds": 3, "choose_by": "headline", "share_by": "headline",
        "exact_players": 6, "look_repeats": 1, "weigh_folds": 3,
    }  # fmt: skip
