import numpy as np
import pytest

from karat.core.schema import Column, Role
from karat.quality.completeness.disguised_missing import DisguisedMissing
from karat.quality.completeness.number_codes import number_codes


def numbers(size, low=18, high=75, seed=0):
    return [str(x) for x in np.random.default_rng(seed).integers(low, high, size)]


def words(size, seed=0):
    return list(np.random.default_rng(seed).choice(["own", "rent", "for free"], size))


@pytest.mark.parametrize("text", ["N/A", "?", "-", "unknown", "none", "无", "未知", "－", "  ", "9999-12-31", "NULL"])
def test_a_gap_word_in_a_column_of_numbers_is_blank(judge, text):
    a = numbers(500)
    a[9] = text
    found = judge(DisguisedMissing(), {"a": a})
    assert set(found) == {(9, "a")}
    assert found[9, "a"][0] >= 0.5
    assert found[9, "a"][1] == ("" if text in ("N/A", "  ", "NULL") else None)  # a program's blank, or somebody's word


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (["Silva", "Kim", "Berg"], "Null"),
        (["Ana", "Bo", "Cy"], "Nan"),
        (["DE", "FR", "ZA"], "NA"),
        (["He", "Li", "Be"], "Na"),
        (["Mild", "Severe", "Grave"], "None"),
    ],
)
def test_a_word_like_the_others_of_its_column_is_at_most_a_suspicion(judge, sure, values, word):
    a = values * 100
    a[7] = word
    check = DisguisedMissing()
    found = judge(check, {"a": a, "n": numbers(300)})
    assert not sure(found)
    assert all(told[1] is None for told in found.values())


def test_a_programs_blank_among_words_is_blank_only_where_the_table_shows_that_it_is_one(judge):
    a, b = words(300), numbers(300)
    a[3], a[4:9] = "NA", [None] * 5
    assert judge(DisguisedMissing(), {"a": a, "b": b})[3, "a"][1] is None
    b[3] = "NA"
    assert judge(DisguisedMissing(), {"a": a, "b": b})[3, "a"][1] == ""


def test_an_undefined_number_of_a_typed_source_is_a_value(judge):
    a = numbers(300)
    a[3] = "nan"
    column = Column("a", Role.NUMBER, "float64", stored="double")
    assert judge(DisguisedMissing(), {"a": a}, a=column) == {}


def test_how_the_whole_table_writes_its_gaps_is_no_fault(judge, sure):
    a, b = numbers(500), numbers(500, seed=1)
    a[:120] = ["NA"] * 120
    assert not sure(judge(DisguisedMissing(), {"a": a, "b": b}))
    b[:20] = [None] * 20
    found = sure(judge(DisguisedMissing(), {"a": a, "b": b}))
    assert len(found) == 120
    assert {told[1] for told in found.values()} == {""}


def test_a_word_that_is_a_category_stays_and_a_rare_one_is_doubted(judge, sure):
    debts = ["none" if at % 3 else "guarantor" for at in range(900)]
    housing = words(900)
    housing[4] = "none"
    assert set(sure(judge(DisguisedMissing(), {"debts": debts, "housing": housing}))) == {(4, "housing")}


@pytest.mark.parametrize(
    ("code", "low", "high"), [("-1", 18, 75), ("999", 18, 75), ("-200", 300, 2500), ("9999", 1, 40)]
)
def test_codes_are_learned_from_the_distribution(judge, make_block, code, low, high):
    a = numbers(1000, low, high)
    a[5:125] = [code] * 120
    check = DisguisedMissing()
    block = make_block({"a": a})
    state = check.learn(block)
    [row] = check.conclude(state, block.schema).to_pylist()
    assert row["value"] == code
    assert "120 of 1,000" in row["message"]
    assert set(judge(check, {"a": a})) == {(at, "a") for at in range(5, 125)}
    [measure] = check.measures(state, block.schema, check.judge(state, block))
    assert (measure.bad, measure.total) == (120, 1000)


