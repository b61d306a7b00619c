"""The operations of learned rules, one by one: what they write and where they do not apply."""

import pytest

from karat.clean.by_example.operations import (
    agreed,
    cased,
    date_of,
    exactly,
    joined,
    padded,
    part,
    piece,
    redated,
    renumbered,
    replaced,
    run_of,
    scaled,
    shape_of,
    signs_of,
    trimmed,
    unpadded,
    with_ends,
    without_ends,
)


def test_the_classes_of_signs():
    assert signs_of("Ab9-中 9") == " -9Aaw"
    assert signs_of("") == ""


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("12 May 2020", "9 Aa 9"),
        ("ABC-12", "A-9"),
        ("mcDonald", "w"),
        ("1,234,567,890", "9,9"),
        ("1,234", "9,9"),
        ("a b c d", "a"),
        ("a b", "a"),
        ("", ""),
        ("中文 12", "w 9"),
    ],
)
def test_how_a_text_is_built(text, shape):
    assert shape_of(text) == shape


def test_programs_agree_on_what_should_stand_there():
    assert agreed("a", ("a",), [(0.6, "b"), (0.4, "b")]) == ("b", 1.0)
    assert agreed("a", ("a",), [(0.6, "b"), (0.2, "c"), (0.2, None)]) == ("b", pytest.approx(0.75))
    assert agreed("a", ("a",), [(0.6, "a"), (0.4, "b")]) is None, "that is what stands there"
    assert agreed("12", ("a",), [(1.0, "b")]) is None, "it is of another shape"
    assert agreed("a", ("a",), [(0.3, "b"), (0.7, None)]) == ("b", 1.0)
    assert agreed("a", ("a",), [(0.29, "b"), (0.71, None)]) is None
    assert agreed("a", ("a",), [(0.5, "b"), (0.5, "c")])[0] == "c"


@pytest.mark.parametrize(
    ("text", "written", "date"),
    [
        ("03/04/2012", "DD/MM/YYYY", (2012, 4, 3, "")),
        ("3/4/2012", "D/M/YYYY", (2012, 4, 3, "")),
        ("2012-04-03 10:00", "YYYY-MM-DD", (2012, 4, 3, " 10:00")),
        ("2012-04-03T10:00", "YYYY-MM-DD", (2012, 4, 3, "T10:00")),
        ("2012-04-03x", "YYYY-MM-DD", None),
        ("mar 12, 2001", "Mon D, YYYY", (2001, 3, 12, "")),
        ("xxx 12, 2001", "Mon D, YYYY", None),
        ("01.02.69", "DD.MM.YY", (1969, 2, 1, "")),
        ("01.02.68", "DD.MM.YY", (2068, 2, 1, "")),
        ("29/02/2012", "DD/MM/YYYY", (2012, 2, 29, "")),
        ("29/02/2011", "DD/MM/YYYY", None),
        ("29/02/1900", "DD/MM/YYYY", None),
        ("29/02/2000", "DD/MM/YYYY", (2000, 2, 29, "")),
        ("31/04/2012", "DD/MM/YYYY", None),
        ("30/04/2012", "DD/MM/YYYY", (2012, 4, 30, "")),
        ("01/13/2012", "DD/MM/YYYY", None),
        ("00/12/2012", "DD/MM/YYYY", None),
        ("01/00/2012", "DD/MM/YYYY", None),
        ("01-02-2012", "DD/MM/YYYY", None),
    ],
)
def test_a_date_by_the_way_it_is_written(text, written, date):
    assert date_of(text, written) == date


def test_a_date_written_in_another_way():
    assert redated("3/4/2012 9:00", "D/M/YYYY", "YYYY-MM-DD", False) == "2012-04-03 9:00"
    assert redated("2012-04-03", "YYYY-MM-DD", "D Mon YY", False) == "3 Apr 12"
    assert redated("no date", "D/M/YYYY", "YYYY-MM-DD", False) is None
    assert redated("03/04/2012", "DD/MM/YYYY", "MM/DD/YYYY", False) == "04/03/2012"
    assert redated("03/04/2012", "DD/MM/YYYY", "MM/DD/YYYY", True) is None, "it is such a date already"
    assert redated("25/04/2012", "DD/MM/YYYY", "MM/DD/YYYY", True) == "04/25/2012"


def test_filling_on_the_left():
    assert (padded("7", 3, "0"), padded("1234", 3, "0"), padded("", 3, "0")) == ("007", "1234", None)
    assert (unpadded("007", "0"), unpadded("000", "0"), unpadded("7", "0")) == ("7", "0", None)


def test_case_blanks_and_ends():
    assert [cased("jo FOX", how) for how in ("capitals", "small letters", "capitalised words")] == [
        "JO FOX",
        "jo fox",
        "Jo Fox",
    ]
    assert trimmed("  a  b ") == "a b"
    assert (with_ends("5", "", " oz"), with_ends("5 oz", "", " oz"), with_ends("", "a", "")) == ("5 oz", None, None)
    assert with_ends("a5", "a", "b") == "aa5b"
    assert (without_ends("(5)", "(", ")"), without_ends("5)", "(", ")"), without_ends("()", "(", ")")) == (
        "5",
        None,
        None,
    )
    assert without_ends("5 oz", "", " oz") == "5"


def test_parts_of_a_text():
    assert replaced("a-b-c", "-", "/") == "a/b/c"
    assert replaced("abc", "-", "/") is None
    assert [piece("a, b,c", ",", at) for at in (0, 1, -1, 3, -4)] == ["a", "b", "c", None, None]
    assert piece("abc", ",", 0) is None
    assert [part("abcd", 1, 3), part("abcd", 1, 0), part("abcd", -2, 0), part("abcd", 0, -1)] == [
        "bc",
        "bcd",
        "cd",
        "abc",
    ]
    assert [part("abc", 0, 4), part("abc", -4, 0), part("abc", 0, 3)] == [None, None, "abc"]
    assert [run_of("ab12cd-3", "digits", at) for at in (0, 1, -1, 2)] == ["12", "3", "3", None]
    assert run_of("ab12cd-3", "letters", 1) == "cd"
    assert run_of("ab12 cd", "signs", 0) == "ab12"


def test_numbers():
    assert scaled("0.125", 100.0, 1) == "12.5"
    assert scaled("x", 100.0, 1) is None
    assert renumbered("1,234.50", ",", ".", "", ".") == "1234.50"
    assert renumbered("-1234,5", "", ",", ",", ".") == "-1,234.5"
    assert renumbered("1234", "", ".", " ", ",") == "1 234"
    assert renumbered("12,34", ",", ".", "", ".") is None, "groups are of three"
    assert renumbered("1234,567", ",", ".", "", ".") is None
    assert renumbered("1.x", "", ".", "", ".") is None
    assert renumbered("x", "", ".", "", ".") is None
    assert renumbered("", "", ".", "", ".") is None


def test_one_text_for_another_and_pieces_put_together():
    assert (exactly("N/A", "N/A", ""), exactly("n/a", "N/A", "")) == ("", None)
    assert joined(["Fox", "Jo"], ("", ", ", ".")) == "Fox, Jo."
    assert joined(["Fox", None], ("", ", ", "")) is None
