import numpy as np
import pytest

from karat.core.schema import Column, Role
from karat.quality.accuracy._code_lists import odd_codes
from karat.quality.accuracy.undocumented_codes import UndocumentedCodes


def odd(*pairs):
    codes, counts = zip(*pairs, strict=True)
    return {one.code: one.confidence for one in odd_codes(np.array(codes), np.array(counts))}


def sure(found):
    return {code for code, confidence in found.items() if confidence >= 0.5}


def test_a_zero_before_a_list_and_codes_behind_its_last_entry():
    found = odd((0, 12), (1, 9_000), (2, 12_000), (3, 4_000), (4, 130), (5, 300), (6, 40))
    assert sure(found) == {0, 5, 6}
    assert found[4] < 0.5
    assert sure(odd((0, 40), (1, 9_000), (2, 12_000), (3, 300))) == {0}


def test_states_before_a_scale_and_a_code_that_lies_apart():
    found = odd((-2, 900), (-1, 1_800), (0, 5_000), (1, 1_200), (2, 800), (3, 100), (4, 20))
    assert sure(found) == {-2, 0}
    assert found[-1] == 0.4
    assert sure(odd((1, 900), (2, 800), (3, 700), (9, 90))) == {9}


@pytest.mark.parametrize("mean", [0.7, 2, 4, 6])
def test_counts_of_things_are_no_lists(mean):
    values, counts = np.unique(np.random.default_rng(0).poisson(mean, 20_000), return_counts=True)
    assert odd_codes(values, counts) == []


def test_neither_are_opinions_marks_degrees_flags_or_short_columns():
    random = np.random.default_rng(1)
    assert odd((-2, 100), (-1, 300), (0, 500), (1, 300), (2, 100)) == {}
    assert odd((1, 100), (2, 300), (3, 500), (4, 300), (5, 100)) == {}
    degrees, counts = np.unique(np.round(random.normal(6, 6, 5_000)).astype(int), return_counts=True)
    assert odd_codes(degrees, counts) == []
    assert odd((0, 5_000), (1, 30)) == {}
    assert odd((0, 1), (1, 40), (2, 50)) == {}
    halves, counts = np.unique(random.geometric(0.6, 20_000), return_counts=True)
    assert odd_codes(halves, counts) == []


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
