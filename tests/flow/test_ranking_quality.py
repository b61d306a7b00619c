"""Recommenders compared on later events: parts in time, what is asked of whom, and intervals over users."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.parsing import EPOCH_FORMAT
from karat.core.schema import Column, Role, Schema
from karat.flow.ranking_quality import EventParts, _Stage, _stretches, _with_intervals, compared, ready
from karat.prepare.interaction_log import Log
from karat.prepare.interaction_splits import TEST, TRAIN, VALIDATION
from karat.train import recommenders

every = recommenders.recommenders

SCHEMA = Schema(
    (
        Column("u", Role.USER),
        Column("i", Role.ITEM),
        Column("t", Role.TIME, "timestamp", format=EPOCH_FORMAT),
    ),
    kind="event",
)


def events(users: list[str], items: list[str], times: list[int | None]) -> Block:
    stamps = [None if time is None else str(1_600_000_000 + time) for time in times]
    table = pa.table({"u": users, "i": items, "t": pa.array(stamps, pa.string())})
    return Block(np.arange(len(users)), table, SCHEMA)


def many(seed: int = 0) -> Block:
    """Forty people in two camps, each of which likes its own ten items, at random times."""
    dice = np.random.default_rng(seed)
    users, items = [], []
    for user in range(40):
        for item in dice.permutation(10)[:8]:
            users.append(f"u{user}")
            items.append(f"i{item + 10 * (user % 2)}")
    order = dice.permutation(len(users))
    return events([users[at] for at in order], [items[at] for at in order], list(range(len(users))))


def test_eight_tenths_of_the_time_train_and_a_tenth_each_choose_and_test() -> None:
    block = events(["a"] * 10 + ["b"], ["x", "y"] * 5 + ["x"], [*range(10), None])
    parts = EventParts.by_time(Log.of(block), 0)
    assert parts.method == "forward in time"
    assert parts.part.tolist() == [TRAIN] * 7 + [VALIDATION] + [TEST] * 2 + [-1]


def test_without_times_parts_are_drawn_within_each_user() -> None:
    block = events(["a"] * 10 + ["b"] * 10, [f"i{k}" for k in range(20)], [None] * 20)
    parts = EventParts.by_time(Log.of(block), 0)
    assert parts.method == "at random within each user"
    for user in (parts.part[:10], parts.part[10:]):
        assert [int((user == piece).sum()) for piece in (TRAIN, VALIDATION, TEST)] == [8, 1, 1]
    same = events(["a", "b"] * 5, [f"i{k}" for k in range(10)], [5] * 10)
    assert EventParts.by_time(Log.of(same), 0).method == "at random within each user"


def test_only_new_items_of_known_users_are_asked_about() -> None:
    block = events(["a", "a", "a", "b", "c", "c"], ["x", "x", "y", "x", "x", "x"], list(range(6)))
    parts = EventParts(np.array([TRAIN, TEST, TEST, TEST, TRAIN, TEST], np.int8), "by hand")
    log = Log.of(block)
    stage = _Stage(log, parts, TEST)
    assert len(stage.asked) == 1  # b has no history, c meets nothing new
    assert stage.truth.sum() == 1
    assert stage.history.toarray().sum() == 1
    with pytest.raises(InputError, match="no user meets a new item later"):
        ready(log, parts)


def test_intervals_over_users_lie_between_zero_and_one() -> None:
    table = _with_intervals({"a": np.array([0.0, 1.0]), "b": np.array([0.25]), "c": np.full(4, 0.5)})
    assert (table["a"]["value"], table["a"]["low"], table["a"]["high"]) == (0.5, 0.0, 1.0)
    assert (table["b"]["value"], table["b"]["low"]) == (0.25, None)
    assert table["c"]["low"] == table["c"]["high"] == 0.5
    wide = _with_intervals({"a": np.tile([0.4, 0.6], 50)})["a"]
    # a standard error of 0.1 / sqrt(99), 1.984 of them to either side
    assert wide["high"] == pytest.approx(0.5 + 1.984 * 0.1005 / 10, abs=1e-4)
    assert wide["high"] - 0.5 == pytest.approx(0.5 - wide["low"])


def test_recommenders_that_see_the_camps_beat_what_is_popular(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recommenders, "recommenders", lambda *size: [unit for unit in every(*size) if unit.effort < 2])
    ticks: list[tuple[int, int]] = []
    block = many()
    report = compared(block, block, 0, lambda done, of: ticks.append((done, of)))
    assert report["headline"] in report["learners"]
    assert report["ranking"]["best"] == max(report["ranking"]["validation"], key=report["ranking"]["validation"].get)
    assert report["ranking"]["stretches"] == 5
    lead, popular = (report["learners"][name]["NDCG@10"]["value"] for name in (report["headline"], "Popularity"))
    assert lead > popular + 0.1
    assert report["ranking"]["split"] == "forward in time"
    assert 0 <= report["ranking"]["random_split"] <= 1
    assert report["ranking"]["items"] == 20
    assert [done for done, _ in ticks] == list(range(1, len(ticks) + 1))


def test_several_stretches_choose_and_none_of_them_sees_what_tests() -> None:
    for block in (many(), events(["a"] * 30 + ["b"] * 30, [f"i{k}" for k in range(60)], [None] * 60)):
        log = Log.of(block)
        parts = EventParts.by_time(log, 0)
        stretches = _stretches(log, parts, 0)
        assert len(stretches) == 5
        for part in stretches:
            assert {TRAIN, VALIDATION} <= set(part.tolist())
            assert (part[parts.part == TEST] == -1).all()
        if parts.method == "forward in time":
            for part in stretches:
                assert log.time[part == TRAIN].max() < log.time[part == VALIDATION].min()


def test_records_in_another_order_choose_alike() -> None:
    block = many(3)
    order = np.random.default_rng(0).permutation(len(block))
    moved = Block(np.arange(len(block)), block.table.take(pa.array(order)), block.schema)
    one, other = (compared(b, b, 0) for b in (block, moved))
    assert one["headline"] == other["headline"]
    assert one["ranking"]["validation"] == pytest.approx(other["ranking"]["validation"])
