import numpy as np

from karat.core.schema import Column, Role
from karat.quality.accuracy.undocumented_codes import UndocumentedCodes


def told(make_block, **columns):
    block = make_block(
        {name: [str(v) for v in values] for name, values in columns.items()},
        bad=Column("bad", Role.TARGET, "string"),
    )
    check = UndocumentedCodes()
    return check.conclude(check.learn(block), block.schema).to_pylist()


def test_the_outcome_and_the_company_of_a_code_are_told(make_block):
    random = np.random.default_rng(2)
    n = 3_000
    schooling = np.where(random.random(n) < 0.01, 0, random.integers(1, 4, n))
    bad = np.where(random.random(n) < np.where(schooling == 0, 0.9, 0.2), "是", "否")
    income = random.normal(np.where(schooling == 0, 90, 30), 5).round(2)
    found = told(make_block, 学历=schooling, income=income, bad=bad)
    assert [(one["row"], one["column"], one["value"]) for one in found] == [(None, "学历", "0")]
    assert "'bad' is 是" in found[0]["message"]
    assert "unlike" in found[0]["message"]
    assert "'income': median 88.78" in found[0]["message"]


def test_quantities_and_long_lists_are_left_alone(make_block):
    random = np.random.default_rng(3)
    n = 2_000
    found = told(
        make_block,
        age=random.integers(18, 90, n),
        price=random.normal(size=n).round(1),
        bad=random.choice(["x", "y"], n),
    )
    assert found == []
