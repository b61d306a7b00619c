import numpy as np

from karat.quality.accuracy.event_bursts import EventBursts
from tests.quality._events import START, block_of, judged, people

CROWD = [(f"new{at}", "第150号", 5, START + 9_000_000 + 20 * at) for at in range(60)]


def test_strangers_with_one_rating_are_a_bought_crowd():
    rows = people(users=300) + CROWD
    found, _ = judged(EventBursts(), block_of(rows))
    planted = set(range(len(rows) - 60, len(rows)))
    assert {one["row"] for one in found} >= planted
    assert len(found) <= 66
    assert {one["confidence"] for one in found} == {0.95}
    assert "events within one hour, 100% of them with the same rating and" in found[0]["message"]


def test_a_premiere_is_a_crowd_alone():
    chance = np.random.default_rng(0)
    rows = people(users=300)
    rows += [(f"u{at}", "新片", int(chance.integers(1, 6)), START + 9_000_000 + 20 * at) for at in range(120)]
    assert not judged(EventBursts(), block_of(rows))[0]


def test_people_alone_make_no_burst():
    assert not judged(EventBursts(), block_of(people(users=300, seed=5)))[0]


def test_no_time_anywhere_breaks_nothing():
    assert not judged(EventBursts(), block_of([(u, i, r, None) for u, i, r, _ in people()]))[0]
