"""How likely a text is a typing error, given how many stand around it."""

from math import exp, log

import pytest

from karat.quality.accuracy import _typing_errors
from karat.quality.accuracy._edits import Edit
from karat.quality.accuracy._lexicon import Lexicon, NearText
from karat.quality.accuracy._slips_or_names import evidence, slip_odds
from karat.quality.accuracy._typing_errors import (
    DOUBT,
    MOST,
    ONE_SIGN,
    SEVERAL,
    SUSPICION,
    TRUE_WORD,
    WAYS,
    Dirt,
    TypingErrors,
    chance,
    expected,
    first_guess,
    judged,
    log_odds,
    near_odds,
    odds_of_a_slip,
    replaced_signs,
    weights,
    word_lexicon,
    words_of,
)

CITIES = {"Portland": 300, "Salem": 200, "Austin": 200}
SLIPS = {"Portlnad": 1, "Prtland": 1, "Salme": 1, "Auxtin": 1}


def near(text="Portlxnd", meant="Portland", edit=None, **seen):
    features = {"density": -3.0, "a word": 0.0, "mark": 0.0, "case": 0.0, "letters": -1.0} | seen
    return NearText(text, meant, 1, 100, edit or Edit("replace", 5, "a", "x"), features, True)


def test_log_odds_are_a_weighted_sum_and_unknown_features_weigh_nothing():
    assert log_odds({"a": 2.0, "b": 9.0}, {"": 0.5, "a": -1.0}) == -1.5
    assert chance(0) == 0.5
    assert chance(log(3)) == pytest.approx(0.75)
    assert chance(999) == pytest.approx(1 / (1 + exp(-30)))
    assert chance(-999) > 0


def test_weights_are_there_for_cells_words_and_codes():
    assert set(weights()) == {"cells", "words", "codes"}
    for level in weights().values():
        assert "" in level.first
        assert "" in level.second


def test_shares_leave_out_what_a_text_itself_adds():
    dirt = Dirt((3.0, 100.0), (5.0, 400.0))
    around = dirt.around(near(), 1.0)
    assert around["dirt"] == pytest.approx(log(2.02 / 120))
    assert around["dirt of the table"] == pytest.approx(log(4.02 / 420))
    assert around["repeated"] == 0
    assert Dirt((0.5, 100.0), (0.5, 100.0)).around(near(), 1.0)["dirt"] == pytest.approx(log(0.02 / 120))


def test_a_text_repeated_beyond_chance():
    again = NearText("Portlxnd", "Portland", 9, 100, Edit("replace", 5, "a", "x"), {}, True)
    around = Dirt((3.0, 100.0), (0.0, 400.0)).around(again, 1.0)
    assert around["repeated"] == pytest.approx(log(9 / (1 + 100 * 2.02 / 120 / WAYS)))


def test_a_table_whose_slips_put_one_sign_has_few_ways():
    dirt = Dirt((9.0, 100.0), (9.0, 100.0), {"x": 30.0, "q": 10.0})
    assert dirt.ways(near(), 1.0) == pytest.approx(8 / (29 / (39 + 10)))
    assert dirt.ways(near(edit=Edit("replace", 5, "a", "z")), 1.0) == WAYS
    assert dirt.ways(near(edit=Edit("swap", 5, "an", "na")), 1.0) == WAYS


@pytest.mark.parametrize(
    ("own", "table", "is_full"),
    [
        ((10.0, 2500.0), (0.0, 9e9), True),
        ((9.9, 100.0), (9.9, 100.0), False),
        ((10.0, 2501.0), (10.0, 2501.0), False),
        ((0.0, 100.0), (10.0, 2500.0), True),
    ],
)
def test_a_table_full_of_slips_has_ten_and_four_in_a_thousand(own, table, is_full):
    assert Dirt(own, table).full() == is_full


DIRTY = Dirt((40.0, 1000.0), (40.0, 1000.0), {}, evidence([(1.0, 4.0)] * 20))


