import numpy as np
import pytest

from karat.core.finding import DoesNotApply
from karat.quality.accuracy.implausible_combinations import ImplausibleCombinations


@pytest.fixture
def bodies():
    """Height, weight, waist and shoe size, which rise and fall together."""
    chance = np.random.default_rng(0)
    size = chance.normal(0, 1, 800)
    made = {"height": 172 + 9 * size, "weight": 70 + 11 * size, "腰围": 84 + 9 * size, "shoe": 41 + 2 * size}
    return {
        name: [f"{x:.1f}" for x in values + 0.08 * np.std(values) * chance.normal(0, 1, 800)]
        for name, values in made.items()
    }


def test_a_legal_number_that_the_record_contradicts(judge, bodies):
    assert not judge(ImplausibleCombinations(), bodies)
    tall = int(np.argmax([float(x) for x in bodies["height"]]))
    bodies["weight"][tall] = min(bodies["weight"], key=float)
    found = judge(ImplausibleCombinations(), bodies)
    assert set(found) == {(tall, "weight")}
    assert found[tall, "weight"][0] >= 0.5


def test_columns_that_have_nothing_to_do_with_each_other_bear_no_witness(judge):
    chance = np.random.default_rng(1)
    columns = {name: [f"{x:.2f}" for x in chance.lognormal(3, 1, 600)] for name in "abcd"}
    columns["a"][5] = "99999"
    assert not judge(ImplausibleCombinations(), columns)


def test_two_columns_cannot_outvote_each_other(make_block):
    block = make_block({"a": ["1", "2"] * 100, "b": ["3", "4"] * 100})
    assert isinstance(ImplausibleCombinations().applies(block.schema), DoesNotApply)


def test_a_factor_taken_back_makes_the_record_fit(judge, bodies):
    middle = int(np.argsort([float(x) for x in bodies["height"]])[400])
    pounds = float(bodies["weight"][middle])
    bodies["weight"][middle] = f"{pounds * 0.4536:.4g}"
    found = judge(ImplausibleCombinations(), bodies)
    assert set(found) == {(middle, "weight")}
    assert found[middle, "weight"][1] == f"{pounds:.10g}"


def test_two_numbers_of_a_record_that_fit_once_exchanged(judge, bodies):
    small = int(np.argsort([float(x) for x in bodies["height"]])[60])
    bodies["weight"][small], bodies["腰围"][small] = bodies["腰围"][small], bodies["weight"][small]
    found = judge(ImplausibleCombinations(), bodies)
    assert set(found) == {(small, "weight"), (small, "腰围")}


def test_a_factor_that_leads_off_the_step_of_a_column_explains_nothing(judge, bodies):
    rounded = [f"{float(x):.0f}" for x in bodies["weight"]]
    middle = int(np.argsort([float(x) for x in bodies["height"]])[400])
    rounded[middle] = f"{round(float(rounded[middle]) * 0.4536)}"
    assert all(told[1] is None for told in judge(ImplausibleCombinations(), bodies | {"weight": rounded}).values())
