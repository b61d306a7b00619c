"""Numbers and names as a person reads them."""

import pytest

from karat.show.words import compared, count, interval, plain, score, share, short, signed, title, value


def test_compared_marks_what_differs_and_shows_white_space() -> None:
    before, after = compared("北京 ", "北京")
    assert before == '<span class="v">北京<del>␣</del></span>'
    assert after == '<span class="v">北京</span>'
    assert "<del>" not in compared("Private", "Oslo")[0]
    assert compared("<b>x", "<b>y")[0] == '<span class="v">&lt;b&gt;<del>x</del></span>'
    assert compared("<b>x", "<b>y")[1] == '<span class="v">&lt;b&gt;<ins>y</ins></span>'
    assert compared("x", "")[1] == value(None)
    assert compared(None, "x") == (value(None), value("x"))
    assert "<del>U+0007</del>" in compared("abc\x07", "abc")[0]


def test_long_texts_and_quite_other_ones_are_not_marked() -> None:
    assert "<del>" in compared("x" * 399 + "y", "x" * 399)[0]
    assert "<del>" not in compared("x" * 400 + "y", "x" * 400)[0]
    assert "<del>" in compared("ab", "ac")[0]  # half of the letters agree
    assert "<del>" not in compared("abc", "axy")[0]


def test_codes_as_titles() -> None:
    assert title("DuplicateRecords") == "Duplicate records"
    assert title("AUC") == "AUC"
    assert title("MeanAUC") == "Mean AUC"
    assert title("max_age") == "Max age"
    assert title("") == ""


def test_numbers() -> None:
    assert [share(x) for x in (0, 0.0001, 0.001, 0.1234, 1)] == ["0 %", "< 0.1 %", "0.1 %", "12.3 %", "100 %"]
    assert [plain(x) for x in (178482.5, -3.0, 2.345678, 1.2e-7, 999.5)] == [
        "178,482",
        "-3",
        "2.346",
        "1.2e-07",
        "999.5",
    ]
    assert (count(1234567.9), score(0.94249)) == ("1,234,567", "0.942")
    assert count(None) == share(None) == score(None) == signed(None) == "–"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((0.0194, "+0.019"), (-0.004, "−0.004"), (0.0, "0.000"), (0.001, "+0.001"), (0.0009, "+0.0009")),
        *((-0.00004, "0.000"), (-0.00005001, "−0.0001")),
    ],
)
def test_differences_have_a_sign_and_small_ones_a_digit_more(number: float, text: str) -> None:
    assert signed(number) == text


def test_intervals() -> None:
    assert interval({"low": 0.1, "high": 0.25}) == "[0.100, 0.250]"
    assert interval({"low": -0.1, "high": 0.25}, sign=True) == "[−0.100, +0.250]"
    assert interval({"low": None, "high": 1.0}) == interval({"low": 1.0}) == ""


def test_long_text_is_cut_in_its_middle() -> None:
    text = "".join(chr(97 + k % 26) for k in range(101))
    assert short(text, 101) == text
    assert short(text, 100) == f"{text[:66]} … {text[-25:]}"


def test_cells() -> None:
    assert value(None) == value("") == '<span class="blank">blank</span>'
    assert value(" \t\u2003") == '<span class="v">␣⇥␣</span>'
    assert value("<b>") == '<span class="v">&lt;b&gt;</span>'
    assert value("x" * 20, 12) == '<span class="v">xxxxxxxx … xxx</span>'
