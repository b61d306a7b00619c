"""One key for all the ways the same value is written."""

import pytest

from karat.quality.consistency._canonical import canonical


def test_one_key_for_many_ways_to_write_a_time() -> None:
    keys = canonical(
        ["7:05 p.m.", "7:05pm", "12/02/2011 7:05 p.m.", "7:05pDec 2", "下午7:05", "Not Available", "7:06 p.m."]
    )
    assert keys[:5] == ["19:05"] * 5
    assert keys[5:] == [None, "19:06"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("7:05", "07:05"),
        ("12:30 am", "00:30"),
        ("12:30 pm", "12:30"),
        ("12:30", "12:30"),
        ("11:59 P.M.", "23:59"),
        ("上午9:15", "09:15"),
        ("晚上9:15", "21:15"),
        ("凌晨12:15", "00:15"),
        ("19:05:33", "19:05"),
        ("19：05", "19:05"),
    ],
)
def test_a_time_of_day(text, key):
    assert canonical([text]) == [key]


def test_a_date_counts_where_most_times_have_one():
    assert canonical(["Dec 2 7:05 pm", "12/3 7:05 pm", "7:05 pm"]) == ["19:05 dec2", "19:05 123", "19:05 "]
    assert canonical(["Dec 2 7:05 pm", "7:06 pm"]) == ["19:05", "19:06"]  # one of two is not most
    assert canonical(["around 7:05 pm", "7:05 pm"]) == ["19:05", "19:05"]


def test_times_among_many_other_texts_are_words():
    assert canonical(["7:05 pm", "red", "blue"]) == ["705pm", "red", "blue"]  # one in three
    assert canonical(["7:05 pm", "red"]) == ["19:05", "red"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1.0", "1.0"),
        ("1", "1.0"),
        ("+1", "1.0"),
        ("-.50", "-0.5"),
        ("Main St.", "mainst"),
        ("ＭＡＩＮ st", "mainst"),
        ("<=60", "<=60"),
        ("!?", "!?"),
        (" Ü ", "ü"),
    ],
)
def test_numbers_and_words(text, key):
    assert canonical(["zzz", text])[1] == key


def test_what_is_no_word_is_kept_as_it_is_and_numbers_are_told_from_bounds():
    assert len(set(canonical(["<=60", ">60", "60"]))) == 3
    assert canonical(["N/A", "null", ""]) == [None, None, None]
    assert canonical([]) == []
