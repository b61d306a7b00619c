import numpy as np
import pytest

from karat.core.schema import Column, Role
from karat.quality.accuracy.out_of_range import OutOfRange
from karat.quality.accuracy.outlying_numbers import OutlyingNumbers
from karat.quality.accuracy.unit_slips import UnitSlips
from karat.quality.accuracy.wrong_column import ValuesInWrongColumn


def texts(values, digits=2):
    return [f"{x:.{digits}f}" for x in values]


@pytest.mark.parametrize("far", ["1000000", "-50000"])
def test_a_number_behind_wide_empty_space_counts(judge, sure, far):
    a = texts(np.random.default_rng(0).normal(100, 5, 500))
    a[9] = far
    assert set(sure(judge(OutlyingNumbers(), {"a": a}))) == {(9, "a")}


@pytest.mark.parametrize("shape", ["lognormal", "pareto", "exponential", "standard_t"])
def test_heavy_tails_are_no_fault(judge, sure, shape):
    chance = np.random.default_rng(1)
    draws = {
        "lognormal": lambda: chance.lognormal(3, 1.2, 3000),
        "pareto": lambda: 10 * (1 + chance.pareto(1.5, 3000)),
        "exponential": lambda: chance.exponential(50, 3000),
        "standard_t": lambda: chance.standard_t(4, 3000),
    }
    assert len(sure(judge(OutlyingNumbers(), {"a": texts(draws[shape](), 3)}))) <= 1


def test_counts_of_which_most_are_zero(judge):
    a = ["0"] * 3000 + [str(x) for x in range(1, 30)] * 5
    assert not judge(OutlyingNumbers(), {"a": a})


def test_the_number_that_most_cells_hold_is_no_outlier(judge, sure):
    slips = ["-93", "-151", "-322"]
    a = [*["0"] * 900, *map(str, np.random.default_rng(2).integers(1, 80, 300)), *slips]
    assert set(sure(judge(OutlyingNumbers(), {"a": a}))) == {(1200 + at, "a") for at in range(3)}


def test_far_out_but_not_apart_is_suspicious_only(judge, sure):
    a = texts(np.random.default_rng(0).normal(100, 5, 500))
    a[9] = "121.5"
    found = judge(OutlyingNumbers(), {"a": a})
    assert (9, "a") in found
    assert not sure(found)


def test_the_evidence_is_the_same_whatever_the_blocks(make_block):
    a = texts(np.random.default_rng(0).normal(100, 5, 500))
    a[9] = "9000000"
    block = make_block({"a": a})
    check = OutlyingNumbers()
    parts = [check.learn(block.take(np.arange(at, at + 100))) for at in range(0, 500, 100)]
    merged = parts[0]
    for part in parts[1:]:
        merged = merged.merge(part)
    assert check.judge(merged, block).equals(check.judge(check.learn(block), block))


def test_codes_for_missing_are_gaps_and_not_outliers(judge):
    a = texts(np.random.default_rng(0).normal(500, 50, 1000))
    a[:40] = ["-200"] * 40
    for check in (OutlyingNumbers(), OutOfRange(), UnitSlips(), ValuesInWrongColumn()):
        found = judge(check, {"a": a, "b": texts(np.random.default_rng(1).normal(9, 1, 1000))})
        assert not [cell for cell in found if cell[1] == "a"]
        own = Column("a", Role.NUMBER, "float64", nulls=("77777",))
        assert not judge(check, {"a": ["77777" if x == "-200" else x for x in a], "b": ["x", "y"] * 500}, a=own)


def test_scatter_around_the_one_number_of_a_column_is_put_back(judge, sure):
    chance = np.random.default_rng(3)
    years = ["2022"] * 260
    spoiled = chance.choice(260, 30, replace=False).tolist()
    for at in spoiled:
        years[at] = str(round(2022 * (1 + chance.normal(0, 0.25))))
    found = sure(judge(OutlyingNumbers(), {"year": years}))
    assert {row for row, _ in found} == set(spoiled)
    assert {fix for _, fix in found.values()} == {"2022"}
    assert min(confidence for confidence, _ in found.values()) > 0.9


@pytest.mark.parametrize("rest", ["one side", "few numbers", "a peak", "zero"])
def test_other_habits_beside_one_number_are_no_scatter(judge, sure, rest):
    chance = np.random.default_rng(4)
    others = {
        "one side": lambda: chance.uniform(50, 100, 40),
        "few numbers": lambda: chance.choice([80.0, 90.0, 110.0, 120.0], 40),
        "a peak": lambda: 100 + chance.laplace(0, 1, 40) ** 3,
        "zero": lambda: chance.normal(0, 30, 40),
    }[rest]()
    usual = 0.0 if rest == "zero" else 100.0
    assert len(sure(judge(OutlyingNumbers(), {"a": texts([*[usual] * 160, *others])}))) <= 1


def test_another_population_and_a_repeated_code_are_no_outliers(judge, sure):
    chance = np.random.default_rng(5)
    assert not sure(judge(OutlyingNumbers(), {"a": texts([*chance.normal(50, 4, 480), *chance.normal(400, 9, 20)])}))
    assert not sure(judge(OutlyingNumbers(), {"a": texts([*chance.normal(50, 4, 495), *[998.0] * 5])}))


@pytest.mark.parametrize("cells", [20, 60])
def test_small_columns_have_outliers_too(judge, sure, cells):
    a = texts(np.random.default_rng(cells).normal(30, 2, cells))
    a[3] = "61.20"
    assert set(sure(judge(OutlyingNumbers(), {"a": a}))) == {(3, "a")}