def test_a_number_that_most_cells_hold_means_missing_only_in_company(make_block):
    a = numbers(1000, 1, 40)
    a[:540] = ["-1"] * 540
    check = DisguisedMissing()

    def said(columns):
        block = make_block(columns)
        state = check.learn(block)
        bad = sum(measure.bad for measure in check.measures(state, block.schema, check.judge(state, block)))
        return {row["column"]: row for row in check.conclude(state, block.schema).to_pylist()}, bad

    alone, bad = said({"a": a})
    assert "may mean missing: '-1' 540" in alone["a"]["message"]
    assert alone["a"]["confidence"] < 0.5
    assert bad == 0
    b = numbers(1000, 1, 40, seed=1)
    b[100:200] = ["-1"] * 100
    beside, bad = said({"a": a, "b": b})
    assert {row["confidence"] for row in beside.values()} == {0.6}
    assert bad == 640


def test_a_code_in_many_cells_is_a_suspicion_and_in_a_few_more_than_that(judge):
    a = numbers(1000)
    a[:20] = ["999"] * 20
    b = numbers(1000, seed=1)
    b[:120] = ["999"] * 120
    found = judge(DisguisedMissing(), {"a": a, "b": b})
    assert {sure for (_, name), (sure, _) in found.items() if name == "a"} == {0.45}
    assert {sure for (_, name), (sure, _) in found.items() if name == "b"} == {0.3}


def test_a_rare_code_counts_even_beside_other_strange_numbers(judge, sure):
    a = numbers(1000)
    a[1], a[2], a[3] = "-1", "999", "50000"
    assert {(1, "a"), (2, "a")} <= set(sure(judge(DisguisedMissing(), {"a": a})))


def test_negative_numbers_and_large_ones_that_belong_there_are_none():
    values = np.arange(-20.0, 60.0)
    assert not number_codes(values, np.full(80, 30))
    assert not number_codes(np.arange(0.0, 1000.0), np.full(1000, 5))


def test_a_day_that_stands_for_no_day(judge):
    days = [f"2023-{1 + at % 12:02d}-{1 + at % 28:02d}" for at in range(300)]
    days[8] = "1900-01-01"
    found = judge(DisguisedMissing(), {"day": days}, day=Column("day", Role.TIME, "timestamp"))
    assert set(found) == {(8, "day")}
    assert found[8, "day"][1] is None


def test_the_tables_own_word_for_a_gap_stays_beside_some_blanks(judge, sure):
    a, b, c = numbers(500), numbers(500, seed=1), ["empty"] * 500
    a[:120] = ["empty"] * 120
    b[:20] = [None] * 20
    assert not sure(judge(DisguisedMissing(), {"a": a, "b": b, "c": c}))


def test_many_words_for_a_gap_in_one_column_of_words(judge, sure):
    a = words(2000)
    gaps = ["N/A", "unknown", "?", "null", "未知"]
    a[:60] = gaps * 12
    assert set(sure(judge(DisguisedMissing(), {"a": a}))) == {(at, "a") for at in range(60)}


def test_a_day_is_no_gap_where_the_column_holds_no_other(judge):
    column = Column("a", Role.TIME, "timestamp", (), "%Y-%m-%d")
    assert judge(DisguisedMissing(), {"a": ["1900-01-01"] * 50}, a=column) == {}
    days = [f"20{10 + at % 9}-01-{1 + at % 28:02d}" for at in range(50)]
    assert set(judge(DisguisedMissing(), {"a": [*days, "1900-01-01"]}, a=column)) == {(50, "a")}


def test_a_small_word_among_codes_of_its_length_is_at_most_a_suspicion(judge, sure):
    codes = [a + b + c for a in "bcdf" for b in "aeiou" for c in "klmprst"]
    assert not sure(judge(DisguisedMissing(), {"a": [*codes, "nan", "nat", "nil"] * 2}))
    assert sure(judge(DisguisedMissing(), {"a": [*codes, *(f"{code}er" for code in codes), "nan"]}))


def test_a_minus_that_stands_beside_plus_in_another_column_is_no_gap(judge, sure):
    tone = ["0"] * 996 + ["-"] * 4
    assert not judge(DisguisedMissing(), {"tone": tone, "tense": ["+", "-", "0", "0"] * 250})
    assert len(sure(judge(DisguisedMissing(), {"tone": tone, "tense": ["a", "-", "0", "0"] * 250}))) >= 4
