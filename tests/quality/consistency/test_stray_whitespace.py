import pytest

from karat.quality.consistency.stray_whitespace import StrayWhitespace, tidied


@pytest.mark.parametrize("text", ["  own", "own ", "own\u200b", "\ufeffown", "own\u3000", "\u00a0own"])
def test_blanks_around_and_invisible_characters(judge, text):
    a = ["own", "rent"] * 100
    a[5] = text
    found = judge(StrayWhitespace(), {"a": a})
    assert set(found) == {(5, "a")}
    assert found[5, "a"][0] >= 0.5
    assert found[5, "a"][1] == "own"


def test_a_column_that_is_full_of_them_is_one_finding(judge, make_block, sure):
    columns = {"a": [" own", " rent"] * 100}
    assert not sure(judge(StrayWhitespace(), columns))
    block = make_block(columns)
    check = StrayWhitespace()
    assert check.conclude(check.learn(block), block.schema).num_rows == 1


def test_two_blanks_in_prose_are_a_style(judge, sure):
    prose = [
        f"We came late on day {at}.  The room was quiet and the people were kind to us all the time we stayed."
        for at in range(20)
    ]
    prose += [
        f"We came late on day {at}. The room was quiet and the people were kind to us all the time we stayed."
        for at in range(180)
    ]
    assert not sure(judge(StrayWhitespace(), {"prose": prose}))


def test_a_gap_and_scripts_that_need_joiners_are_left():
    assert tidied("می‌خواهم") == "می‌خواهم"
    assert tidied("  ") == ""
    assert tidied("a  b\u00a0c\n d") == "a b c\nd"


def test_white_space_is_form(make_block):
    block = make_block({"a": ["own", "rent"] * 50 + [" own"]})
    check = StrayWhitespace()
    (row,) = check.judge(check.learn(block), block).to_pylist()
    assert (row["kind"], row["suggestion"]) == ("form", "own")
