"""Broken dependencies against generated tables whose slips are known."""

import re

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.core.state import freeze, thaw
from karat.flow import engine
from karat.flow.dataset import Dataset
from karat.quality.consistency.broken_dependencies import BrokenDependencies, blame_of

NAMES = {"latin": ("key", "town", "region", "noise"), "chinese": ("编号", "城市", "省份", "杂项")}


def places(records: int, seed: int, kind: str) -> tuple[dict[str, list[str | None]], list[tuple[int, str, str]]]:
    """key → town → region with slips in towns, and the truth of the cells that were spoiled."""
    rng = np.random.default_rng(seed)
    key, town, region, noise = NAMES[kind]
    letters = "abcdefghij" if kind == "latin" else "北京上海广州深圳杭苏"
    towns = ["".join(rng.choice(list(letters), 5)) for _ in range(40)]
    regions = ["".join(rng.choice(list(letters), 4)) for _ in range(6)]
    which = rng.integers(0, 40, records)
    table: dict[str, list[str | None]] = {
        key: [f"k{at}" for at in which],
        town: [towns[at] for at in which],
        region: [regions[at % 6] for at in which],
        noise: [str(x) for x in rng.integers(0, 50, records)],
    }
    spoiled = []
    for row in rng.permutation(records)[: records // 20].tolist():
        right, at, typo = str(table[town][row]), int(rng.integers(0, 5)), str(rng.choice(list("qrstuvwxyz")))
        table[town][row] = (
            None
            if row % 3 == 0
            else towns[(towns.index(right) + rng.integers(1, 40)) % 40]
            if row % 3 == 1
            else right[:at] + typo + right[at + 1 :]
        )
        spoiled.append((row, town, right))
    return table, spoiled


def block_of(columns: dict[str, list[str | None]], target: str = "") -> Block:
    roles = {name: Role.TARGET if name == target else Role.CATEGORY for name in columns}
    schema = Schema(tuple(Column(name, role) for name, role in roles.items()))
    size = len(next(iter(columns.values())))
    return Block(
        np.arange(size), pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}), schema
    )


def sure(block: Block) -> dict[tuple[int, str], str]:
    check = BrokenDependencies()
    found = check.judge(check.learn(block), block)
    assert isinstance(found, pa.Table)
    return {(f["row"], f["column"]): f["suggestion"] for f in found.to_pylist() if f["confidence"] >= 0.5}


@pytest.mark.parametrize("kind", NAMES)
def test_slips_are_found_and_mended(kind: str) -> None:
    columns, spoiled = places(1200, 3, kind)
    found = sure(block_of(columns))
    truth = {(row, column): right for row, column, right in spoiled}
    # a town replaced by one of the same region may as well be a wrong key: that stays open
    assert len(found.keys() & truth.keys()) >= 0.88 * len(truth)
    assert len(found.keys() - truth.keys()) <= 0.03 * len(truth)
    assert sum(found.get(cell) == right for cell, right in truth.items()) >= 0.88 * len(truth)


def test_independent_columns_are_left_alone() -> None:
    rng = np.random.default_rng(0)
    columns: dict[str, list[str | None]] = {f"c{k}": [str(x) for x in rng.integers(0, 3**k, 800)] for k in range(1, 7)}
    columns["lopsided"] = ["yes" if x < 0.02 else "no" for x in rng.random(800)]
    assert sure(block_of(columns)) == {}


def test_an_exception_with_a_reason_is_no_break() -> None:
    rng = np.random.default_rng(1)
    test = rng.integers(0, 20, 600)
    state = np.where(np.arange(600) < 20, "ak", "al")
    columns: dict[str, list[str | None]] = {
        "test": [f"t{x}" for x in test],
        "state": state.tolist(),
        "average": [f"{s}_{x}" for s, x in zip(state, test, strict=True)],
    }
    assert sure(block_of(columns)) == {}


def test_a_run_with_a_reason_hides_no_errors_elsewhere() -> None:
    rng = np.random.default_rng(1)
    test = rng.integers(0, 20, 600)
    state = np.where(np.arange(600) < 20, "ak", "al")
    average: list[str | None] = [f"{s}_{x}_points" for s, x in zip(state, test, strict=True)]
    spoiled = {(row, "average"): average[row] for row in range(60, 600, 90)}
    for row, _ in spoiled:
        average[row] = str(average[row]).replace("poi", "pai")
    columns: dict[str, list[str | None]] = {
        "test": [f"t{x}" for x in test],
        "title": [f"title of {x}" for x in test],
        "state": state.tolist(),
        "average": average,
    }
    assert sure(block_of(columns)) == spoiled


def test_the_target_is_neither_used_nor_judged() -> None:
    columns, _ = places(600, 5, "latin")
    blame = blame_of(BrokenDependencies().learn(block_of(columns, target="town")))
    assert blame.edges
    assert all("town" not in (edge.left, edge.right) for edge in blame.edges)


