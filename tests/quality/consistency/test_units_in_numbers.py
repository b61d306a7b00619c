import numpy as np
import pytest

from karat.quality.consistency.unit_words import factor_between, read_measured
from karat.quality.consistency.units_in_numbers import UnitsInNumbers


def spread(values, size=300):
    return [values[at % len(values)] for at in range(size)]


def test_several_spellings_of_one_unit_become_the_number_though_no_cell_is_clean(judge):
    ounces = spread(["12.0 oz", "12.0 oz.", "16.0 ounce", "8.4 OZ.", "12.0 oz. can"])
    found = judge(UnitsInNumbers(), {"ounces": ounces})
    assert len(found) == 300
    assert [found[at, "ounces"][1] for at in range(5)] == ["12", "12", "16", "8.4", "12"]
    assert min(told[0] for told in found.values()) >= 0.9


def test_a_column_that_writes_all_its_numbers_alike_is_only_pointed_out(judge, make_block, sure):
    columns = {"n": [f"{at} patients" for at in range(200)], "share": [f"{at % 100}%" for at in range(200)]}
    assert not sure(judge(UnitsInNumbers(), columns))
    block = make_block(columns)
    check = UnitsInNumbers()
    assert check.conclude(check.learn(block), block.schema)["column"].to_pylist() == ["n", "share"]


def test_a_misspelt_unit_is_written_as_the_rest(judge, sure):
    n = [f"{at} patients" for at in range(200)]
    n[3], n[4] = "3 paxienxs", "4"
    found = sure(judge(UnitsInNumbers(), {"n": n}))
    assert {cell: told[1] for cell, told in found.items()} == {(3, "n"): "3 patients", (4, "n"): "4 patients"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("35 units", "35"),
        ("0.07%", "0.07"),
        ("0.055999999999999994%", "0.056"),
        ("$35", "35"),
        ("35元", "35"),
        ("35 公斤", "35"),
        ("¥35", "35"),
    ],
)
def test_a_unit_among_bare_numbers_is_taken_off(judge, text, wanted):
    numbers = [str(x) for x in np.round(np.random.default_rng(0).uniform(0.03, 0.1, 400), 3)]
    numbers[6] = text
    assert judge(UnitsInNumbers(), {"a": numbers})[6, "a"][1] == wanted


def test_another_unit_of_the_same_measure_is_converted(judge):
    weights = [f"{60 + at % 30} kg" for at in range(200)] + [f"{65000 + at} g" for at in range(60)]
    found = judge(UnitsInNumbers(), {"w": weights})
    assert found[0, "w"][1] == "60"
    assert found[200, "w"][1] == "65"
    assert factor_between("wan cny", "cny") == 1e4


def test_per_cent_is_divided_where_the_bare_numbers_are_shares(judge):
    rates = [f"{x:.3f}" for x in np.random.default_rng(1).uniform(0.02, 0.09, 300)]
    rates[5] = "5.5%"
    assert judge(UnitsInNumbers(), {"r": rates})[5, "r"][1] == "0.055"


@pytest.mark.parametrize("text", ["12th", "1 - 4 yrs", "< 100 DM", "10:30", "abc"])
def test_what_is_no_number_with_a_unit(text):
    assert read_measured(text) is None


def test_house_numbers_are_no_units(judge):
    streets = [
        "main",
        "oak",
        "pine",
        "elm",
        "lake",
        "hill",
        "park",
        "mill",
        "river",
        "church",
        "spring",
        "ridge",
        "forest",
        "bay",
        "sun",
    ]
    assert not judge(UnitsInNumbers(), {"address": [f"{at} {streets[at % 15]} street" for at in range(300)]})
