"""How likely text is: known costs of signs, of breaks in words, of mixtures of languages."""

import math

import numpy as np
import pytest

from karat.collect.plausible import WITHOUT_PAIRS, _mixed, cost_of, letters

EN, RU = 11, 38  # places among the languages in order of their codes


def test_the_table_holds_the_costs_of_letters_and_pairs() -> None:
    table = letters()
    e, q, u, zhe = (int(table.place[ord(char)]) for char in "equж")
    assert table.alone[EN, [e, q, zhe]].tolist() == [20, 60, 140]  # q is dearer than a Latin letter abroad
    assert table.paired[EN, q, u] == 0
    assert table.paired[EN, u, zhe] == 140  # no dearer than a letter the language does not have
    assert table.alone[RU, e] == 60  # a Latin letter in Russian
    assert table.paired[RU, zhe, e] == 80
    assert table.place[ord("㐀")] == 0


def test_ideographs_by_language() -> None:
    table = letters()
    japanese, korean = WITHOUT_PAIRS.index("ja"), WITHOUT_PAIRS.index("ko")
    assert table.ideographs[japanese, ord("の")] < table.ideographs[korean, ord("の")] == 140
    assert set(table.ideographs[:, ord("q")].tolist()) == {60}
    assert table.ideographs[japanese, [0xFF65, 0xFF66, 0xFF9F, 0xFFA0]].tolist() == [140, 60, 60, 140]


@pytest.mark.parametrize(
    ("text", "nats"),
    [
        *(("1", 3.0), ("1 2", 9.0), ("\t", 3.0), ("\x01", 20.0), ("€", 5.0), ("§", 8.0), ("☃", 13.0)),
        *(("\ufffd", 20.0), ("\x85", 20.0), ("\u0301", 4.0), ("12,5", 12.0)),
    ],
)
def test_what_signs_cost_in_any_language(text: str, nats: float) -> None:
    assert cost_of([text]) == pytest.approx(nats)


def extra(tight: str, loose: str) -> float:
    """What it costs to write a text without its blanks, of 3 nats each."""
    return cost_of([tight]) - cost_of([loose]) + 3 * loose.count(" ")


def test_what_breaks_a_word_costs() -> None:
    assert extra("a€b", "a € b") == pytest.approx(6.0)
    assert extra("a’b", "a ’ b") == pytest.approx(0.0)
    assert extra("1€b", "1 € b") == pytest.approx(0.0)
    assert extra("1é1", "1 é 1") == pytest.approx(8.0)
    assert extra("1e1", "1 e 1") == pytest.approx(0.0)
    assert extra("1中1", "1 中 1") == pytest.approx(0.0)


def test_capitals_inside_a_word_cost() -> None:
    word = cost_of(["abc"])
    assert cost_of(["Abc"]) == cost_of(["ABC"]) == pytest.approx(word)
    assert cost_of(["aBc"]) == pytest.approx(word + 6)
    assert cost_of(["ABc"]) == pytest.approx(word + 6)
    assert cost_of(["abC"]) == pytest.approx(word + 6)


def test_two_scripts_in_one_word_cost_more_than_the_same_in_two() -> None:
    assert cost_of(["домhouse"]) > cost_of(["дом", "house"]) + 6
    assert cost_of(["中house"]) < cost_of(["дhouse"])


def test_a_language_is_cheaper_than_its_letters_shuffled_and_the_order_of_words_does_not_matter() -> None:
    assert cost_of(["strength"]) < cost_of(["gtrhsnet"])
    assert cost_of(["дом", "house", "город"]) == pytest.approx(cost_of(["город", "дом", "house"]))
    assert cost_of(["e\u0301te\u0301"]) == cost_of(["été"])


def test_a_mixture_of_languages() -> None:
    assert _mixed(np.array([[1.0, 2.0]])) == pytest.approx(3.0)
    assert _mixed(np.array([[1.0, 2.0], [1.0, 2.0]])) == pytest.approx(3.0)
    assert _mixed(np.array([[1.0, 2.0], [900.0, 900.0]])) == pytest.approx(3.0)
    apart = np.array([[0.0, 0.0, 0.0, 900.0], [900.0, 900.0, 900.0, 0.0]])
    assert _mixed(apart) == pytest.approx(-3 * math.log(0.75) - math.log(0.25))
