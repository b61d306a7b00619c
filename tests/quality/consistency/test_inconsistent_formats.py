import numpy as np
import pytest

from karat.core.schema import Column, Role
from karat.quality.consistency.inconsistent_formats import InconsistentFormats
from karat.quality.consistency.number_writing import as_plain_number
from karat.quality.consistency.time_styles import take_apart, wanted_style


def suggested(judge, values, text, at=7):
    values = list(values)
    values[at] = text
    found = judge(InconsistentFormats(), {"a": values})
    return found.get((at, "a")), set(found) - {(at, "a")}


CLOCK = [f"{1 + at % 12}:{at % 60:02d} {'a.m.' if at % 2 else 'p.m.'}" for at in range(400)]
ISO = [f"20{10 + at % 14}-{1 + at % 12:02d}-{1 + at % 28:02d}" for at in range(400)]
GERMAN = [f"{1 + at % 28:02d}.{1 + at % 12:02d}.20{10 + at % 14}" for at in range(400)]
CHINESE = [f"20{10 + at % 14}年{1 + at % 12}月{1 + at % 28}日" for at in range(400)]
PHONES = [f"({200 + at % 700}) {300 + at % 600}-{1000 + at}" for at in range(400)]
PLAIN_PHONES = [f"{200 + at % 700}{300 + at % 600}{1000 + at}" for at in range(400)]


@pytest.mark.parametrize(
    ("values", "text", "wanted"),
    [
        (CLOCK, "6:55aDec 2", "6:55 a.m."),
        (CLOCK, "12/02/2011 6:55 a.m.", "6:55 a.m."),
        (CLOCK, "18:20", "6:20 p.m."),
        (CLOCK, "6:47 p.m. (Estimated)", "6:47 p.m."),
        (CLOCK, "9:30", None),
        (CLOCK, "下午3:05", "3:05 p.m."),
        (ISO, "2012/3/4", "2012-03-04"),
        (ISO, "4 Mar 2012", "2012-03-04"),
        (ISO, "March 4, 2012", "2012-03-04"),
        (ISO, "2012年3月4日", "2012-03-04"),
        (ISO, "25.03.12", "2012-03-25"),
        (ISO, "03/04/2012", None),
        (ISO, "20120304", "2012-03-04"),
        (ISO, "2012-31-04", None),
        (GERMAN, "2012-03-04", "04.03.2012"),
        (CHINESE, "2012-03-04", "2012年3月4日"),
        (PHONES, "205-325-8100", "(205) 325-8100"),
        (PLAIN_PHONES, "205-325-8100", "2053258100"),
        (["own", "rent"] * 200, "OWN", "own"),
        (["甲a", "乙b", "丙c"] * 140, "甲ａ", "甲a"),
        ([str(at) for at in range(400)], "1,234.5", "1234.5"),
        ([str(at) for at in range(400)], "１２３", "123"),
        ([str(at) for at in range(400)], "(56)", "-56"),
        ([str(at) for at in range(400)], "3,5", "3.5"),
    ],
)
def test_the_same_thing_written_as_the_column_does(judge, values, text, wanted):
    found, others = suggested(judge, values, text)
    assert found is not None
    assert found[0] >= 0.5
    assert found[1] == wanted
    assert not others


def test_day_and_month_follow_the_cells_that_show_the_order():
    texts = [*ISO[:300], *(f"{at}/03/2012" for at in range(13, 29))]
    wanted = wanted_style(texts, [1] * len(texts), len(texts))
    assert wanted.rewrite(take_apart("03/04/2012")) == "2012-04-03"


def test_case_alone_is_no_fault_where_words_differ_by_it_often(judge, sure):
    assert not sure(judge(InconsistentFormats(), {"a": ["Polish", "polish"] * 100}))


def test_a_word_out_of_the_case_that_its_column_keeps(judge, sure):
    a = ["radio/tv", "new car", "used car", "business"] * 60 + ["retraining"] * 9
    a[3], a[7] = "RETRAINING", "Retraining"
    assert {place: told[1] for place, told in sure(judge(InconsistentFormats(), {"a": a})).items()} == {
        (3, "a"): "retraining",
        (7, "a"): "retraining",
    }
    b = ["Kid", "kid", "KID"] * 3 + ["RADIO", "New car", "used car", "business"] * 60
    assert not sure(judge(InconsistentFormats(), {"b": b}))


def test_free_text_and_many_patterns_are_left_alone(judge):
    rng = np.random.default_rng(3)
    names = ["".join(rng.choice(list("abcdefghij -'.&"), 12)) + str(rng.integers(0, 50)) for _ in range(400)]
    prose = [
        f"The room {at} was fine, 5星 and ５星, we shall come back to it in {at % 9} years or so." for at in range(400)
    ]
    assert not judge(InconsistentFormats(), {"names": names, "prose": prose})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1,234", "1234"),
        ("1.234.567", "1234567"),
        ("1 234,5", "1234.5"),
        ("١٢٣", "123"),
        ("12-", "-12"),
        ("12", None),
        ("a1", None),
        ("1.5", None),
    ],
)
def test_numbers_in_other_writings(text, wanted):
    assert as_plain_number(text) == wanted


def test_a_decimal_comma_column_keeps_its_comma():
    assert as_plain_number("1.234,5", ",") == "1234,5"


def test_capitals_among_names_that_are_not_shouted(judge, sure):
    rng = np.random.default_rng(4)
    words = ["".join(rng.choice(list("abcdeilnorst"), 6)).title() for _ in range(400)]
    names = [f"{words[at]} {words[-at - 1]}" for at in range(400)]
    names[5] = names[5].upper()
    assert set(sure(judge(InconsistentFormats(), {"a": names}))) == {(5, "a")}
    loud = [name.upper() if at % 20 == 0 else name for at, name in enumerate(names)]
    assert not sure(judge(InconsistentFormats(), {"a": loud}))


def test_a_second_way_to_write_a_code_is_rewritten_though_it_is_not_rare(judge, sure):
    rng = np.random.default_rng(0)
    a = [f"{x // 10000}/{x % 10000:04d}" for x in rng.integers(1_000_000, 9_999_999, 500)]
    a[:25] = [text.replace("/", "-") for text in a[:25]]
    found = sure(judge(InconsistentFormats(), {"a": a}))
    assert set(found) == {(at, "a") for at in range(25)}
    assert found[0, "a"][1] == a[0].replace("-", "/")


def test_a_word_around_codes_is_taken_off_where_it_is_always_the_same(judge, sure):
    rng = np.random.default_rng(0)
    a = [f"{x}-{x + 9}" for x in rng.integers(10, 900, 400)]
    b = list(a)
    a[:15] = [f"页 {text}" for text in a[:15]]
    b[:15] = [f"{text} {chr(65 + at)}" for at, text in enumerate(b[:15])]
    found = sure(judge(InconsistentFormats(), {"a": a, "b": b}))
    assert {place: told[1] for place, told in found.items()} == {(at, "a"): a[at][2:] for at in range(15)}


def test_large_numbers_without_their_separators(judge, sure):
    rng = np.random.default_rng(0)
    a = [f"{x:,}" for x in rng.integers(200, 90_000, 400)]
    a[3] = "45210"
    found = sure(judge(InconsistentFormats(), {"a": a}, a=Column("a", Role.NUMBER, "int64", thousands=",")))
    assert {place: told[1] for place, told in found.items()} == {(3, "a"): "45,210"}
