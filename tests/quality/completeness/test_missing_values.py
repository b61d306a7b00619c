import numpy as np

from karat.core.schema import Column, Role
from karat.quality.completeness.missing_values import MissingValues


def texts(size, seed=0):
    return [str(x) for x in np.random.default_rng(seed).integers(0, 50, size)]


def test_a_column_with_gaps_is_one_finding_and_every_gap_is_counted(make_block):
    a = texts(400)
    a[:40] = [None] * 40
    a[40:60] = ["?"] * 20
    block = make_block({"a": a, "b": texts(400, 1)}, a=Column("a", Role.NUMBER, "float64", nulls=("?",)))
    check = MissingValues()
    state = check.learn(block)
    told = check.conclude(state, block.schema).to_pylist()
    assert [(row["column"], row["row"]) for row in told] == [("a", None)]
    assert "60 of 400" in told[0]["message"]
    [measure] = check.measures(state, block.schema, check.judge(state, block))
    assert (measure.bad, measure.total) == (60, 800)


def test_a_blank_counts_as_a_wrong_cell_only_where_everybody_fills_in(judge):
    lone, several = texts(1000), texts(1000, 1)
    lone[7] = None
    for at in range(20):
        several[at] = None
    assert judge(MissingValues(), {"lone": lone, "several": several}) == {(7, "lone"): (0.95, None)}


def test_gaps_that_another_column_explains_are_structural_and_not_counted(make_block):
    sex = ["男" if at % 2 else "女" for at in range(300)]
    births = [None if sex[at] == "男" else str(at % 4) for at in range(300)]
    block = make_block({"sex": sex, "births": births})
    check = MissingValues()
    state = check.learn(block)
    [row] = check.conclude(state, block.schema).to_pylist()
    assert "structural" in row["message"]
    assert "'男'" in row["message"]
    [measure] = check.measures(state, block.schema, check.judge(state, block))
    assert (measure.bad, measure.total) == (0, 300)


def test_states_merge_to_the_state_of_the_whole(make_block):
    a = texts(600)
    a[3] = a[500] = None
    block = make_block({"a": a})
    check = MissingValues()
    merged = check.learn(block.take(np.arange(250))).merge(check.learn(block.take(np.arange(250, 600))))
    assert check.conclude(merged, block.schema).equals(check.conclude(check.learn(block), block.schema))
