"""Single values, gaps and zeros that give the outcome away, in tables whose leak is known."""

import numpy as np
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy._telling_values import interval, telling_values
from karat.quality.accuracy.target_leakage import TargetLeakage

N = 900


@pytest.fixture
def told(make_block):
    def tell(y: np.ndarray, **columns) -> dict[str, tuple[float, str]]:
        texts = {name: [None if v is None else str(v) for v in values] for name, values in (columns | {"y": y}).items()}
        times = {name: Column(name, Role.TIME, format="%Y-%m-%d") for name in texts if name == "closed"}
        block = make_block(texts, y=Column("y", Role.TARGET), **times)
        block = Block(block.rows, block.table, Schema(block.schema.columns, task="classification"))
        known = np.ones(len(block), bool)
        judged = block.schema.with_role(Role.NUMBER, Role.CATEGORY, Role.TIME)
        found = telling_values(block, judged, block.encoded("y")[0], known)
        return {one.column: (one.confidence, one.evidence) for one in found}

    return tell


def outcomes(seed: int = 0) -> tuple[np.random.Generator, np.ndarray]:
    chance = np.random.default_rng(seed)
    return chance, np.where(chance.random(N) < 0.3, "lost", "kept")


def test_an_amount_that_exists_only_afterwards(told) -> None:
    chance, y = outcomes()
    paid = np.where((y == "lost") & (chance.random(N) < 0.9), chance.gamma(2, 300, N).round(2), 0.0)
    income = chance.gamma(2, 300, N).round(2)
    found = told(y, paid=paid, income=income)
    assert list(found) == ["paid"]
    sure, said = found["paid"]
    assert sure == 0.85
    share = (paid[y == "lost"] == 0).mean()
    assert f"'0.0' in {share:.1%} of the records with 'lost' and in 100.0% of the others" in said


def test_a_date_that_is_blank_for_the_others(told) -> None:
    chance, y = outcomes()
    day = np.where(y == "lost", [f"2024-03-{d:02d}" for d in chance.integers(1, 29, N)], None)
    sure, said = told(y, closed=day)["closed"]
    assert sure == 0.85
    assert said.startswith("blank in")


def test_gaps_filled_with_the_mean_of_their_class(told) -> None:
    chance, y = outcomes()
    amount = chance.normal(50, 10, N).round(3)
    filled = np.where(chance.random(N) < 0.4, np.where(y == "lost", 17.112, 71.208), amount)
    sure, said = told(y, amount=filled)["amount"]
    assert sure == 0.45  # no means of the other values, and one of the two outcomes is too common to be surprising
    even = np.where(chance.random(N) < 0.5, "lost", "kept")
    filled = np.where(chance.random(N) < 0.4, np.where(even == "lost", 17.112, 71.208), amount)
    sure, said = told(even, amount=filled)["amount"]
    assert sure == 0.85
    assert "17.112" in said
    means = [round(amount[y == one].mean(), 3) for one in ("lost", "kept")]
    sure, said = told(y, amount=np.where(chance.random(N) < 0.4, np.where(y == "lost", *means), amount))["amount"]
    assert sure == 0.85
    assert "the means of their other values" in said
    assert told(even, amount=np.where(chance.random(N) < 0.4, 50.001, amount)) == {}  # filled with one mean


def test_a_status_that_only_one_outcome_has_is_asked_about(told) -> None:
    chance, y = outcomes()
    status = chance.choice(["a", "b", "c"], N)
    sure, said = told(y, status=np.where((y == "lost") & (chance.random(N) < 0.4), "z", status))["status"]
    assert sure == 0.45
    assert said.startswith("'z' occurs with 'lost'")
    assert told(y, status=status) == {}


def test_the_outcome_by_another_name(told) -> None:
    chance, y = outcomes()
    other = np.where(chance.random(N) < 0.02, "B", np.where(y == "lost", "A", "B"))
    assert told(y, other=other)["other"][0] == 0.7
    worse = np.where(chance.random(N) < 0.3, "B", np.where(y == "lost", "A", "B"))
    assert told(y, worse=worse) == {}


def test_a_good_column_is_none(told) -> None:
    chance, y = outcomes()
    strong = np.where(y == "lost", chance.normal(2, 1, N), chance.normal(0, 1, N)).round(1)
    assert told(y, strong=strong) == {}


def test_case_numbers_in_the_order_of_the_outcome(make_block) -> None:
    chance, y = outcomes()
    order = np.argsort(np.argsort(y, kind="stable"), kind="stable") + 1
    texts = {"number": order.astype(str).tolist(), "x": chance.random(N).round(3).astype(str).tolist(), "y": y.tolist()}
    block = make_block(texts, number=Column("number", Role.ID, "int64"), y=Column("y", Role.TARGET))
    block = Block(block.rows, block.table, Schema(block.schema.columns, task="classification"))
    check = TargetLeakage()
    found = check.conclude(check.learn(block), block.schema).to_pylist()
    assert [(one["column"], one["confidence"]) for one in found] == [("number", 0.7)]


def test_wilson() -> None:
    assert interval(0.5, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert interval(1.0, 30)[1] == pytest.approx(1.0)
