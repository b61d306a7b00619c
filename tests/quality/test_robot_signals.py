"""Each sign tells the history it is made for, and no person's."""

import numpy as np
import pytest

from karat.quality.events import SampledEvents
from karat.quality.robot_signals import peak, signs
from tests.quality._events import SPAN, START, block_of, people, robots

ITEMS = 200


def history(name, items, ratings=None, times=None, seed=0):
    chance = np.random.default_rng(seed)
    size = len(items)
    ratings = chance.integers(1, 6, size) if ratings is None else ratings
    times = np.sort(START + chance.random(size) * SPAN) if times is None else times
    return [(name, f"第{i}号", int(r), int(t)) for i, r, t in zip(items, ratings, times, strict=True)]


def liked(size, seed=5):
    """Items as people choose them."""
    fame = 1 / np.arange(1, ITEMS + 1) ** 0.8
    return np.random.default_rng(seed).choice(ITEMS, size, replace=False, p=fame / fame.sum())


RUNS = np.random.default_rng(4).permutation(np.arange(3, 53).reshape(-1, 5))  # some of them walked backwards
CASES = {
    "rate": history("x", liked(40), times=START + np.arange(40) // 20),
    "order": history("x", np.sort(liked(40))),
    "neighbours": history("x", np.concatenate([r[:: 1 - 2 * (k % 2)] for k, r in enumerate(RUNS)])),
    "rating": history("x", liked(40), ratings=[5] * 40),
    "choice": history("x", np.random.default_rng(3).choice(np.arange(60, ITEMS), 60, replace=False)),
    "repeats": history("x", np.repeat(liked(10), 4)),
    "clock": history("x", liked(40), times=START + 100_000 * np.arange(40)),
    "copies": history("x", liked(40)) + history("y", liked(40), seed=8),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_sign_tells_its_history_alone(kind):
    held = SampledEvents.of(block_of(people() + CASES[kind]))
    found = {}
    for group, several in signs(held).items():
        hit = np.any([one.hit for one in several], axis=0)
        found[group] = {held.user.texts[int(at)].as_py() for at in np.flatnonzero(hit)}
    assert "x" in found[kind]
    assert all("x" not in names for group, names in found.items() if group != kind), found
    strangers = [name for names in found.values() for name in names - {"x", "y"}]
    assert len(strangers) <= 1


def test_a_custom_of_all_is_no_sign():
    rows = [(f"u{user}", f"i{at:03d}", 1, START + 86_400 * at) for user in range(40) for at in range(user % 7, 40)]
    held = SampledEvents.of(block_of(rows))  # everybody walks in order, one item a day
    assert not any(one.hit.any() for group in ("order", "clock", "rating", "rate") for one in signs(held)[group])


def test_peak_counts_within_a_half_open_stretch():
    held = SampledEvents.of(
        block_of([("a", "x", 1, 0), ("a", "y", 1, 1), ("a", "z", 1, 2), ("b", "x", 1, 2), ("b", "y", 1, 9)])
    )
    assert peak(held.sequence, 2_000_000).tolist() == [2, 1]


def test_without_times_the_other_signs_stand():
    rows = [(u, i, r, None) for u, i, r, _ in people() + CASES["rating"]]
    found = signs(SampledEvents.of(block_of(rows)))
    assert "clock" not in found
    assert found["rating"][0].hit.sum() == 1


@pytest.mark.parametrize("second", [START, None])
def test_events_of_one_second_stand_in_no_order(second):
    """A list taken in at one go, written in the order of the catalogue: the file's order is not the person's."""
    rows = people() + [("x", f"第{item}号", 1 + item % 5, second) for item in np.sort(liked(60)).tolist()]
    found = signs(SampledEvents.of(block_of(rows)))
    assert not found["order"][0].hit.any()
    assert not found["neighbours"][0].hit.any()


def test_every_sign_is_the_same_for_records_in_another_order():
    rows = people(seed=2) + [row for case in CASES.values() for row in case] + robots(3, regular=False)
    answers = []
    for order in (np.arange(len(rows)), np.random.default_rng(0).permutation(len(rows))):
        held = SampledEvents.of(block_of([rows[at] for at in order]))
        names = held.user.texts.to_pylist()
        answers.append(
            {
                (group, at): {names[code] for code in np.flatnonzero(sign.hit)}
                for group, several in signs(held).items()
                for at, sign in enumerate(several)
            }
        )
    assert answers[0] == answers[1]
    assert any(answers[0].values())
