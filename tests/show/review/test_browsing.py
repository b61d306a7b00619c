"""The list: searched, alike cases on one line, what is worth most of a person's time first."""

import numpy as np
import pytest

from karat.flow.decisions import FILE, KINDS, Decisions
from karat.show.review.assignment import Filter, ReviewDesk
from karat.show.review.browsing import (
    KEPT_SEARCHES,
    UNTIMED_SECONDS,
    Asked,
    Searches,
    expected,
    lines_of,
    seconds_by_kind,
)
from karat.show.review.queue import open_queue


@pytest.fixture
def desk(run):
    store = Decisions(run / FILE)
    yield ReviewDesk(open_queue(run), store)
    store.close()


def listed(desk, **asked):
    return lines_of(desk, Asked(**asked), Searches())


def cells(desk, rows):
    return [
        at
        for at in range(desk.queue.size)
        if desk.queue.case(at)["row"] in rows and desk.queue.case(at)["column"] == "age"
    ]


def test_alike_cases_share_a_line_and_count_each(desk):
    together, apart = listed(desk, sort="asked"), listed(desk, sort="asked", together=False)
    assert together.cases == apart.cases == apart.lines == desk.queue.size
    assert together.lines == apart.lines - 2  # three ages of 300 are one line
    first = together.places.index(min(cells(desk, (4, 5, 6))))
    assert together.sizes[first] == 3
    assert sorted(together.places) == together.places


def test_gain_is_errors_expected_per_minute_of_the_time_its_kind_takes(desk):
    lines = listed(desk)
    three = min(cells(desk, (4, 5, 6)))
    assert lines.places[0] == three
    assert lines.gains[0] == pytest.approx(3 * 0.9 * 60 / UNTIMED_SECONDS)
    desk.seconds["cell"] += [2.0, 6.0, 4.0]
    assert listed(desk).gains[0] == pytest.approx(3 * 0.9 * 60 / 4)
    known = [gain for gain in lines.gains if gain is not None]
    assert known == sorted(known, reverse=True)
    nexts = [gain for at, gain in zip(lines.places, lines.gains, strict=True) if desk.queue.case(at)["kind"] == "next"]
    assert nexts == [None, None]
    assert lines.gains[-2:] == [None, None]


def test_what_people_found_moves_what_is_expected(desk):
    ages = cells(desk, (4, 5, 6))
    assert expected(desk, np.array(ages[:1]))[0] == pytest.approx(0.9)
    desk.decide("anna", ages[0], "reject", "300", all_alike=False, only=Filter())
    desk.sync()
    assert expected(desk, np.array(ages[1:]))[0] < 0.9


def test_states_and_searches(desk):
    assert listed(desk, text="SECOND opinion").cases == 1
    assert listed(desk, text="39").cases == 1  # by its row
    assert listed(desk, text="nowhere").cases == 0
    at = cells(desk, (4,))[0]
    desk.decide("anna", at, "accept", "30", all_alike=True, only=Filter())
    assert listed(desk, state="done").cases == 3
    assert listed(desk, only=Filter(column="age")).cases == 0
    desk.decide("bo", at, "reject", "300", all_alike=False, only=Filter())
    assert listed(desk, state="split").places == [at]
    assert listed(desk, state="all").cases == desk.queue.size
    assert listed(desk, state="all", page=9).places == []


def test_the_surest_first(desk):
    sure = desk.queue.narrow("confidence")[listed(desk, sort="confidence").places]
    assert (sure[:-1] >= sure[1:]).all()


def test_few_searches_are_kept(desk):
    searches = Searches()
    for number in range(KEPT_SEARCHES + 3):
        searches.mask(desk, f"text {number}")
    assert next(iter(searches.kept)) == "text 3"
    assert len(searches.kept) == KEPT_SEARCHES


def test_an_address_says_what_is_asked():
    asked = Asked(Filter("cell", "", "a&b"), text="x", page=2)
    assert asked.query() == "kind=cell&column=a%26b&state=open&q=x&sort=gain&together=1&page=3"
    assert asked.query(page=1, decided=4).endswith("page=1&decided=4")


def test_every_kind_has_a_time(desk):
    assert seconds_by_kind(desk).tolist() == [UNTIMED_SECONDS] * len(KINDS)
