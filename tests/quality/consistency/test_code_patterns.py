"""The patterns of codes, and digits put into another's pattern."""

import numpy as np
import pyarrow as pa
import pytest

from karat.quality.consistency.code_patterns import Patterns, exact, patterns, patterns_of


def learned(cells):
    texts, counts = np.unique(np.array(cells), return_counts=True)
    return patterns_of(pa.array(texts.tolist()), counts)


PHONES = [f"{at:03}-{at * 7 % 10000:04}" for at in range(100)]


def test_runs_of_digits_and_letters():
    assert patterns(pa.array(["AB-12", "中文12é3", "１２", "_a"])) == ["a-9", "字9a9", "9", "_a"]
    assert exact("AB-12é３") == "AB-99é9"


def test_the_patterns_of_a_column_and_its_commonest():
    seen = learned([*PHONES, "12 34"])
    assert seen.share == {"9-9": pytest.approx(100 / 101), "9 9": pytest.approx(1 / 101)}
    assert (seen.main, seen.common, seen.digits) == ("9-9", "999-9999", 7)
    assert seen.main_expression == r"^\p{Nd}+\-\p{Nd}+$"


def test_no_code_without_digits_or_with_too_many_patterns():
    assert learned(["red", "blue"] * 50) is None
    assert learned(PHONES[:49]) is None
    assert learned(PHONES[:50]) is not None
    marks = [f"{mark}1{mark}" for mark in "/,;:.#-_+="]
    assert learned([*PHONES, *marks[:2]]) is not None
    assert learned([*PHONES, *marks[:3]]) is None  # 100 of 103 are less than .975
    assert learned([*PHONES, *["red"] * 11]) is not None  # nine in ten have a digit
    assert learned([*PHONES, *["red"] * 12]) is None


def test_a_pattern_of_two_in_a_hundred_is_the_columns_own():
    assert learned([*PHONES[:98], "1/2", "3/4"]) is not None
    assert learned([*PHONES[:97], "1/2", "3/4", "5:6"]) is not None
    assert learned([*PHONES[:95], "1/2", "1:2", "1;2", "1,2", "1.2"]) is None


def test_a_common_form_holds_four_in_five_cells_and_no_letter():
    short = [f"{at:02}-{at:02}" for at in range(40)]
    assert learned([*PHONES, *short[:25]]).common == "999-9999"
    assert learned([*PHONES, *short[:26]]).common == ""
    assert learned([f"AB{at:03}" for at in range(100)]).common == ""


def test_digits_are_put_into_the_commonest_pattern():
    seen = learned([*PHONES, "1234567"])
    assert seen.rewrite("1234567") == "123-4567"
    assert seen.rewrite("(123) 45 67") == "123-4567"
    assert [seen.rewrite(text) for text in ("123456", "123-456x", "-1234567", "<1234567", "１２３4567")] == [
        None, None, None, None, "１２３-4567",
    ]  # fmt: skip


def test_nothing_is_rewritten_where_the_commonest_is_not_clear():
    assert Patterns({"9-9": 0.85, "9": 0.15}, "999-9999", 7).rewrite("1234567") == "123-4567"
    assert Patterns({"9-9": 0.84, "9": 0.16}, "999-9999", 7).rewrite("1234567") is None
    assert Patterns({"9-9": 0.9, "9": 0.1}, "", 0).rewrite("1234567") is None
    assert Patterns({"b": 0.5, "a": 0.5}, "", 0).main == "a"


def test_what_stands_around_a_code_again_and_again_is_taken_off():
    codes = [f"{at:02}.{at * 3}" for at in range(100)]
    seen = learned([*codes, "no. 12.34", "no. 13.35", "no. 14.36"])
    assert seen.affixes == {("no. ", "")}
    assert seen.rewrite("no. 77.8") == "77.8"
    assert seen.rewrite("nr 77.8") is None
    assert learned([*codes, "no. 12.34", "no. 13.35"]).affixes == frozenset()


def test_letters_that_change_from_cell_to_cell_are_part_of_the_code():
    codes = [f"{at:02}.{at * 3}" for at in range(400)]
    many = [f"{at:02}.5{letter}" for letter in "ABC" for at in range(3)]
    assert learned([*codes, *many[:6]]).affixes == {("", "A"), ("", "B")}
    assert learned([*codes, *many]).affixes == frozenset()
    assert learned([*codes, *many[:3], "1.2X", "1.2Y"]).affixes == frozenset()  # three of five
