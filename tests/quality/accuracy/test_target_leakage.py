import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.accuracy.target_leakage import TargetLeakage, knowledge

N = 800


def told(make_block, task="classification", **columns):
    block = make_block(
        {name: [None if v is None else str(v) for v in values] for name, values in columns.items()},
        y=Column("y", Role.TARGET, "float64" if task == "regression" else "string"),
    )
    block = Block(block.rows, block.table, Schema(block.schema.columns, task=task))
    check = TargetLeakage()
    found = check.conclude(check.learn(block), block.schema).to_pylist()
    return {one["column"]: one["confidence"] for one in found}


def loans(seed=0):
    random = np.random.default_rng(seed)
    income = random.normal(size=N).round(2)
    y = np.where(random.random(N) < 1 / (1 + np.exp(-1.5 * income)), "repaid", "default")
    return random, income, y


def test_a_copy_of_the_answer_and_a_column_filled_after_it(make_block):
    random, income, y = loans()
    again = np.where(y == "default", "催收", "正常")
    case = np.where(y == "default", random.integers(1, 9, N).astype(str), None)
    found = told(make_block, income=income, again=again, case=case, y=y)
    assert found == {"again": 0.8, "case": 0.85}


def test_one_that_is_far_ahead_is_asked_about(make_block):
    random, income, y = loans()
    late = np.where(random.random(N) < 0.02, "n", np.where(y == "default", "j", "n"))
    late = np.where(random.random(N) < 0.5, late, np.char.add(late, "?"))
    assert told(make_block, income=income, late=late, y=y) == {"late": 0.45}


@pytest.mark.parametrize("classes", [3, 6])
def test_more_classes_and_numbers(make_block, classes):
    random = np.random.default_rng(0)
    y = random.integers(0, classes, N)
    found = told(make_block, part=y // 2, whole=y * 7 + 3, noise=random.normal(size=N).round(2), y=[f"c{v}" for v in y])
    assert list(found) == ["whole"]
    price = random.gamma(2, 50, N).round(2)
    found = told(make_block, "regression", gross=(price * 1.19).round(2), noise=random.normal(size=N).round(2), y=price)
    assert "noise" not in found


def test_honest_columns_give_nothing_away(make_block):
    x, y = load_breast_cancer(return_X_y=True)
    assert told(make_block, **{f"x{k}": x[:, k] for k in range(30)}, y=[f"c{v}" for v in y]) == {}
    x, y = load_diabetes(return_X_y=True)
    assert told(make_block, "regression", **{f"x{k}": x[:, k] for k in range(10)}, y=y) == {}


def test_random_keys_do_not_look_like_knowledge(make_block):
    random, _, y = loans()
    block = make_block(
        {"key": [f"k{v}" for v in random.integers(0, 300, N)], "y": y.tolist()},
        key=Column("key", Role.CATEGORY),
        y=Column("y", Role.TARGET),
    )
    assert knowledge(Block(block.rows, block.table, Schema(block.schema.columns, "classification")))["key"][0] < 0.25


def test_a_class_letter_in_an_identifier_is_told(make_block):
    random, income, y = loans()
    codes = [
        f"{'K' if one == 'default' else 'M'}{number}" for one, number in zip(y, random.permutation(N), strict=True)
    ]
    plain = [f"{'KM'[at % 2]}{number}" for at, number in enumerate(random.permutation(N))]
    roles = {"code": codes, "other": plain, "income": income}
    block = make_block(
        {name: [str(value) for value in values] for name, values in (roles | {"y": y}).items()},
        y=Column("y", Role.TARGET, "string"),
        code=Column("code", Role.ID, "string"),
        other=Column("other", Role.ID, "string"),
    )
    block = Block(block.rows, block.table, Schema(block.schema.columns, task="classification"))
    check = TargetLeakage()
    found = check.conclude(check.learn(block), block.schema).to_pylist()
    assert [one["column"] for one in found] == ["code"]
    assert "letters it begins with" in found[0]["message"]


@pytest.mark.parametrize("bundled", [load_breast_cancer, load_wine])
def test_gaps_filled_with_the_mean_of_their_class_are_told_in_a_good_column_and_a_small_table(make_block, bundled):
    x, y = bundled(return_X_y=True)
    gone = np.random.default_rng(1).random(len(y)) < 0.43
    for column in (2, 9):
        means = np.array([x[y == k, column].mean().round(5) for k in range(y.max() + 1)])
        filled = np.where(gone, means[y], x[:, column])
        assert told(make_block, filled=filled, y=[f"c{v}" for v in y]) == {"filled": 0.85}
        overall = np.where(gone, x[:, column].mean().round(5), x[:, column])
        assert told(make_block, filled=overall, y=[f"c{v}" for v in y]) == {}
