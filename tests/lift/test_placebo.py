"""The placebo: same actions, columns, counts and classes; other records."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.patch import apply, changes, no_changes
from karat.core.schema import Column, Role, Schema
from karat.lift.placebo import placebo, strata


def block(task: str = "classification") -> Block:
    rng = np.random.default_rng(0)
    table = pa.table(
        {
            "x": [str(v) for v in rng.integers(0, 9, 200)],
            "y": [("是", "否")[v] for v in rng.integers(0, 2, 200)]
            if task == "classification"
            else [f"{v}" for v in range(200)],
        }
    )
    columns = (
        Column("x", Role.NUMBER, "int64"),
        Column("y", Role.TARGET, "string" if task == "classification" else "float64"),
    )
    return Block(np.arange(200) * 3, table, Schema(columns, task=task))


def patch(held: Block) -> pa.Table:
    yes = held.rows[np.array(held.text("y").to_pylist()) == "是"]
    cells = changes(20, row=yes[:20], column="x", action="set", after=["100"] * 10 + [None] * 10, check="C")
    drops = changes(15, row=yes[20:35], action="drop", check="C")
    return pa.concat_tables([cells, drops])


def test_same_counts_classes_and_values() -> None:
    held = block()
    made = placebo(held, patch(held), np.random.default_rng(1))
    cells = made.filter(pa.compute.equal(made["action"], "set"))
    assert sorted(map(str, cells["after"].to_pylist())) == ["100"] * 10 + ["None"] * 10
    table, rows = apply(held.table, held.rows, made)
    yes, before = (np.array(t["y"].to_pylist()) == "是" for t in (table, held.table))
    assert before.sum() - yes.sum() == 15
    assert (~before).sum() == (~yes).sum()
    assert len(rows) == 185


def test_draws_differ_by_seed_and_repeat_for_one() -> None:
    held = block()
    one, again, other = (placebo(held, patch(held), np.random.default_rng(s)) for s in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)


def test_relabelling_moves_the_same_classes() -> None:
    held = block()
    yes = held.rows[np.array(held.text("y").to_pylist()) == "是"][:12]
    made = placebo(
        held, changes(12, row=yes, column="y", action="set", after="否", check="C"), np.random.default_rng(3)
    )
    labels = dict(zip(held.rows.tolist(), held.text("y").to_pylist(), strict=True))
    assert made["after"].to_pylist() == ["否"] * 12
    assert {labels[row] for row in made["row"].to_pylist()} == {"是"}


def test_bands_of_a_numeric_target() -> None:
    assert np.bincount(strata(block("regression"))).tolist() == [40] * 5


def test_nothing_to_imitate() -> None:
    assert placebo(block(), no_changes(), np.random.default_rng(0)).num_rows == 0


@pytest.mark.parametrize("rows", [[1, 2], [100_000]])
def test_rows_that_are_not_there_are_passed_over(rows: list[int]) -> None:
    made = placebo(block(), changes(len(rows), row=rows, action="drop", check="C"), np.random.default_rng(0))
    assert made.num_rows == 0
