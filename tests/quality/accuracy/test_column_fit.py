"""Which values are at home in a column, and which are strangers there."""

import numpy as np
import pytest

from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role
from karat.quality.accuracy.column_fit import homes_of
from karat.quality.distinct import Distinct


@pytest.fixture
def home(make_block):
    def build(cells, column=None):
        block = make_block({"a": cells}, a=column or Column("a", Role.CATEGORY))
        state = ValueCounts.of(block)
        return homes_of(state, [block.schema["a"]])["a"], Distinct.learned(state.columns["a"], block.schema["a"])

    return build


NUMBER = Column("a", Role.NUMBER, "float64")
HEIGHTS = [f"{x:.1f}" for x in np.random.default_rng(9).normal(170, 8, 300)]


def strangers(pair):
    own, seen = pair
    return [text for text, odd in zip(seen.texts, own.strange(seen), strict=True) if odd]


def test_in_a_column_of_categories_what_stands_there_once_is_strange(home):
    pair = home(["red"] * 60 + ["blue"] * 40 + ["Boston", "N/A"])
    assert strangers(pair) == ["Boston"]
    assert pair[0].members == {"red", "blue"}
    assert pair[0].strange_share == pytest.approx(1 / 102)
    assert [pair[0].knows(value) for value in ("red", "Boston", None)] == [True, False, False]
    assert [pair[0].welcomes(value) for value in ("red", "Boston", None)] == [True, False, False]


def test_two_cells_are_not_strange_and_no_member_either(home):
    own, seen = home(["red"] * 60 + ["blue"] * 40 + ["green"] * 2)
    assert strangers((own, seen)) == []
    assert own.members == {"red", "blue"}
    assert "green" in home(["red"] * 60 + ["blue"] * 40 + ["green"] * 3)[0].members


def test_a_thousandth_of_a_large_column_is_rare(home):
    cells = ["red"] * 2000 + ["blue"] * 1995
    assert strangers(home([*cells, "blue", *["Boston"] * 4])) == ["Boston"]
    assert strangers(home([*cells, *["Boston"] * 5])) == []


def test_texts_that_hardly_repeat_find_numbers_strange_only(home):
    words = [f"{a} {b}" for a in ("red", "blue", "green", "grey", "pink", "teal", "lime") for b in ("bus", "car", "van", "cab", "jet", "tram", "bike")]  # fmt: skip
    own, seen = home([*words, "42"])
    assert strangers((own, seen)) == ["42"]
    assert (own.members, own.cells) == (frozenset(), {})
    assert not own.welcomes("red bus")
    assert strangers(home([*[f"{word} {at}" for at, word in enumerate(words)], "42"])) == [], "it is full of digits"


def test_among_measurements_words_far_numbers_and_other_digits_are_strange(home):
    pair = home([*HEIGHTS, "Boston", "9000.0", "170.123", "-999", "N/A"], NUMBER)
    assert sorted(strangers(pair)) == ["170.123", "9000.0", "Boston"]
    own = pair[0]
    assert [own.welcomes(value) for value in ("170.5", "170.55", "9000", "tall", None)] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_on_a_short_scale_strange_is_what_lies_well_outside(home):
    own, seen = home([str(at % 5 + 1) for at in range(300)] + ["7", "50"], NUMBER)
    assert own.members == {"1", "2", "3", "4", "5"}
    assert strangers((own, seen)) == ["50"]
    assert [own.welcomes(value) for value in ("3", "7", "50")] == [True, False, False]


def test_a_scale_whose_members_are_not_nearly_all_has_none(home):
    cells = [str(at % 5 + 1) for at in range(300)]
    assert home([*cells, *(str(at) for at in range(20, 26))], NUMBER)[0].members == {"1", "2", "3", "4", "5"}
    assert home([*cells, *(str(at) for at in range(20, 27))], NUMBER)[0].members == frozenset()  # 300 of 307


def test_a_counter_has_a_long_tail_beyond_its_common_values(home):
    cells = [str(at % 5 + 1) for at in range(1000)] + [str(at) for at in range(6, 13)]
    own, seen = home([*cells, "90"], NUMBER)
    assert own.members == {"1", "2", "3", "4", "5"}
    assert strangers((own, seen)) == ["90"], "what hangs together with the others is none"


def test_gaps_and_codes_for_missing_are_no_strangers(home):
    assert strangers(home(["red"] * 60 + ["blue"] * 40 + ["-999", "unknown", "1900-01-01"])) == []


def test_few_numbers_welcome_nothing(home):
    own, _ = home(["1.5", "2.5", "3.5"], NUMBER)
    assert not own.welcomes("2.5")


def test_each_column_has_its_own_home(make_block):
    block = make_block(
        {"a": ["x"] * 30, "b": HEIGHTS[:30]}, a=Column("a", Role.CATEGORY), b=Column("b", Role.NUMBER, "float64")
    )
    homes = homes_of(ValueCounts.of(block), list(block.schema))
    assert {name: home.kind.name for name, home in homes.items()} == {"a": "text", "b": "number"}
