"""Which texts of a column are one typing error from a frequent one, and which differ by design."""

from math import log, log1p

import pytest

from karat.quality.accuracy import _lexicon
from karat.quality.accuracy._edits import Edit
from karat.quality.accuracy._lexicon import Lexicon, mark_for_mark, shape, usual

CITIES = {"Portland": 30, "Salem": 20, "Austin": 20}


def meant(cells, words=False):
    return {text: near.meant for text, near in Lexicon(cells, words=words).near.items()}


def test_slips_of_frequent_texts_and_texts_that_are_none():
    rare = {"Portlnad": 1, "Prtland": 1, "Austin ": 1, "AUSTIN": 1, "Boston": 1, "Porxlanx": 1}
    assert meant(CITIES | rare) == {"Portlnad": "Portland", "Prtland": "Portland"}


def test_others_are_measured_against_texts_of_three_cells():
    assert meant({"Portland": 3, "Portlnad": 1}) == {"Portlnad": "Portland"}
    assert meant({"Portland": 2, "Portlnad": 1}) == {}
    assert meant({"Portland": 3, "Portlnad": 3}) == {}, "the meant text is the commoner"


def test_a_text_that_is_common_itself_is_no_slip():
    assert usual(10) == 5
    assert usual(1000) == pytest.approx(70)
    assert meant({"Portland": 90, "Portlnad": 6}) == {"Portlnad": "Portland"}
    assert meant({"Portland": 90, "Portlnad": 7}) == {}, "more than seven in a hundred are a column's own"


def test_of_several_frequent_neighbours_the_commonest_is_meant_and_none_is_clear():
    lexicon = Lexicon({"Wrenly": 30, "Wrenby": 10, "Wrenky": 1})
    near = lexicon.near["Wrenky"]
    assert (near.meant, near.meant_cells, near.cells, near.clear) == ("Wrenly", 30, 1, False)
    assert near.seen["alternatives"] == pytest.approx(log(2))
    assert Lexicon({"Wrenly": 60, "Wrenby": 11, "Wrenky": 1}).near["Wrenky"].clear


@pytest.mark.parametrize(
    "cells",
    [
        {"1200": 9, "1201": 1},  # numbers
        {"12-04": 9, "13-04": 5, "12-05": 1},  # a number written as others are
        {"A": 9, "B": 1},  # single letters
        {"river": 9, "liver": 1, "Austin": 9, "Boston": 1, "Reno": 1},  # a word for another
        {"300": 9, "300+": 1},
        {"red.": 9, "red": 1},  # a mark at the end
        {"red-car": 9, "red/car": 1},
        {"--": 9, "-": 1},  # nothing but marks
        {"a" * 121: 9, "a" * 120 + "b": 1},  # long texts are looked at by word
    ],
)
def test_what_differs_by_design_or_by_form(cells):
    assert meant(cells) == {}


def test_a_text_with_a_digit_that_others_are_not_written_like_may_be_a_slip():
    assert meant({"25-64": 40, "65-99": 40, "25-g4": 1}) == {"25-g4": "25-64"}
    guids = {f"{at:03}af": 3 for at in range(100, 106)}
    assert meant(guids | {"1o0af": 1}) == {}, "texts built alike differ in any sign"


def test_on_a_closed_list_a_true_word_may_be_a_slip():
    days = {"Monday": 50, "Tuesday": 50, "Best": 50, "Wednesday": 50}
    assert meant(days | {"West": 1}) == {"West": "Best"}
    assert meant(days | {"West": 3}) == {}
    assert meant(days | {"West": 1} | {f"other{at}" * 3: 1 for at in range(3)}) == {}, "one in a hundred is not listed"


def test_an_edit_that_many_texts_start_from_is_a_rule():
    words = ["pain", "scan", "dose", "film", "hand"]
    cells = {f"al_{word}": 30 for word in words} | {f"ak_{word}": 1 for word in words}
    assert meant(cells) == {}
    assert meant({text: n for text, n in cells.items() if text != "ak_pain"}) == {
        f"ak_{word}": f"al_{word}" for word in words[1:]
    }
    assert meant(CITIES | {"Portlabd": 1}) == {"Portlabd": "Portland"}


def test_words_are_long_or_differ_in_the_gap():
    assert meant({"river": 9, "rivxr": 1}, words=True) == {"rivxr": "river"}
    assert meant({"cat": 9, "xat": 1}, words=True) == {}
    assert meant({"red-bus": 9, "red-bux": 1}, words=True) == {}
    assert meant({"red-bus": 9, "redbus": 1}, words=True) == {"redbus": "red-bus"}


def test_unknown_texts_are_asked_like_known_ones():
    lexicon = Lexicon(CITIES | {"Portlnad": 1})
    assert lexicon.ask("Portlnad") is lexicon.near["Portlnad"]
    assert lexicon.ask("Autsin").meant == "Austin"
    assert lexicon.ask("Autsin").edit == Edit("swap", 2, "st", "ts")
    assert lexicon.ask("Boston") is lexicon.ask("Austin") is lexicon.ask("") is None
    assert Lexicon({}).ask("Austin") is None


def test_features_of_a_slip():
    seen = Lexicon(CITIES | {"Portlnad": 1}).near["Portlnad"].seen
    assert seen["ratio"] == seen["meant cells"] == pytest.approx(log(30))
    assert (seen["swap"], seen["cells"], seen["mark"], seen["first"], seen["last"]) == (1, 0, 0, 0, 0)
    assert seen["length"] == pytest.approx(log(8))
    assert seen["shape"] == pytest.approx(log1p(20 * 30 / 71))
    assert seen["word length"] == pytest.approx(log(9))
    assert (seen["a word"], seen["meant a word"], seen["has digits"], seen["short"]) == (0, 1, 0, 0)
    assert -2 <= seen["letters"] < 0


