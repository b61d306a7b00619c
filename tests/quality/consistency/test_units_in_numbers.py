import numpy as np
import pytest

from karat.core.finding import FACT, FORM
from karat.core.schema import Column, Role
from karat.quality.consistency.units_in_numbers import UnitsInNumbers


def spread(values, size=300):
    return [values[at % len(values)] for at in range(size)]


def rows(make_block, values, **column):
    given = {"a": Column("a", Role.NUMBER, "float64", **column)} if column else {}
    block = make_block({"a": values}, **given)
    check = UnitsInNumbers()
    return {row["value"]: row for row in check.judge(check.learn(block), block).to_pylist()}


def test_several_spellings_of_one_unit_become_the_number_though_no_cell_is_clean(judge):
    ounces = [*spread(["12.0 oz", "12.0 oz.", "16.0 ounce", "8.4 OZ.", "32 oz"]), "12.0 oz. can"]
    found = judge(UnitsInNumbers(), {"ounces": ounces})
    assert len(found) == 301
    assert [found[at, "ounces"][1] for at in (0, 1, 2, 3, 4, 300)] == ["12", "12", "16", "8.4", "32", "12"]
    assert found[0, "ounces"][0] >= 0.95 > found[300, "ounces"][0]


def test_units_of_one_measure_are_told_in_one_of_them_as_another_form(make_block):
    told = rows(make_block, [f"{60 + at % 30} kg" for at in range(200)] + [f"{65000 + at} g" for at in range(60)])
    assert told["60 kg"]["suggestion"] == "60"
    assert told["65000 g"]["suggestion"] == "65"
    assert {row["kind"] for row in told.values()} == {FORM}
    ages = rows(make_block, [f"{20 + at}岁" for at in range(40)] + ["8个月", "3个月"])
    assert ages["20岁"]["suggestion"] == "240"
    assert ages["8个月"]["suggestion"] == "8"


@pytest.mark.parametrize(
    "values",
    [
        ["5 mg", "10 ml", "20 mg"],
        ["10 USD", "12 USD", "700 JPY"],
        ["20 °C", "68 °F"],
        ["120 E", "30 W"],
        ["8 PM", "9 AM"],
        ["3 pack", "2 box"],
        ["9 US", "8 UK"],
        ["10-20", "20-30"],
        ["12 Monkeys", "21 Grams", "8 Mile", "300 Spartans"],
        ["12 North", "3 South"],
        ["3A", "3B", "4A"],
        ["09B", "10B"],
        ["1st", "2nd"],
        ["17p", "17q"],
        ["6x330ml", "4x500ml"],
        ["$3", "€4", "¥500"],
        ["3层", "5层"],
        ["2楼", "5层"],
        ["5 mW", "5 MWx"],
        ["61 Oak Ave", "155 River Dr", "12 Main St"],
        ["155 Mile Rd", "20 Pound Ln"],
        ["3F", "12F"],
        ["S", "2XL"],
        ["10-19 kg", "20-29 kg"],
        ["3 x 330 ml", "6 x 500 ml"],
        ["120°E", "30°W"],
        ["12 N", "30 S"],
        ["5 Mb", "5 MB"],
        ["5'11\"", "6'2\""],
        ["5 %", "5 pp"],
        ["19th c.", "20th c."],
        ["7/10", "8/10"],
        ["$5K", "$3M"],
        ["1 child", "3 children"],
        ["120/80 mmHg", "130/85 mmHg"],
        ["3年级", "5年级"],
        ["120号", "30号"],
        ["3月", "12月"],
        ["8时", "12时"],
        ["5元", "5美元"],
        ["2箱", "3瓶"],
        ["5毫克", "5毫升"],
        ["3栋205", "5栋101"],
        ["第3名", "第5名"],
        ["8折", "9折"],
    ],
)
def test_what_does_not_convert_or_is_no_quantity_is_not_changed(make_block, values):
    told = rows(make_block, spread(values))
    assert not [row for row in told.values() if row["suggestion"] is not None and row["confidence"] >= 0.9]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["1 h", "50 min"], ["60", "50"]),
        (["5 mg", "2 g"], ["5", "2000"]),
        (["5 mW", "1 MW"], ["5", "1000000000"]),
        (["3 GB", "500 MB"], ["3", "0.5"]),
        (["5斤", "2公斤"], ["5", "4"]),
        (["1公顷", "1亩"], ["15", "1"]),
        (["5里", "3公里"], ["5", "6"]),
        (["3万元", "500元"], ["3", "0.05"]),
        (["2升", "500毫升"], ["2", "0.5"]),
        (["36公里/小时", "5米/秒"], ["36", "18"]),
        (["5 %", "3‰"], ["5", "0.3"]),
        (["68 kWh", "12 kWh"], ["68", "12"]),
    ],
)
def test_what_converts_is_told_in_one_unit(make_block, values, wanted):
    told = rows(make_block, spread([values[0], *values]))  # the first unit is the commonest
    assert [told[value]["suggestion"] for value in values] == wanted
    assert {row["kind"] for row in told.values()} == {FORM}


