"""Words that tell semantic types apart: what a column name hints at, and what the patterns match."""

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from karat.collect.meaning_words import (
    BANDS,
    FUNCTION_WORDS,
    NAME_HAN,
    NAME_WORDS,
    ORDERS,
    ORGANISATIONS,
    PERIODS,
    PLACES,
    STREETS,
    hinted,
    lexicon,
)
from karat.core.schema import Meaning


@pytest.mark.parametrize(
    ("name", "hints"),
    [
        ("", {}),
        ("zzz", {}),
        ("latitude", {"coordinate": 1.0}),
        ("city_company", {"place": 0.5, "organisation": 1.0}),
        ("company_city", {"place": 1.0, "organisation": 0.5}),
        ("address1", {"address": 1.0}),
        ("pct_male", {"share": 0.5}),
        ("unitprice", {"amount": 0.5}),
        ("is_open", {"boolean": 0.5}),
        ("性别", {"category": 1.0}),
        ("出生日期", {"date": 1.0}),
        ("日期备注", {"date": 1.0, "text": 1.0}),
    ],
)
def test_what_a_name_points_to(name: str, hints: dict[str, float]) -> None:
    assert hinted(name) == hints


def test_capitals_part_words_as_marks_do() -> None:
    assert hinted("CompanyCity") == hinted("company_city") == hinted("company city")


def test_words_stand_for_known_types() -> None:
    assert set(NAME_WORDS) == set(NAME_HAN) <= set(Meaning)


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        (STREETS, ["12 Oak St.", "Main street", "Bahnhofstraße", "Rue Cler"], ["Strong", "Paris"]),
        (ORGANISATIONS, ["Acme Inc", "宏达公司", "First bank"], ["Incline", "公司里"]),
        (PLACES, ["Orange County", "Nashville", "广东省"], ["省广东", "counted"]),
        (ORDERS, ["low", "Very high", "3rd", "非常满意", "硕士"], ["lower", "red", "满"]),
        (PERIODS, ["Mon", "January", "星期三", "12月", "Q4", "q1"], ["13月", "Q5", "0月", "a Monday"]),
        (BANDS, ["<5", "$10 - $20", "10-20", "65+", ">= 3", "10 to 20"], ["5", "a-b", "-5"]),
        (FUNCTION_WORDS, ["the end", "one of two", "我的"], ["end", "office"]),
    ],
)
def test_patterns(pattern: str, inside: list[str], outside: list[str]) -> None:
    assert pc.match_substring_regex(pa.array(inside), pattern).to_pylist() == [True] * len(inside)
    assert pc.match_substring_regex(pa.array(outside), pattern).to_pylist() == [False] * len(outside)


def test_the_lexicon_says_where_it_is_from_and_is_in_small_letters() -> None:
    words = lexicon()
    assert words["source"]
    assert {"france", "paris"} <= set(words["places"])
    assert all(name == name.casefold() for name in words["given_names"] + words["places"])
    assert {"CA", "NY"} <= set(words["place_codes"])
