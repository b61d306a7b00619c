import numpy as np
import pytest

from karat.quality.accuracy.unit_slips import UnitSlips


@pytest.fixture
def ages():
    return [str(x) for x in np.random.default_rng(0).integers(18, 75, 1000)]


@pytest.mark.parametrize("factor", [0.001, 0.4536, 2.54, 1000.0, 0.01])
def test_the_factor_is_found_and_taken_back(judge, ages, factor):
    right = {at: ages[at] for at in (3, 50, 400, 700)}
    for at, value in right.items():
        ages[at] = f"{float(value) * factor:.6g}"
    spoiled = {at for at, value in right.items() if float(ages[at]) != round(float(ages[at])) or factor == 1000.0}
    found = judge(UnitSlips(), {"age": ages})
    assert {at for at, _ in found} == spoiled
    assert all(found[at, "age"][0] >= 0.5 for at in spoiled)
    assert sum(found[at, "age"][1] == right[at] for at in spoiled) >= len(spoiled) - 1


def test_the_wrong_sign(judge, sure):
    a = [f"{x:.1f}" for x in np.random.default_rng(0).normal(500, 20, 600)]
    a[7] = "-512.3"
    assert sure(judge(UnitSlips(), {"a": a})) == {(7, "a"): (0.88, "512.3")}


def test_more_digits_than_the_column_ever_has(judge, sure, ages):
    ages[4] = "33.718293"
    assert set(sure(judge(UnitSlips(), {"age": ages}))) == {(4, "age")}


def test_columns_that_use_all_digits_or_have_long_tails_are_left_alone(judge, sure):
    chance = np.random.default_rng(0)
    columns = {
        "fine": [repr(x) for x in chance.normal(0, 1, 500)],
        "tail": [f"{x:.2f}" for x in chance.lognormal(5, 1.5, 500)],
        "halves": [f"{x / 2:g}" for x in chance.integers(0, 90, 500)],
    }
    assert not sure(judge(UnitSlips(), columns))
