"""Values that were written behind another column's value, their own cell left blank."""

import pytest

from karat.core.counts import ValueCounts
from karat.core.schema import Column, Role
from karat.quality.accuracy.joined_cells import joined_cells

CITIES = ["Portland", "Salem", "Austin", "Dallas", "Reno"]
STATES = ["OR", "OR", "TX", "TX", "NV"]


@pytest.fixture
def cells(make_block):
    def ask(city, state, more=None):
        columns = {"city": city, "state": state} | (more or {})
        block = make_block(columns, **{name: Column(name, Role.CATEGORY) for name in columns})
        counts = ValueCounts.of(block)
        return list(joined_cells(counts, block, block.schema["state"], list(block.schema)))

    return ask


def table(repeat=20):
    return CITIES * repeat, STATES * repeat


def joined(city, state, **places):
    """Cells put behind the value before them."""
    city, state = list(city), list(state)
    for at, text in places.items():
        city[int(at[1:])], state[int(at[1:])] = text, None
    return city, state


def answers(rows):
    return [row[:4] for row in rows]


def test_the_value_behind_another_is_moved_to_its_own_cell(cells):
    rows = cells(*joined(*table(), r3="Dallas, TX", r5="Portland OR"))
    assert answers(rows) == [
        (3, "city", 0.97, "Dallas"),
        (3, "state", 0.97, "TX"),
        (5, "city", 0.97, "Portland"),
        (5, "state", 0.97, "OR"),
    ]
    assert rows[0][4] == "ends or begins with 'TX', a value of 'state', which is blank in this record"
    assert rows[1][4] == "blank, but 'TX' is in 'city': 'Dallas, TX'"


def test_a_value_before_another_is_moved_too(cells):
    assert answers(cells(*joined(*table(), r3="TX - Dallas"))) == [
        (3, "city", 0.97, "Dallas"),
        (3, "state", 0.97, "TX"),
    ]


def test_what_is_left_is_surer_where_the_column_knows_it(cells):
    assert answers(cells(*joined(*table(), r3="Waco TX"))) == [(3, "city", 0.93, "Waco"), (3, "state", 0.93, "TX")]


def test_the_longest_value_wins(cells):
    city, state = table()
    state = [{"OR": "OR", "TX": "West TX", "NV": "TX"}[code] for code in state]
    assert answers(cells(*joined(city, state, r3="Dallas West TX"))) == [
        (3, "city", 0.97, "Dallas"),
        (3, "state", 0.97, "West TX"),
    ]


def test_values_that_end_so_in_other_records_too_are_natural(cells):
    city = ["Portland OR", "Salem OR", "Austin TX", "Dallas TX", "Reno NV"] * 20
    state = STATES * 20
    state[3] = None
    assert cells(city, state) == []


def test_blanks_that_hardly_ever_look_so_are_left_alone(cells):
    city, state = joined(*table(40), r3="Dallas TX")
    for at in (10, 11, 12, 13):
        state[at] = None
    assert len(cells(city, state)) == 2  # one of five
    state[14] = None
    assert cells(city, state) == []


def test_a_value_must_stand_in_the_column_more_than_once(cells):
    city, state = joined(*table(), r3="Dallas ZZ")
    assert cells(city, state) == []
    state[7] = "ZZ"
    assert cells(city, state) == []
    state[8] = "ZZ"
    assert answers(cells(city, state)) == [(3, "city", 0.97, "Dallas"), (3, "state", 0.97, "ZZ")]


def test_single_letters_numbers_and_columns_of_blanks_have_no_vocabulary(cells):
    city, state = table()
    assert cells(*joined(city, [code[0] for code in state], r3="Dallas T")) == []
    assert cells(*joined(city, ["12", "12", "34", "34", "56"] * 20, r3="Dallas 34")) == []
    city, state = joined(*table(), r3="Dallas TX")
    full = [at for at, code in enumerate(state) if code]
    for at in full[:50]:
        city[at], state[at] = "Dallas TX", None
    assert cells(city, state) == [], "more than half are blank"


def test_nothing_is_joined_in_columns_of_numbers_or_itself(cells):
    city, state = table()
    state[3] = None
    assert cells(city, state, {"note": [None] * 100, "count": [str(at) for at in range(100)]}) == []
