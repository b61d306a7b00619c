"""The list of English words."""

import pytest

from karat.quality.english_words import begins_english, english_words, is_english


@pytest.mark.parametrize("word", ["house", "Houses", "colour", "color", "London", "an", "I"])
def test_a_word_is_known(word):
    assert is_english(word)


@pytest.mark.parametrize("word", ["hous", "peop", "london", "xq", "pr", "Worc"])
def test_a_part_of_a_word_is_not(word):
    assert not is_english(word)


def test_beginnings_are_known():
    assert begins_english("peop")
    assert begins_english("Worc")
    assert not begins_english("xqzt")


def test_the_list_is_sorted_and_without_doubles():
    words = english_words()[0]
    assert list(words) == sorted(set(words))
    assert len(words) > 70_000
