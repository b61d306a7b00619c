"""Pairs of records that differ in one or two cells, and how many of them chance makes."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality.consistency import _near_pairs
from karat.quality.consistency._near_pairs import CellHashes, near

NAMES = tuple("abcdefgh")


def block_of(cells, names=NAMES):
    table = pa.table(
        {name: pa.array([str(v) for v in column], pa.string()) for name, column in zip(names, cells, strict=True)}
    )
    return Block(np.arange(table.num_rows) + 100, table, Schema(tuple(Column(name, Role.CATEGORY) for name in names)))


def varied(size=400, seed=0, levels=9999):
    return np.random.default_rng(seed).integers(0, levels, (len(NAMES), size))


def pairs(cells):
    state = near(CellHashes.of(block_of(cells)))
    return list(zip(state.earlier.tolist(), state.later.tolist(), state.slips.tolist(), strict=True))


def test_copies_with_one_and_two_slips():
    cells = varied()
    for later, earlier in ((300, 10), (301, 20), (302, 30), (303, 40)):
        cells[:, later] = cells[:, earlier]
    cells[0, 300] = -1
    cells[[1, 6], 301] = -1
    cells[[1, 4, 6], 302] = -1  # three slips are too many
    assert pairs(cells) == [(110, 400, 1), (120, 401, 2)]  # and none is a copy


def test_of_several_earlier_ones_the_nearest_counts():
    cells = varied()
    for later in (300, 301):
        cells[:, later] = cells[:, 10]
    cells[[0, 1], 300] = -1
    cells[0, 301] = -1
    assert pairs(cells) == [(110, 400, 2), (110, 401, 1)]
    cells[1, 301] = -2
    assert pairs(cells)[1] == (400, 401, 1), "it differs in one cell from another"


def test_pairs_of_any_places_of_two_slips_are_met():
    size = 29
    cells = varied(2 * size)
    places = [(a, b) for a in range(8) for b in range(a)]
    cells[:, size:] = cells[:, :size]
    for at, (a, b) in enumerate(places):
        cells[[a, b], size + at] = -1 - at
    cells[:, -1] = varied(1, 5)[:, 0]
    assert pairs(cells) == [(100 + at, 100 + size + at, 2) for at in range(len(places))]


def test_crowded_buckets_are_passed_over(monkeypatch):
    cells = np.repeat(varied(1), 10, axis=1)
    cells[7] = np.arange(10)
    assert {slips for *_, slips in pairs(cells)} == {1}
    monkeypatch.setattr(_near_pairs, "MAX_BUCKET", 9)
    assert pairs(cells) == []


def test_few_levels_make_pairs_by_chance():
    rare = near(CellHashes.of(block_of(varied())))
    assert rare.by_chance.max() < 0.01
    common = near(CellHashes.of(block_of(varied(levels=3))))
    assert common.by_chance[1:].min() > 0.5
    assert common.by_chance.max() <= 1


def test_copies_stand_out_above_chance():
    cells = varied(levels=30)
    cells[:, 200:260] = cells[:, :60]
    cells[0, 200:260] = -np.arange(60) - 1
    seen = near(CellHashes.of(block_of(cells)))
    assert (seen.slips == 1).sum() == 60
    assert seen.by_chance[1] < 0.1


@pytest.mark.parametrize("cut", [1, 7, 399])
def test_blocks_merge_to_the_state_of_the_whole(cut):
    whole = block_of(varied())
    merged = CellHashes.of(whole.take(np.arange(cut))).merge(CellHashes.of(whole.take(np.arange(cut, 400))))
    state = CellHashes.of(whole)
    np.testing.assert_array_equal(merged.cells, state.cells)
    np.testing.assert_array_equal(merged.rows, whole.rows)
    assert merged.table.equals(state.table)
    assert merged.records == 400
    assert merged.block(whole.schema).text("a").equals(whole.text("a"))
    assert merged.block(whole.schema) is merged.block(whole.schema)


def test_too_many_records_are_sampled_by_what_they_say(monkeypatch):
    monkeypatch.setattr(_near_pairs, "MAX_RECORDS", 50)
    whole = block_of(varied())
    kept = np.sort(np.argsort(whole.keys)[:50]) + 100
    merged = CellHashes.of(whole.take(np.arange(200))).merge(CellHashes.of(whole.take(np.arange(200, 400))))
    for state in (CellHashes.of(whole), merged):
        assert state.rows.tolist() == kept.tolist()
        assert state.table["a"].to_pylist() == [str(v) for v in varied()[0, kept - 100]]
        assert state.records == 400


def test_one_record_and_none_have_no_pairs():
    assert pairs(varied(1)) == []
    assert pairs(varied(0)) == []
