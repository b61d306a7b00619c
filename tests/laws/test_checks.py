"""The laws every check keeps, whoever wrote it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from karat.core.block import Block
from karat.core.finding import FINDINGS, DoesNotApply
from karat.core.registry import units
from karat.core.schema import Schema
from karat.core.state import freeze, thaw
from karat.core.unit import Check
from karat.flow import dataset, engine
from karat.flow.dataset import Dataset

CHECKS = units("check")
every_check = pytest.mark.parametrize("code", CHECKS)


def outcome(check: Check, block: Block, workers: int = 1) -> tuple[str, pa.Table | None]:
    """Everything a check says about records: its state, and its findings."""
    data = Dataset(block.schema, table=block.table, rows=block.rows, extra=block.extra)
    learned = engine.learn(data, [check], workers=workers)
    if not learned.states:
        return "does not apply", None
    judged = [found for _, found in engine.judge(data, learned, workers=workers)]
    said = pa.concat_tables([engine.conclude(learned, block.schema), *judged]).combine_chunks()
    measures = check.measures(learned.states[check.code()], block.schema, said)
    return repr(measures), said


def with_answers(block: Block) -> Block:
    """The block with what flow computes for checks that need a model."""
    chance = np.random.default_rng(1)
    codes = (np.array(block.text("y").to_pylist(), object) == "yes").astype(float)
    sure = np.clip(0.15 + 0.7 * codes + chance.normal(0, 0.1, len(block)), 0.01, 0.99)
    extra = {
        "out_of_fold": np.column_stack([1 - sure, sure]),
        "classes": ["no", "yes"],
        "now": np.datetime64("2024-06-01", "us"),
    }
    return Block(block.rows, block.table, block.schema, extra)


@every_check
@pytest.mark.parametrize("size", [7, 1000])
@pytest.mark.parametrize("workers", [1, 2])
def test_the_answer_does_not_depend_on_blocks_or_workers(code, size, workers, planted_block, monkeypatch):
    block = with_answers(planted_block.take(np.arange(300)) if size == 7 else planted_block)
    whole = outcome(CHECKS[code](), block)
    monkeypatch.setattr(dataset, "BLOCK_RECORDS", size)
    monkeypatch.setattr(engine, "judge_block", engine.judge_block)
    parts = outcome(CHECKS[code](), block, workers)
    assert parts[0] == whole[0]
    if whole[1] is not None:
        order = [(name, "ascending") for name in FINDINGS.names]
        assert parts[1].sort_by(order).equals(whole[1].sort_by(order))


@every_check
def test_findings_have_the_right_form(code, planted_block):
    block = with_answers(planted_block)
    before = block.table.slice(0)
    _, said = outcome(CHECKS[code](), block)
    assert block.table.equals(before)
    if said is None:
        return
    assert said.schema.equals(FINDINGS)
    assert set(said["check"].to_pylist()) <= {code}
    confidence = said["confidence"].to_numpy()
    assert ((confidence >= 0) & (confidence <= 1)).all()
    assert said["message"].null_count == 0
    assert pc.all(pc.greater(pc.utf8_length(said["message"]), 10), min_count=0).as_py()
    rows = said["row"].drop_null()
    assert pc.all(pc.is_in(rows, pa.array(block.rows)), min_count=0).as_py()
    assert set(said["column"].drop_null().to_pylist()) <= set(block.schema.names)
    for row, column, value in zip(
        said["row"].to_pylist(), said["column"].to_pylist(), said["value"].to_pylist(), strict=True
    ):
        if row is not None and column is not None and value is not None:
            assert value == block.text(column)[row].as_py()


@every_check
def test_the_state_survives_being_written_down(code, planted_block):
    block = with_answers(planted_block.take(np.arange(400)))
    data = Dataset(block.schema, table=block.table, rows=block.rows, extra=block.extra)
    learned = engine.learn(data, [CHECKS[code]()])
    if not learned.states:
        return
    text = freeze(learned.states[code])
    state = thaw(text)
    assert freeze(state) == text
    check, before = CHECKS[code](), learned.before.get(code, [None])[0]
    fresh = check.judge(state, data.block(0), before)
    first = check.judge(learned.states[code], data.block(0), before)
    assert isinstance(fresh, DoesNotApply) == isinstance(first, DoesNotApply)
    if not isinstance(fresh, DoesNotApply):
        assert fresh.equals(first)


@every_check
@pytest.mark.parametrize("kind", ["one record", "all blank", "one value", "strange text"])
def test_degenerate_tables_break_nothing(code, kind, planted_block):
    block = with_answers(planted_block.take(np.arange(1 if kind == "one record" else 30)))
    table = block.table
    if kind == "all blank":
        table = pa.table({name: pa.nulls(30, pa.string()) for name in table.column_names})
    if kind == "one value":
        table = pa.table({name: pa.array(["7"] * 30) for name in table.column_names})
    if kind == "strange text":
        odd = ["", "\x00", "\ufeff", "😀", "a" * 5000, "-", "1e999", "９", "\u202e", "'", '"', "NaN"]
        table = pa.table({name: pa.array((odd * 3)[:30]) for name in table.column_names})
    held = Block(block.rows, table, block.schema, block.extra)
    _, said = outcome(CHECKS[code](), held)
    assert said is None or said.schema.equals(FINDINGS)


@every_check
def test_a_table_with_no_fitting_column_is_no_finding(code, planted_block):
    empty = Schema(())
    block = Block(
        planted_block.rows, pa.table({"x": pa.nulls(len(planted_block), pa.string())}).drop_columns(["x"]), empty
    )
    verdict = CHECKS[code]().applies(empty)
    if verdict is None:
        assert outcome(CHECKS[code](), block)[1].num_rows == 0
    else:
        assert verdict.reason


def test_every_dimension_has_three_checks():
    sizes = {}
    for check in CHECKS.values():
        sizes[check.dimension] = sizes.get(check.dimension, 0) + 1
    assert all(sizes.get(name, 0) >= 3 for name in ("accuracy", "consistency", "completeness", "timeliness")), sizes
