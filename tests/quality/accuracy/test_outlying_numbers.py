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


def test_far_out_but_not_apart_is_suspicious_only(judge, sure):
    a = texts(np.random.default_rng(0).normal(100, 5, 500))
    a[9] = "132"
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
        assert not judge(check, {"a": a, "b": texts(np.random.default_rng(1).normal(9, 1, 1000))})
        own = Column("a", Role.NUMBER, "float64", nulls=("77777",))
        assert not judge(check, {"a": ["77777" if x == "-200" else x for x in a], "b": ["x", "y"] * 500}, a=own)