def test_features_of_marks_ends_case_and_digits():
    seen = Lexicon({"red.car": 40, "red,car1": 40, "redcar": 1}).near["redcar"].seen
    assert (seen["mark"], seen["delete"]) == (1, 1)
    assert "letters" not in seen
    seen = Lexicon({"Portland": 40, "Portlan": 1}).near["Portlan"].seen
    assert (seen["last"], seen["length at the end"]) == (1, 1)
    seen = Lexicon({"Portland": 40, "xortland": 1}).near["xortland"].seen
    assert (seen["first"], seen["replace"]) == (1, 1)
    seen = Lexicon({"Portland": 40, "PortLand": 1, "PortlaNnd": 1}).near["PortlaNnd"].seen
    assert seen["case"] == 1
    seen = Lexicon({"AB1234": 40, "AB123": 1, "zz": 9}).near["AB123"].seen
    assert (seen["digits"], seen["digits delete"], seen["has digits"]) == (1, 1, 1)


def test_a_cloud_counts_rare_texts_around_one():
    near = Lexicon(CITIES | {"Portlnad": 1, "Prtland": 1, "Portlandq": 1, "Salwm": 1}).near
    assert near["Prtland"].seen["cloud"] == pytest.approx(log(3))
    assert near["Salwm"].seen["cloud"] == 0


def test_the_density_is_the_share_of_frequent_texts_that_lie_close():
    close, apart = Lexicon({"smith": 9, "smyth": 8, "jones": 9}), Lexicon({"smith": 9, "clark": 8, "jones": 9})
    assert close.density == (pytest.approx(log(2.2 / 5)), pytest.approx(log(0.2 / 5)))
    assert apart.density == (pytest.approx(log(0.2 / 5)), pytest.approx(log(0.2 / 5)))
    digits = Lexicon({"a1": 9, "a2": 9})
    assert digits.density == (pytest.approx(log(0.2 / 4)), pytest.approx(log(2.2 / 4)))


def test_lonely_texts_are_counted_among_all():
    assert Lexicon(CITIES | {"Boston": 1, "Reno": 1, "Portlnad": 1}).loners == pytest.approx(log(2.5 / 73))


LONG = "Portland Harbour City"


def test_a_long_text_with_two_errors_is_known():
    lexicon = Lexicon({LONG: 9, "Salem": 9})
    assert lexicon.far("Pxrtlznd Harbour City") == LONG
    assert lexicon.far("Pxrtlznd Hqrbour City") is None  # three in twenty characters
    assert lexicon.far("Pxrtland Harbour City") is None  # one error is no matter of this
    assert lexicon.far("Portland Harbor Cty") is None, "it is spelt no more strangely"
    assert lexicon.far("Sxlxm") is None
    assert Lexicon({LONG: 9, "Portland Harbour Citx": 9}).far("Pxrtland Harbour Citq") is None
    assert Lexicon({LONG + " 7": 9}).far("Pxrtlznd Harbour City 8") is None


def test_among_names_that_occur_once_none_is_a_frequent_one_with_several_errors():
    once = {f"{first}{last} County": 1 for first in "BDFGHJLMNP" for last in ("axter", "oncho", "irley")}
    few = Lexicon({"Cxrtzr Harbour": 1, "Carter Harbour": 9})
    many = Lexicon({"Cxrtzr Harbour": 1, "Carter Harbour": 9} | once)
    assert few.far("Cxrtzr Harbour") == "Carter Harbour"
    assert many.far("Cxrtzr Harbour") is None, "three cells in four hold a name of their own"


def test_texts_with_several_errors_are_compared_with_few(monkeypatch):
    lexicon = Lexicon({LONG: 9, "Salem": 9})
    monkeypatch.setattr(_lexicon, "MOST_COMPARED", 1)
    assert lexicon.far("Pxrtlznd Harbour City") is None


def test_the_shape_of_a_text():
    assert shape("Ab-12 ü中") == "Aa-99 aa"
    assert shape("") == ""


@pytest.mark.parametrize(
    ("edit", "meant_text", "is_form"),
    [
        (Edit("replace", 1, "-", "/"), "a-b", True),
        (Edit("insert", 3, "", "+"), "300", True),
        (Edit("insert", 1, "", "+"), "300", False),
        (Edit("delete", 3, ".", ""), "red.", True),
        (Edit("delete", 0, ".", ""), ".red", False),
        (Edit("replace", 1, "-", "x"), "a-b", False),
        (Edit("insert", 3, "", "***"), "300", False),  # three signs were not meant
        (Edit("swap", 0, "-.", ".-"), "-.", False),
    ],
)
def test_one_mark_for_another_is_a_way_of_writing(edit, meant_text, is_form):
    assert mark_for_mark(edit, meant_text) == is_form


def test_two_neighbouring_words_are_asked_for_edits_of_their_gap_alone(monkeypatch):
    cells = {"New York": 9, "New-York": 1, "NewYork": 1, "York New": 4, "Now York": 1, "Neww York": 1, "ab1cd": 3}
    quickly = Lexicon(cells, words=True)
    monkeypatch.setattr(Lexicon, "_gap", lambda *_: None)
    assert quickly.near == Lexicon(cells, words=True).near
    assert set(quickly.near) == {"NewYork"}
