"""Each sign tells the history it is made for, and no person's."""

import numpy as np
import pytest

from karat.quality.events import SampledEvents
from karat.quality.robot_signals import peak, signs
from tests.quality._events import SPAN, START, block_of, people

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
