import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.lift.arms import known_target
from karat.lift.defect_injection import (
    DEFECTS,
    DOSES,
    dosed,
    missing_cells,
    newest_absent,
    other_units,
    responses,
    wrong_cells,
    wrong_labels,
)
from karat.lift.design import Design
from karat.lift.fold import Setting
from karat.lift.pairing import VersionChanges
from karat.lift.procedure import recipe_for
from karat.prepare.splits import plan_splits
from tests.lift._planted import records


def inject(how, dose=0.2, seed=0):
    block, _ = records(400)
    return block, how(block, dose, np.random.default_rng(seed))


def changed(block, other, name):
    return np.array([a != b for a, b in zip(block.text(name).to_pylist(), other.text(name).to_pylist(), strict=True)])


@pytest.mark.parametrize("how", [wrong_cells, wrong_labels, missing_cells, other_units])
def test_a_dose_is_what_it_says(how):
    block, other = inject(how)
    for column in block.schema:
        struck = (column.role is Role.TARGET) == (how is wrong_labels) and (
            how is not other_units or column.role is Role.NUMBER
        )
        share = changed(block, other, column.name).mean()
        assert 0.05 < share <= 0.2 if struck else share == 0
    assert other.rows.tolist() == block.rows.tolist()


def test_missing_cells_are_blank_and_exactly_as_many():
    block, other = inject(missing_cells)
    for column in block.schema.features:
        assert other.text(column.name).null_count == 80


def test_wrong_cells_hold_other_records_values():
    block, other = inject(wrong_cells)
    assert set(other.text("place").to_pylist()) <= set(block.text("place").to_pylist())


def test_another_unit_is_a_thousand_times_as_large():
    block, other = inject(other_units)
    at = changed(block, other, "first")
    assert at.sum() == 80
    assert other.numbers("first")[at] == pytest.approx(block.numbers("first")[at] * 1000)
    words = Block(np.arange(2), pa.table({"c": ["a", "b"]}), Schema((Column("c", Role.CATEGORY),)))
    assert other_units(words, 0.5, np.random.default_rng(0)) is None


def timed(times):
    table = pa.table({"t": pa.array(times, pa.string())})
    return Block(np.arange(len(times)), table, Schema((Column("t", Role.TIME, "timestamp"),)))


def test_the_newest_are_absent_and_what_has_no_time_stays():
    block = timed([f"2024-01-{day:02d}" for day in range(1, 11)] + [None])
    left = newest_absent(block, 0.2, np.random.default_rng(0))
    assert left.rows.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 10]
    assert newest_absent(timed(["2024-01-01", None]), 0.2, np.random.default_rng(0)) is None  # half have no time
    assert newest_absent(timed(["2024-01-01", "2024-01-02", None]), 0.2, np.random.default_rng(0)) is not None
    assert newest_absent(records(50)[0], 0.2, np.random.default_rng(0)) is None


def test_the_same_seed_strikes_the_same_cells():
    first, again, other = (inject(wrong_cells, seed=seed)[1] for seed in (1, 1, 2))
    assert first.table.equals(again.table)
    assert not first.table.equals(other.table)


def test_a_fold_scores_every_dose_of_every_defect_it_can_have():
    _, block = records(200)
    setting = Setting(
        block, recipe_for(block), Design(folds=3, repeats=1, placebos=1), VersionChanges({}), known_target(block), []
    )
    pair = next(iter(plan_splits(block, repeats=1, folds=3).pairs()))
    fold = dosed(setting, pair)
    assert set(fold["doses"]) == {name for _, name, _ in DEFECTS} - {"newest records absent"}
    assert all(len(scores) == len(DOSES) for scores in fold["doses"].values())
    assert (fold["train"], fold["test"]) == (len(pair[2]), len(pair[3]))
    assert fold["doses"]["wrong labels"][2] < fold["raw"]
    assert fold == dosed(setting, pair)


def test_a_response_is_the_slope_through_no_dose():
    folds = [
        {
            "train": 80,
            "test": 20,
            "raw": 0.9,
            "doses": {"wrong labels": [0.9 - slope * dose for dose in DOSES], "missing cells": [0.9] * 3},
        }
        for slope in (0.1, 0.2, 0.3)
    ]
    del folds[0]["doses"]["missing cells"]
    (response,) = responses(folds)  # what one fold did not measure is left out
    assert (response["dimension"], response["defect"], response["folds"]) == ("accuracy", "wrong labels", 3)
    assert response["per_percent"] == pytest.approx(-0.002)
    assert response["doses"] == [0.0, *DOSES]
    assert response["lift"] == pytest.approx([0, -0.02, -0.04, -0.08])
    assert response["error"] == pytest.approx(np.sqrt((1 / 3 + 0.25) * 0.001**2))
    assert response["low"] < response["per_percent"] < response["high"]