STRONG = {"ratio": 4.0, "meant cells": 5.0, "meant a word": 1.0, "length": 2.0, "cloud": 2.0}
STRONG_RATIO = {"ratio": 4.0, "meant cells": 5.0, "case": 0.0}


def around(*odds):
    return Dirt((40.0, 1000.0), (40.0, 1000.0), {}, evidence([(1.0, each) for each in odds]))


def test_a_lonely_oddity_is_in_doubt_whatever_its_letters():
    swap = near("Portalnd", edit=Edit("swap", 4, "la", "al"), **STRONG_RATIO)
    assert judged(swap, around(odds_of_a_slip(swap)), "cells") > SUSPICION
    name = near("Portlond", edit=Edit("replace", 5, "a", "o"), **STRONG_RATIO)
    assert odds_of_a_slip(name) < 0
    assert judged(name, around(odds_of_a_slip(name)), "cells") <= DOUBT
    assert judged(near(code=1.0, **STRONG_RATIO), around(), "cells") <= DOUBT


def test_other_slips_bear_a_text_out_and_other_names_do_not():
    slip = near(**STRONG_RATIO)
    assert judged(slip, around(*[3.0] * 6), "cells") > SUSPICION
    assert judged(slip, around(*[-3.0] * 6), "cells") <= SUSPICION


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("maried", SUSPICION),
        ("singlr", SUSPICION),
        ("widgets", DOUBT),  # a plural
        ("divorce", DOUBT),  # a word
        ("marries", DOUBT),
        ("divorcing", None),
        ("medium 3", None),
        ("single A", None),
    ],
)
def test_in_a_column_of_a_few_texts_a_near_one_is_asked_about(text, most):
    few = {"married": 300, "divorced": 200, "widget": 100, "single": 90, "medium 1": 50, "medium 2": 50}
    slip = TypingErrors({"a": few | {text: 1}}).of_cell("a", text)
    assert (slip and slip[1]) == most


def test_a_near_text_is_a_doubt_where_it_repeats_and_where_other_names_are_many():
    few = {"Femalr": 1, "Female": 300, "male": 90}
    others = {f"another {word}": 1 for word in ("one", "two", "six", "ten")}
    assert TypingErrors({"a": few}).of_cell("a", "Femalr")[1] == SUSPICION
    assert TypingErrors({"a": few | {"Femalr": 3}}).of_cell("a", "Femalr")[1] <= DOUBT
    assert TypingErrors({"a": few | others}).of_cell("a", "Femalr")[1] <= DOUBT


def test_a_sign_that_is_a_word_makes_another_word():
    few = {"副总经理": 300, "董事长": 200}
    assert TypingErrors({"a": few | {"副经理": 1}}).of_cell("a", "副经理")[1] <= DOUBT
    alphabet = {"женский": 300, "мужской": 200}
    assert TypingErrors({"a": alphabet | {"женскй": 1}}).of_cell("a", "женскй")[1] == SUSPICION


def test_one_sign_wherever_a_sign_is_hurt_is_no_name():
    slip = near("Xortland", edit=Edit("replace", 0, "P", "X"), **STRONG_RATIO)
    part = first_guess(slip, "cells")
    by_name = Dirt((40.0, 1000.0), (40.0, 1000.0), {"X": part, "a": 30.0}, evidence([(1.0, 1.6)] * 10))
    by_sign = Dirt((40.0, 1000.0), (40.0, 1000.0), {"X": 30.0}, evidence([(1.0, 1.6)] * 10))
    assert by_name.most(slip, part) < MOST
    assert by_sign.most(slip, part) == MOST
    assert by_sign.same_sign(slip, part) == pytest.approx((30 - part) / (40 - part))


