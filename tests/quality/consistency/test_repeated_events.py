import numpy as np
import pyarrow as pa
import pytest

from karat.core.finding import FINDINGS
from karat.quality.consistency.repeated_events import RepeatedEvents
from tests.quality._events import SCHEMA, block_of, judged, people


def told(rows):
    found, _ = judged(RepeatedEvents(), block_of(rows))
    return {one["row"]: (int(one["value"]), one["confidence"]) for one in found}


def test_copies_repeat_the_first_and_changed_ratings_give_way_to_the_last():
    rows = people(users=20)
    size = len(rows)
    a, b, c = rows[3], rows[40], rows[90]
    rows += [a, (b[0], b[1], b[2], b[3] + 500), (c[0], c[1], 6 - c[2] if c[2] != 3 else 1, c[3] + 900)]
    assert told(rows) == {size: (3, 0.98), size + 1: (40, 0.9), 90: (size + 2, 0.7)}


def test_a_chain_keeps_one():
    rows = people(users=20)
    size = len(rows)
    one = rows[5]
    rows += [one, one, (one[0], one[1], one[2] % 5 + 1, one[3] + 50)]
    found = told(rows)
    assert set(found) == {5, size, size + 1}
    assert {keeper for keeper, _ in found.values()} == {size + 2}


def test_where_people_come_again_only_double_clicks_are_slips():
    chance = np.random.default_rng(0)
    rows = [(f"u{chance.integers(9)}", f"i{chance.integers(5)}", 1, 1_000 * at) for at in range(600)]
    assert told(rows) == {}
    rows += [(rows[7][0], rows[7][1], 1, rows[7][3] + 1), (rows[9][0], rows[9][1], 1, rows[9][3] + 8)]
    assert told(rows) == {600: (7, 0.9), 601: (9, 0.4)}


def test_other_acts_are_no_repetition():
    from karat.core.schema import Column, Role, Schema

    schema = Schema((*SCHEMA.columns[:2], Column("event", Role.CATEGORY), SCHEMA.columns[3]), kind="interactions")
    rows = [(u, i, "view", t) for u, i, _, t in people(users=20)]
    size = len(rows)
    rows += [(*rows[0][:2], "buy", rows[0][3] + 9), rows[0]]
    found, _ = judged(RepeatedEvents(), block_of(rows, schema))
    assert [one["row"] for one in found] == [size + 1]


def test_nothing_is_said_of_gaps():
    assert told([(None, "x", 1, 1)] * 3 + [("a", None, 1, 1)] * 3) == {}


@pytest.mark.parametrize(("step", "kind"), [(1, "form"), (86_400, "fact")])
def test_a_copy_is_form_where_hardly_any_user_does_two_things_at_one_moment(step, kind):
    rows = [(u, i, r, t // step * step) for u, i, r, t in people(users=30)]
    found, _ = judged(RepeatedEvents(), block_of([*rows, *rows[:400]]))
    assert {one["kind"] for one in found if one["confidence"] == 0.98} == {kind}
    later = [(u, i, r, t + 86_400) for u, i, r, t in rows[:20]]
    found, _ = judged(RepeatedEvents(), block_of([*rows, *later]))
    assert {one["kind"] for one in found} == {"fact"}


def test_copies_that_are_form_count_as_repeated():
    rows = people(users=30)
    found, learned = judged(RepeatedEvents(), block_of([*rows, *rows[:50]]))
    assert {one["kind"] for one in found} == {"form"}
    state = learned.states["RepeatedEvents"]
    table = pa.Table.from_pylist(found, schema=FINDINGS)
    (measure,) = RepeatedEvents().measures(state, SCHEMA, table)
    assert (measure.bad, measure.total) == (50, len(rows) + 50)