def test_counts_of_all_records_find_what_a_sample_cannot_see() -> None:
    columns, spoiled = places(40_000, 7, "latin")
    block = block_of(columns)
    learned = engine.learn(Dataset.of(block), [BrokenDependencies()])
    found = pa.concat_tables([found for _, found in engine.judge(Dataset.of(block), learned)]).to_pylist()
    truth = {(row, column): right for row, column, right in spoiled}
    hits = {(f["row"], f["column"]) for f in found if f["confidence"] >= 0.5}
    assert len(hits & truth.keys()) >= 0.94 * len(truth)
    assert len(hits - truth.keys()) <= 0.03 * len(truth)
    again = thaw(freeze(learned.states["BrokenDependencies"]))
    assert (
        BrokenDependencies()
        .judge(again, block.take(np.arange(500)))
        .equals(BrokenDependencies().judge(learned.states["BrokenDependencies"], block.take(np.arange(500))))
    )


def test_small_groups_that_agree_by_themselves_prove_nothing_of_a_large_one() -> None:
    rng = np.random.default_rng(2)
    gain = np.where(rng.random(6000) < 0.8, 0, rng.integers(1, 80, 6000))
    high = np.where(gain > 0, gain % 4 > 0, rng.random(6000) < 0.2)
    columns: dict[str, list[str | None]] = {
        "gain": [str(x) for x in gain],
        "income": ["high" if x else "low" for x in high],
    }
    assert sure(block_of(columns)) == {}


def test_what_one_group_holds_by_right_is_no_break() -> None:
    rng = np.random.default_rng(6)
    player, year = np.repeat(np.arange(150), 8), np.tile(np.arange(8), 150)
    first, second, moves = rng.integers(0, 20, 150), rng.integers(0, 20, 150), rng.integers(1, 12, 150)
    team = np.where(year < moves[player], first[player], second[player])
    columns: dict[str, list[str | None]] = {
        "player": [f"p{x}" for x in player],
        "year": [str(2000 + x) for x in year],
        "team": [f"t{x}" for x in team],
    }
    assert sure(block_of(columns)) == {}


def test_blanks_with_a_reason_and_blanks_alone_are_no_breaks() -> None:
    columns, _ = places(1_000, 8, "latin")
    rng = np.random.default_rng(9)
    noise = columns["noise"]
    columns["town"] = [f"town of {key}" for key in columns["key"]]
    columns["mayor"] = [None if rng.random() < 0.02 else f"m {key}" for key in columns["key"]]
    columns["rail"] = [None if noise[at] in ("7", "8") else f"r {key}" for at, key in enumerate(columns["key"])]
    assert sure(block_of(columns)) == {}


def test_errors_are_told_from_true_exceptions_when_a_quarter_of_the_cells_is_wrong() -> None:
    rng = np.random.default_rng(10)
    which = rng.integers(0, 200, 2_000)
    names = ("code", "name", "town", "zip")
    columns: dict[str, list[str | None]] = {name: [f"{name} {x}" for x in which] for name in names}
    truth: dict[tuple[int, str], str] = {}
    for name in names:
        for row in rng.permutation(2_000)[:500].tolist():
            right = str(columns[name][row])
            columns[name][row] = f"{name} {(which[row] + rng.integers(1, 200)) % 200}"
            truth[row, name] = right
    found = sure(block_of(columns))
    assert len(found.keys() & truth.keys()) >= 0.9 * len(truth)
    assert len(found.keys() & truth.keys()) >= 0.95 * len(found)


def test_every_number_of_a_message_holds_on_the_table() -> None:
    columns, _ = places(1_200, 11, "latin")
    block = block_of(columns)
    check = BrokenDependencies()
    said = check.judge(check.learn(block), block).to_pylist()
    assert said
    for one in said:
        words = re.fullmatch(
            r"(\w+) is '(\w+)' in ([\d,]+) of ([\d,]+) other records with (\w+) '(\w+)'", one["message"]
        )
        assert words
        column, value, backers, others, left, key = words.groups()
        pairs = zip(columns[left], columns[column], strict=True)
        beside = [cell for row, (k, cell) in enumerate(pairs) if k == key and cell is not None and row != one["row"]]
        assert (beside.count(value), len(beside)) == (int(backers), int(others))


def test_a_typing_error_beside_one_dependency_is_enough_but_not_with_two_other_records() -> None:
    rng = np.random.default_rng(5)
    names = ["".join(rng.choice(list("abcdefghij"), 9)) for _ in range(10)]
    keys = np.append(rng.integers(0, 30, 600), [30, 30, 30])  # three records of the last
    towns = [names[key % 10] for key in keys]
    spoiled = [*range(7, 600, 40), 602]
    for at in spoiled:
        towns[at] = towns[at][:3] + "x" + towns[at][4:]
    block = block_of({"key": [f"k{key}" for key in keys], "town": towns})
    check = BrokenDependencies()
    found = check.judge(check.learn(block), block)
    assert isinstance(found, pa.Table)
    sure = {one["row"]: one["confidence"] for one in found.to_pylist() if one["column"] == "town"}
    assert set(sure) == set(spoiled)
    assert min(sure[at] for at in spoiled[:-1]) >= 0.9 > sure[602] > 0.5
