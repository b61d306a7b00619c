import numpy as np
import pytest

from karat.core.schema import Column, Role
from karat.quality.consistency.type_breaks import TypeBreaks


def numbers(size=500):
    return [str(x) for x in np.random.default_rng(0).integers(10000, 99999, size)]


@pytest.mark.parametrize(("text", "wanted"), [("abc", None), ("1xx32", None), ("1O234", "10234"), ("三十", None)])
def test_words_among_numbers(judge, text, wanted):
    a = numbers()
    a[3] = text
    found = judge(TypeBreaks(), {"a": a})
    assert set(found) == {(3, "a")}
    assert found[3, "a"] == (0.97, wanted)


@pytest.mark.parametrize("text", ["N/A", "35 kg", "1,234", "１２３", None])
def test_what_other_checks_name_better_is_left_to_them(judge, text):
    a = numbers()
    a[3] = text
    assert not judge(TypeBreaks(), {"a": a})


def test_a_number_among_a_few_words(judge):
    a = list(np.random.default_rng(0).choice(["own", "rent", "自有"], 600))
    a[3] = "4"
    found = judge(TypeBreaks(), {"a": a})
    assert set(found) == {(3, "a")}


def test_titles_may_be_numbers(judge):
    a = [f"title {chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(400)]
    a[3] = "1984"
    assert not judge(TypeBreaks(), {"a": a})


def test_what_is_no_time_in_a_column_of_times(judge):
    a = [f"2024-03-{1 + at % 28:02d}" for at in range(100)]
    a[3], a[4] = "soon", None
    assert set(judge(TypeBreaks(), {"a": a}, a=Column("a", Role.TIME, "timestamp"))) == {(3, "a")}


def test_a_day_that_its_month_has_not_is_found(judge):
    a = [f"{1 + at % 28:02d}.03.2024" for at in range(100)]
    a[3] = "31.02.2024"
    assert set(judge(TypeBreaks(), {"a": a}, a=Column("a", Role.TIME, "timestamp", (), "%d.%m.%Y"))) == {(3, "a")}


def test_one_word_again_and_again_is_a_code_of_the_column(judge):
    a = numbers()
    a[:40] = ["甲乙"] * 40
    a[50] = "丙丁"
    found = judge(TypeBreaks(), {"a": a})
    assert {place for place, told in found.items() if told[0] >= 0.5} == {(50, "a")}


def test_a_day_among_codes_is_found_and_not_corrected(judge):
    genes = [f"{name}{at}" for name in ("IL", "PAX", "WNT", "MARCH") for at in range(1, 30)] * 2
    found = judge(TypeBreaks(), {"gene": [*genes, "1-Mar", "Sep-02"]})
    assert {key: found[key][:2] for key in found} == {(232, "gene"): (0.9, None), (233, "gene"): (0.9, None)}


def test_days_in_a_column_of_days_are_its_own(judge):
    assert not judge(TypeBreaks(), {"day": [f"{at}-Mar" for at in range(1, 29)] * 4})


def test_the_evidence_counts_numbers_with_their_unit(make_block):
    block = make_block({"score": [*(f"{at % 60 + 40}%" for at in range(200)), "x7%"]})
    check = TypeBreaks()
    messages = check.judge(check.learn(block), block)["message"].to_pylist()
    assert messages == ["not a number, though 200 of 201 cells (100 %) of the column are numbers with a unit"]


def test_codes_that_are_no_numbers_and_occur_again_and_again_are_the_columns_own(judge, sure):
    a = numbers(1000)
    for at, code in enumerate(["ENG", "SCT", "WLS", "H"]):
        a[at * 20 : at * 20 + 20] = [code] * 20
    a[500], a[501] = "ENX", "4x510"
    found = judge(TypeBreaks(), {"a": a})
    assert found[0, "a"][0] == found[79, "a"][0] == found[500, "a"][0] == 0.1
    assert set(sure(found)) == {(501, "a")}


def test_few_codes_of_each_kind_may_be_slips(judge, sure):
    a = numbers(1000)
    a[:20] = [code for code in ("ENG", "SCT", "WLS", "NIR") for _ in range(5)]
    assert set(sure(judge(TypeBreaks(), {"a": a}))) == set()
    a[10:20] = numbers(10)
    assert set(sure(judge(TypeBreaks(), {"a": a}))) == {(at, "a") for at in range(10)}


def test_a_sign_that_other_columns_choose_beside_the_same_signs_is_the_columns_own(judge):
    back, tense = ["+", "-"] * 500, ["+", "-", "0", "0"] * 250
    back[3] = "0"
    assert not judge(TypeBreaks(), {"back": back, "tense": tense})
    assert set(judge(TypeBreaks(), {"back": back, "tense": ["a", "b", "0", "0"] * 250})) == {(3, "back")}


def test_a_word_of_a_list_among_numbers_is_the_columns_own(judge):
    tone, tense = ["0"] * 1000, ["+", "-", "0", "0"] * 250
    tone[3] = "+"
    assert not judge(TypeBreaks(), {"tone": tone, "tense": tense})
    assert set(judge(TypeBreaks(), {"tone": tone, "tense": ["+", "-", "x", "y"] * 250})) == {(3, "tone")}