def test_a_column_of_years_keeps_its_sign(make_block):
    assert not rows(make_block, [f"{2000 + at % 20}年" for at in range(200)], meanings=("year",))


def test_units_that_do_not_convert_are_pointed_out(make_block):
    block = make_block({"a": spread(["10 USD", "12 USD", "700 JPY"])})
    check = UnitsInNumbers()
    told = check.conclude(check.learn(block), block.schema).to_pylist()
    assert [row["message"].endswith("the units do not convert") for row in told] == [True]


def test_a_count_of_things_is_only_pointed_out(judge, make_block, sure):
    columns = {"n": [f"{at} patients" for at in range(200)]}
    assert not sure(judge(UnitsInNumbers(), columns))
    block = make_block(columns)
    check = UnitsInNumbers()
    assert check.conclude(check.learn(block), block.schema)["column"].to_pylist() == ["n"]


def test_a_misspelt_unit_is_written_as_the_rest(judge, sure):
    n = [f"{at} patients" for at in range(200)]
    n[3], n[4] = "3 paxienxs", "4"
    found = sure(judge(UnitsInNumbers(), {"n": n}))
    assert {cell: told[1] for cell, told in found.items()} == {(3, "n"): "3 patients", (4, "n"): "4 patients"}
    assert found[3, "n"][0] >= 0.9 > found[4, "n"][0]


@pytest.mark.parametrize(("text", "wanted"), [("35 units", "35"), ("35元", "35"), ("35 公斤", "35"), ("72 kg", "72")])
def test_a_unit_among_bare_numbers_is_a_question(make_block, text, wanted):
    numbers = [str(x) for x in np.random.default_rng(0).integers(20, 90, 400)]
    numbers[6] = text
    row = rows(make_block, numbers)[text]
    assert row["suggestion"] == wanted
    assert 0.5 <= row["confidence"] < 0.9


def test_letters_stuck_to_a_number_are_a_code_as_likely(make_block):
    assert rows(make_block, spread(["01", "23", "46", "7p"]))["7p"]["confidence"] < 0.5


def test_where_bare_numbers_lie_decides_what_a_percent_sign_means(make_block):
    rates = [f"{x:.3f}" for x in np.random.default_rng(1).uniform(0.02, 0.09, 300)]
    row = rows(make_block, [*rates, "5.5%"])["5.5%"]
    assert (row["suggestion"], row["kind"]) == ("0.055", FORM)
    row = rows(make_block, [*rates, "0.055999999999999994%"])["0.055999999999999994%"]
    assert (row["suggestion"], row["kind"]) == ("0.056", FACT)
    row = rows(make_block, [*rates, "0.4", "0.001", "0.9%"])["0.9%"]
    assert row["suggestion"] is None or row["confidence"] < 0.9


def test_wan_and_yi_multiply(make_block):
    sales = rows(make_block, [str(4000 + at) for at in range(50)] + ["2.3亿", "50.4万"])
    assert (sales["2.3亿"]["suggestion"], sales["50.4万"]["suggestion"]) == ("230000000", "504000")
    assert {row["kind"] for row in sales.values()} == {FORM}


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