def test_a_code_needs_slips_around_and_more_near_texts_than_chance_brings():
    code = near(code=1.0, **STRONG_RATIO)
    assert odds_of_a_slip(code) is None
    assert around(*[3.0] * 6).most(code, 0.9) == MOST
    assert around(3.0).most(code, 0.9) == DOUBT
    many = Dirt((40.0, 1000.0), (40.0, 1000.0), {}, evidence([(1.0, 3.0)] * 6), names=41.0)
    assert many.most(code, 0.9) == DOUBT


def test_slips_of_other_columns_count_as_ten_texts_at_most():
    rare = {f"Portland{at}": 1 for at in range(3)}
    slips = {"Portlnad": 1, "Saelm": 1, "Asutin": 1}
    alone = TypingErrors({"a": CITIES | rare}).dirt["a"].slips
    beside = TypingErrors({"a": CITIES | rare, "b": CITIES | slips}).dirt["a"].slips
    assert beside[-1] - beside[0] > alone[-1] - alone[0]
    many = {f"{name[:2]}{name[3]}{name[2]}{name[4:]}": 1 for name in (f"Portland{chr(at)}" for at in range(97, 123))}
    full = TypingErrors({"a": CITIES | rare, "b": {f"Portland{chr(at)}": 30 for at in range(97, 123)} | many})
    assert full.dirt["a"].slips[-1] - alone[-1] <= 10 * 4.0


@pytest.mark.parametrize(
    ("text", "edit", "more", "most"),
    [
        ("Portland", Edit("replace", 5, "a", "x"), {}, MOST),
        ("cat", Edit("replace", 0, "c", "x"), {"density": -2.0}, SUSPICION),
        ("cat", Edit("replace", 0, "c", "x"), {"density": -2.4}, MOST),  # many slips, and words far apart
        ("cat", Edit("delete", 0, "c", ""), {"density": -2.0}, MOST),
        ("cat", Edit("replace", 0, "c", "."), {"density": -2.0, "mark": 1.0}, MOST),
        ("MD", Edit("swap", 0, "MD", "DM"), {"density": -2.0}, SUSPICION),
        ("MDE", Edit("swap", 0, "MD", "DM"), {"density": -2.0}, MOST),
        ("ID", Edit("delete", 1, "D", ""), {"density": -2.0}, SUSPICION),
        ("No", Edit("delete", 0, "N", ""), {"density": -2.0}, MOST),
        ("Portland", Edit("replace", 5, "a", "x"), {"density": -2.0, "short replace": 1.0}, SUSPICION),
        ("Portland", Edit("replace", 5, "a", "x"), {"a word": 1.0}, TRUE_WORD),
        ("M", Edit("insert", 1, "", "."), {}, ONE_SIGN),
    ],
)
def test_no_text_is_surer_than_its_ceiling(text, edit, more, most, monkeypatch):
    monkeypatch.setattr(Dirt, "most", lambda *_: MOST)
    slip = near("?", text, edit, **(STRONG | more))
    dirt = Dirt((900.0, 1000.0), (900.0, 1000.0), {}, evidence([(1.0, 4.0)] * 100))
    sure = judged(slip, dirt, "cells")
    assert sure <= most
    lower = [ceiling for ceiling in (SUSPICION, TRUE_WORD, ONE_SIGN) if ceiling < most]
    assert sure > max(lower, default=0.0)


def test_among_words_those_of_four_letters_are_short(monkeypatch):
    monkeypatch.setattr(Dirt, "most", lambda *_: MOST)
    slip = near("?", "cart", Edit("replace", 0, "c", "x"), **(STRONG | {"density": -2.0}))
    assert judged(slip, DIRTY, "words") <= SUSPICION
    assert judged(slip, DIRTY, "cells") > SUSPICION


def test_slips_of_a_lexicon_are_expected_by_their_first_guess():
    lexicon = Lexicon(CITIES | SLIPS)
    hits, cells = expected(lexicon)
    assert cells == 704
    assert hits == pytest.approx(sum(first_guess(slip, "cells") for slip in lexicon.near.values()))
    assert expected(Lexicon(CITIES)) == (0, 700)


