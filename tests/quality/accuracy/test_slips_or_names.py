"""A typing error and another name one letter away do not look alike."""

import numpy as np
import pytest

from karat.quality.accuracy._edits import one_edit
from karat.quality.accuracy._slips_or_names import SUREST, chance_of_a_slip, evidence, letters_likelihood, slip_odds

SLIPS = [("Anan", "Anna"), ("Hambrug", "Hamburg"), ("Wqrsaw", "Warsaw"), ("oJhn", "John"), ("Madxrid", "Madrid")]
NAMES = [
    ("Anne", "Anna"),
    ("Erika", "Erik"),
    ("Gao", "Gaa"),
    ("Cantù", "Cantú"),
    ("Lukulu", "Lukula"),
    ("Laja", "Baja"),
]


def odds(text: str, meant: str) -> float:
    edit = one_edit(text, meant)
    assert edit is not None
    return slip_odds(text, meant, edit)


@pytest.mark.parametrize(("text", "meant"), SLIPS)
def test_what_a_finger_does_looks_like_a_slip(text, meant):
    assert odds(text, meant) > 1


@pytest.mark.parametrize(("text", "meant"), NAMES)
def test_names_that_differ_in_a_vowel_an_accent_or_an_end_do_not(text, meant):
    assert odds(text, meant) < -1


def test_a_latin_letter_in_a_chinese_name_is_a_slip_and_another_sign_is_not():
    assert odds("张q伟", "张伟") > 1
    assert odds("张炜", "张伟") < 0


def test_one_pair_says_no_more_than_the_bound():
    assert odds("oJhn", "John") == SUREST
    assert odds("Cantú", "Cantu") >= -SUREST


def test_other_slips_make_a_text_without_a_sign_likely_and_other_names_unlikely():
    nothing = chance_of_a_slip(0.0, evidence([]))
    assert nothing == pytest.approx(0.5, abs=0.01)
    assert chance_of_a_slip(0.0, evidence([(1.0, 3.0)] * 5)) > 0.8
    assert chance_of_a_slip(0.0, evidence([(1.0, -3.0)] * 5)) < 0.2


def test_a_text_that_is_no_slip_by_its_counts_says_nothing_of_the_others():
    np.testing.assert_array_equal(evidence([(0.0, 3.0)]), evidence([]))


def test_english_letters_are_likelier_than_a_heap():
    assert letters_likelihood("station") > letters_likelihood("sttaion") > letters_likelihood("xqztion")
