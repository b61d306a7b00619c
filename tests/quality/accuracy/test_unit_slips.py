import numpy as np
import pytest

from karat.quality.accuracy.unit_slips import UnitSlips


@pytest.fixture
def ages():
    return [str(x) for x in np.random.default_rng(0).integers(18, 75, 1000)]


@pytest.mark.parametrize("factor", [0.001, 0.4536, 2.54, 1000.0])
def test_the_factor_is_found_and_taken_back(judge, ages, factor):
    right = {at: ages[at] for at in (3, 50, 400, 700)}
    for at, value in right.items():
        ages[at] = f"{float(value) * factor:.6g}"
    found = judge(UnitSlips(), {"age": ages})
    assert {at for at, _ in found} == set(right)
    assert {at: suggestion for (at, _), (_, suggestion) in found.items()} == right
    assert min(confidence for confidence, _ in found.values()) >= 0.5


def test_one_number_in_a_hundred_in_thousands(judge):
    chance = np.random.default_rng(1)
    rents = [str(x) for x in chance.integers(400, 4000, 2000)]
    spoiled = dict.fromkeys(chance.choice(2000, 20, replace=False).tolist())
    for at in spoiled:
        spoiled[at] = rents[at]
        rents[at] = f"{float(rents[at]) / 1000:g}"
    found = judge(UnitSlips(), {"rent": rents})
    assert {at: suggestion for (at, _), (_, suggestion) in found.items()} == spoiled
    assert all(0.5 <= confidence < 0.9 for confidence, _ in found.values())  # asked, not fixed unasked


def test_the_wrong_sign(judge, sure):
    a = [f"{x:.1f}" for x in np.random.default_rng(0).normal(500, 20, 600)]
    a[7] = "-512.3"
    assert sure(judge(UnitSlips(), {"a": a})) == {(7, "a"): (0.8, "512.3")}


def test_more_digits_than_the_column_has_are_no_evidence(judge, ages):
    ages[4], ages[9] = "33.718293", "51.25"
    assert not judge(UnitSlips(), {"age": ages})


def test_what_grows_by_tens_or_repeats_is_left_alone(judge, sure):
    chance = np.random.default_rng(0)
    columns = {
        "fine": [repr(x) for x in chance.normal(0, 1, 500)],
        "tail": [f"{x:.2f}" for x in chance.lognormal(5, 1.5, 500)],
        "halves": [f"{x / 2:g}" for x in chance.integers(0, 90, 500)],
        "from_one": [str(x) for x in chance.integers(1, 40, 500)],
        "two_sorts": [f"{x:.1f}" for x in [*chance.normal(50, 4, 440), *chance.normal(5000, 300, 60)]],
        "code": [*(str(x) for x in chance.integers(200, 900, 490)), *["9"] * 10],
    }
    assert not sure(judge(UnitSlips(), columns))


def test_one_number_alone_that_a_conversion_leads_to_the_grid_is_asked(judge):
    a = [f"{x:.2f}" for x in np.random.default_rng(2).gamma(4, 0.6, 400)]
    a[9] = f"{float('2.46') * 0.4536:.6g}"
    found = judge(UnitSlips(), {"a": a})
    assert found[9, "a"] == (0.6, "2.46")
    assert set(found) == {(9, "a")}


def test_six_printed_digits_lead_back_though_the_last_is_rounded(judge):
    a = [str(x) for x in np.random.default_rng(3).integers(250, 15000, 1000)]
    right = {5: "1169", 60: "1262", 700: "4110"}
    for at, value in right.items():
        a[at] = f"{float(value) * 0.4536:.6g}"
    found = judge(UnitSlips(), {"a": a})
    assert {at: suggestion for (at, _), (_, suggestion) in found.items()} == right


def test_numbers_with_more_digits_than_a_factor_could_leave_are_no_slips(judge, sure):
    chance = np.random.default_rng(4)
    whole = [f"{x:.3f}" for x in chance.uniform(20, 900, 1800)]
    finer = [f"{x:.4f}" for x in chance.uniform(20, 900, 60)]
    assert not sure(judge(UnitSlips(), {"a": whole + finer}))


def test_codes_of_a_lower_level_are_longer_but_no_slips(judge, sure):
    cities = [110000 + 10000 * province + 100 * city for province in range(60) for city in range(1, 13)]
    streets = [1000 * cities[at] + street for at in (40, 70) for street in (4, 101, 102, 103)]
    assert not judge(UnitSlips(), {"code": [str(x) for x in [*cities, *streets]]})
    slips = [1000 * cities[at] for at in (40, 70)]  # what a factor alone makes of them is still heard
    found = sure(judge(UnitSlips(), {"code": [str(x) for x in [*cities, *slips]]}))
    assert set(found) == {(720, "code"), (721, "code")}