def test_near_texts_speak_by_their_letters_as_far_as_their_counts_make_them_slips():
    lexicon = Lexicon({"Portland": 300, "Portlnad": 1})
    ((sure, odds),) = near_odds(lexicon)
    slip = lexicon.near["Portlnad"]
    assert sure == first_guess(slip, "cells")
    assert odds == slip_odds("Portlnad", "Portland", slip.edit) == odds_of_a_slip(slip)
    assert near_odds(Lexicon({"ABD": 300, "ABX": 1})) == []


def test_signs_that_replace_others_are_counted():
    signs = replaced_signs([Lexicon(CITIES | SLIPS | {"Portlaxd": 1}), Lexicon(CITIES)])
    assert list(signs) == ["x"]
    assert 1 < signs["x"] <= 2


def test_words_of_a_text_and_neighbours_with_one_sign_between():
    assert list(words_of("red-bus 3 old  car, x yz")) == ["red", "bus", "old", "car", "yz", "red-bus"]
    assert list(words_of("中文 词")) == ["中文"]


def test_words_are_counted_by_cell_and_too_many_are_none(monkeypatch):
    lexicon = word_lexicon({"the river and the road": 3, "river": 2})
    assert lexicon.words
    assert lexicon.cells == {"the": 3, "river": 5, "and": 3, "road": 3, "the river": 3, "river and": 3, "and the": 3, "the road": 3}  # fmt: skip
    monkeypatch.setattr(_typing_errors, "MOST_WORDS", 7)
    assert word_lexicon({"the river and the road": 3}).cells == {}
    assert len(word_lexicon({"the river and the": 3}).cells) == 6


@pytest.fixture(scope="module")
def table():
    other = {"Salme": 5, "something else": 50}
    return TypingErrors({"city": CITIES | SLIPS, "other": other, "code": {f"LUP-{at:03}": 1 for at in range(100)}})


def test_cells_are_judged_by_the_slips_around_them(table):
    slip, sure = table.of_cell("city", "Portlnad")
    assert (slip.meant, sure) == ("Portland", MOST)
    assert table.of_cell("city", "Boston") is None
    assert table.of_cell("city", "Salme") is None, "it is at home in another column"
    assert table.of_cell("city", "Portlamd")[0].meant == "Portland"
    clean = TypingErrors({"city": CITIES | {"Auftin": 1}})
    assert clean.of_cell("city", "Auftin")[1] <= table.of_cell("city", "Auxtin")[1]


def test_a_text_at_home_elsewhere_has_five_cells_there():
    four = TypingErrors({"city": CITIES | SLIPS, "other": {"Salme": 4, "x": 50}})
    assert four.of_cell("city", "Salme")[0].meant == "Salem"


def test_words_and_codes_are_judged_too(table):
    words = TypingErrors(
        {"note": {f"{at} patients of the ward": 1 for at in range(100)} | {"7 patixnts of the ward": 1}}
    )
    slip, sure = words.of_word("note", "patixnts")
    assert slip.meant == "patients"
    assert sure > 0.5
    assert words.of_word("note", "ward") is None
    broken, sure = table.of_code("code", "LUP-0j1")
    assert (broken.template, broken.right) == ("AAA-999", None)
    assert sure > 0.5
    assert table.of_code("code", "LUP-017") is None


def test_far_texts_are_only_told_where_slips_abound():
    name = "Portland Harbour City"
    full = {name: 300, "Salem": 300} | {f"Portlan{sign} Harbour City": 1 for sign in "qwxzyukjp"} | {
        f"Por{sign}land Harbour City": 1 for sign in "qwxzy"
    }  # fmt: skip
    assert TypingErrors({"a": full}).of_far("a", "Pxrtlznd Harbour City") == (name, SEVERAL)
    assert TypingErrors({"a": full}).of_far("a", "Boston Common, somewhere") is None
    assert TypingErrors({"a": {name: 300, "Salem": 300}}).of_far("a", "Pxrtlznd Harbour City") is None
