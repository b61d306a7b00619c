import numpy as np
import pytest

from karat.quality.consistency.broken_equations import BrokenEquations


@pytest.fixture
def trips():
    chance = np.random.default_rng(5)
    fare, tip = np.round(chance.gamma(3, 6, 600) + 2, 1), np.round(chance.gamma(2, 2, 600), 2)
    total = fare + tip + 0.8
    return {"fare": [f"{x:.1f}" for x in fare], "tip": [f"{x:.2f}" for x in tip], "total": [f"{x:.2f}" for x in total]}


def test_a_kept_equation_says_nothing(judge, trips):
    assert judge(BrokenEquations(), trips) == {}


@pytest.mark.parametrize(
    ("column", "right", "wrong"),
    [
        ("fare", "31.5", "-31.5"),
        ("tip", "4.25", "-4.25"),
        ("total", "36.55", "-36.55"),
        ("fare", "31.5", "3150"),
        ("tip", "4.25", "0.0425"),
        ("total", "36.55", "36550"),
        ("fare", "31.5", "13.5"),
        ("tip", "4.25", "4.52"),
        ("total", "36.55", "63.55"),
    ],
)
def test_a_simple_error_is_named_and_taken_back(judge, trips, column, right, wrong):
    for name, text in {"fare": "31.5", "tip": "4.25", "total": "36.55"}.items():
        trips[name][17] = text
    trips[column][17] = wrong
    found = judge(BrokenEquations(), trips)
    assert set(found) == {(17, column)}
    assert found[17, column][1] == right
    assert found[17, column][0] >= 0.9


def test_where_nothing_tells_the_cells_apart_all_stay_suspicions_or_are_not_fixed(judge):
    chance = np.random.default_rng(6)
    a, b = chance.integers(100, 999, 500), chance.integers(100, 999, 500)
    total = a + b
    total[9] += 137
    columns = {"a": [*map(str, a)], "b": [*map(str, b)], "total": [*map(str, total)]}
    found = judge(BrokenEquations(), columns)
    assert {row for row, _ in found} <= {9}
    assert all(confidence < 0.9 and suggestion is None for confidence, suggestion in found.values())


def test_a_cell_that_keeps_another_equation_is_right(judge):
    chance = np.random.default_rng(7)
    a, b, c = (chance.integers(100, 999, 500) for _ in range(3))
    part = a + b
    whole = part + c
    c[20] = 5555
    found = judge(BrokenEquations(), {name: [*map(str, values)] for name, values in
                                      {"a": a, "b": b, "part": part, "c": c, "whole": whole}.items()})  # fmt: skip
    assert set(found) <= {(20, "c"), (20, "whole")}
    assert found[20, "c"][0] > 0.5


def test_two_equations_that_ask_for_one_value(judge):
    chance = np.random.default_rng(8)
    a, b, c = (chance.integers(100, 999, 500) for _ in range(3))
    part = a + b
    whole = part + c
    wrong = part.copy()
    wrong[33] = 1111
    found = judge(BrokenEquations(), {name: [*map(str, values)] for name, values in
                                      {"a": a, "b": b, "part": wrong, "c": c, "whole": whole}.items()})  # fmt: skip
    assert set(found) == {(33, "part")}
    assert found[33, "part"][0] >= 0.9
    assert found[33, "part"][1] == str(part[33])


def test_rounding_is_no_break(judge):
    chance = np.random.default_rng(9)
    won, played = chance.integers(20, 400, 500), chance.integers(400, 900, 500)
    percent = np.round(100 * won / played, 1)
    percent[4] = np.round(percent[4] + 0.1, 1)
    columns = {"won": [*map(str, won)], "played": [*map(str, played)], "percent": [f"{x:.1f}" for x in percent]}
    assert judge(BrokenEquations(), columns) == {}


def test_a_term_left_out_in_some_records_is_no_error(judge):
    chance = np.random.default_rng(10)
    a, b = chance.integers(100, 999, 600), chance.integers(100, 999, 600)
    extra = np.where(chance.random(600) < 0.04, chance.integers(50, 800, 600), 0)
    found = judge(BrokenEquations(), {"a": [*map(str, a)], "b": [*map(str, b)], "total": [*map(str, a + b + extra)]})
    assert not [cell for cell, (confidence, _) in found.items() if confidence >= 0.5]
