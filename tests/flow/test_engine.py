"""The engine: states merge to the same in any number of blocks and threads, groups are counted, failures left out."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply, findings
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Check, Grouping
from karat.flow import engine
from karat.flow.dataset import Dataset

SCHEMA = Schema((Column("a", Role.CATEGORY), Column('b"', Role.CATEGORY)))


@dataclass(frozen=True)
class Total:
    """How many records were seen, and the blocks in their order."""

    records: int
    order: tuple[int, ...]

    def merge(self, other: "Total") -> "Total":
        return Total(self.records + other.records, self.order + other.order)


@dataclass(frozen=True)
class Counting(Check):
    """Names the first record of every block."""

    dimension: ClassVar[Dimension] = Dimension.ACCURACY

    def learn(self, block: Block) -> Total:
        return Total(len(block), (int(block.rows[0]),))

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        seen = "nothing" if before is None else f"{before.records}"
        return self.found(1, row=[int(block.rows[0])], confidence=0.9, message=f"{seen} of {state.records}")


@dataclass(frozen=True)
class Ordered(Counting):
    """The same, told what came before."""

    ordered: ClassVar[bool] = True


@dataclass(frozen=True)
class Failing(Counting):
    """Fails at a verb."""

    verb: str = "learn"

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return self._fails("applies") or None

    def learn(self, block: Block) -> Total:
        self._fails("learn")
        return super().learn(block)

    def judge(self, state: Any, block: Block, before: Any = None) -> pa.Table:
        self._fails("judge")
        return super().judge(state, block, before)

    def conclude(self, state: Any, schema: Schema) -> pa.Table:
        self._fails("conclude")
        return findings(self.code(), self.dimension, 1, confidence=1.0, message="done")

    def _fails(self, verb: str) -> None:
        if verb == self.verb:
            raise ZeroDivisionError


def on_disk(place, blocks: int, size: int = 3) -> Dataset:
    path = place / f"{blocks}.arrow"
    names = pa.schema([("_row", pa.int64()), ("a", pa.string()), ('b"', pa.string())])
    with pa.ipc.new_file(str(path), names) as writer:
        for at in range(blocks):
            rows = pa.array(np.arange(size) + at * size)
            writer.write_batch(pa.record_batch([rows, pa.array(["x", "y", None]), pa.array(["p", "q", "r"])], names))
    return Dataset(SCHEMA, path=path)


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("blocks", [1, 2, 3, 5, 8])
def test_states_merge_in_the_order_of_the_blocks(tmp_path, blocks, workers):
    ticks = []
    learned = engine.learn(
        on_disk(tmp_path, blocks), [Counting()], workers=workers, tick=lambda done, of: ticks.append((done, of))
    )
    assert learned.states == {"Counting": Total(3 * blocks, tuple(range(0, 3 * blocks, 3)))}
    assert ticks == [(at, blocks) for at in range(1, blocks + 1)]
    assert learned.before == {}


@pytest.mark.parametrize("workers", [1, 3])
def test_an_ordered_check_is_told_what_came_before(tmp_path, workers):
    data = on_disk(tmp_path, 4)
    learned = engine.learn(data, [Ordered(), Counting()], workers=workers)
    assert learned.before == {"Ordered": [None, Total(3, (0,)), Total(6, (0, 3)), Total(9, (0, 3, 6))]}
    judged = list(engine.judge(data, learned, workers=workers))
    assert [int(block.rows[0]) for block, _ in judged] == [0, 3, 6, 9]
    said = [entry for _, table in judged for entry in table.to_pylist()]
    assert [(entry["row"], entry["check"]) for entry in said[:2]] == [(0, "Counting"), (0, "Ordered")]
    assert [entry["message"] for entry in said if entry["check"] == "Ordered"] == [
        "nothing of 12",
        "3 of 12",
        "6 of 12",
        "9 of 12",
    ]
    assert {entry["message"] for entry in said if entry["check"] == "Counting"} == {"nothing of 12"}


def test_without_records_nothing_is_learned(tmp_path):
    learned = engine.learn(on_disk(tmp_path, 0), [Counting()])
    assert (learned.checks, learned.states, learned.skipped) == ({}, {}, {"Counting": "no records"})


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("verb", "skipped"),
    [("applies", "failed at applies"), ("learn", "failed at learn"), ("judge", "failed at judge"), ("conclude", None)],
)
def test_a_strangers_check_that_fails_is_left_out_and_the_others_go_on(tmp_path, verb, skipped):
    data = on_disk(tmp_path, 2)
    learned = engine.learn(data, [Failing(verb), Counting()])
    judged = pa.concat_tables([table for _, table in engine.judge(data, learned)])
    concluded = engine.conclude(learned, SCHEMA)
    assert learned.skipped.get("Failing") == skipped
    assert judged["check"].to_pylist().count("Counting") == 2
    assert concluded.num_rows == (verb == "judge")


def test_a_check_without_what_it_needs_and_one_of_another_kind_say_why():
    needy = type("Needy", (Counting,), {"needs": frozenset({"zeta", "alpha"})})
    other = type("Other", (Counting,), {"kinds": frozenset({"series"})})
    block = Block(np.arange(1), pa.table({"a": ["x"], 'b"': ["y"]}), SCHEMA)
    learned = engine.learn(Dataset.of(block), [needy(), other(), Counting()])
    assert learned.skipped == {"Needy": "needs alpha, zeta", "Other": "not made for table"}
    assert list(learned.checks) == ["Counting"]


def test_values_beside_keys_are_counted_and_blanks_left_out(tmp_path):
    data = on_disk(tmp_path, 2)
    plain, conflicts = Grouping(("a",), 'b"'), Grouping(("a",), 'b"', conflicts_only=True)
    answers = engine.group(data, [plain, conflicts], workers=2)
    assert answers[plain].to_pylist() == [
        {"key_0": "x", "value": "p", "n": 2},
        {"key_0": "y", "value": "q", "n": 2},
    ]
    assert answers[conflicts].num_rows == 0
    block = Block(np.arange(3), pa.table({"a": ["x", "x", "y"], 'b"': ["q", "p", "p"]}), SCHEMA)
    conflict = engine.group(Dataset.of(block), [conflicts])[conflicts]
    assert conflict.to_pylist() == [{"key_0": "x", "value": "p", "n": 1}, {"key_0": "x", "value": "q", "n": 1}]


@pytest.mark.parametrize("conflicts", [False, True])
def test_columns_may_be_named_as_the_answer_names_its_own(conflicts):
    schema = Schema((Column("value", Role.CATEGORY), Column("key_0", Role.CATEGORY)))
    table = pa.table({"value": ["x", "x", "y", "y"], "key_0": ["p", "q", "r", "r"]})
    asked = Grouping(("value",), "key_0", conflicts_only=conflicts)
    counted = engine.group(Dataset.of(Block(np.arange(4), table, schema)), [asked])[asked]
    pairs = [("x", "p", 1), ("x", "q", 1), ("y", "r", 2)]
    assert [tuple(entry.values()) for entry in counted.to_pylist()] == pairs[: 2 if conflicts else 3]


def test_findings_of_a_block_are_sorted_by_record_column_and_check():
    def judge(self: Any, state: Any, block: Block, before: Any = None) -> pa.Table:
        return self.found(3, row=[2, 0, 0], column=["a", 'b"', "a"], confidence=0.9, message="m")

    checks = [type(name, (Counting,), {"judge": judge})() for name in ("Zeta", "Alpha")]
    block = Block(np.arange(3), pa.table({"a": ["x"] * 3, 'b"': ["y"] * 3}), SCHEMA)
    learned = engine.learn(Dataset.of(block), checks)
    said = engine.judge_block(learned, block).to_pylist()
    assert [(entry["row"], entry["column"], entry["check"]) for entry in said] == [
        (row, column, check) for row, column in ((0, "a"), (0, 'b"'), (2, "a")) for check in ("Alpha", "Zeta")
    ]


def test_work_on_each_block_comes_back_in_order(tmp_path):
    data = on_disk(tmp_path, 5)
    assert list(engine.each_block(lambda block: int(block.rows[0]), data, 3)) == [0, 3, 6, 9, 12]
