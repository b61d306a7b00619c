"""The state that checks of interactions share."""

import itertools

import numpy as np
import pytest

from karat.core.state import freeze, thaw
from karat.quality import events as module
from karat.quality.events import NO_TIME, SampledEvents
from tests.quality._events import block_of, people

ROWS = people(users=40, seed=2)


def plain(held):
    texts = (held.user.texts.to_pylist(), held.item.texts.to_pylist())
    names = [
        (texts[0][u] if u >= 0 else None, texts[1][i] if i >= 0 else None)
        for u, i in zip(held.user.codes, held.item.codes, strict=True)
    ]
    return names, held.rating.tolist(), held.time.tolist(), held.row.tolist()


def test_parts_merge_to_the_whole_and_survive_being_written_down():
    block = block_of(ROWS)
    whole = SampledEvents.of(block)
    cuts = [0, 1, 300, 301, len(block)]
    parts = [SampledEvents.of(block.take(np.arange(a, b))) for a, b in itertools.pairwise(cuts)]
    merged = parts[0].merge(parts[1]).merge(parts[2].merge(parts[3]))
    assert plain(merged) == plain(whole)
    assert plain(thaw(freeze(merged))) == plain(whole)
    assert merged.records == len(ROWS)
    assert merged.whole


@pytest.mark.parametrize("cut", [50, 400])
def test_beyond_its_bound_it_holds_whole_users_the_same_for_any_cut(monkeypatch, cut):
    monkeypatch.setattr(module, "MAX_EVENTS", 500)
    block = block_of(ROWS)
    whole = SampledEvents.of(block)
    merged = SampledEvents.of(block.take(np.arange(cut))).merge(
        SampledEvents.of(block.take(np.arange(cut, len(block))))
    )
    assert not merged.whole
    assert sorted(zip(*plain(merged), strict=True), key=str) == sorted(zip(*plain(whole), strict=True), key=str)
    assert 200 < len(merged) <= 500
    counts = {user: sum(row[0] == user for row in ROWS) for user in merged.user.texts.to_pylist()}
    held = dict(zip(merged.user.texts.to_pylist(), merged.sequence.count.tolist(), strict=True))
    assert held == counts


def test_gaps_are_no_users_items_or_times():
    held = SampledEvents.of(block_of([("a", "x", 3, 5), (None, "x", 3, 6), ("a", None, None, 7), ("a", "y", 1, None)]))
    assert held.user.codes.tolist() == [0, -1, 0, 0]
    assert held.item.codes.tolist() == [0, 0, -1, 1]
    assert np.isnan(held.rating[2])
    assert held.time[3] == NO_TIME
    assert held.sequence.count.tolist() == [2]
    assert held.sequence.order.tolist() == [3, 0]  # what has no time comes first
