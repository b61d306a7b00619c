"""The figures of all pictures of a set: read, merged, bounded, and what is usual among them."""

import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.quality import pictures
from karat.quality.pictures import PictureFigures, belief, image_column, path_column, usual
from tests.quality._pictures import as_bytes, block_of


def shade(value, high=8, wide=12, form="PNG"):
    return as_bytes(np.full((high, wide, 3), value), form)


CELLS = [shade(10), b"no picture", None, shade(200, 20, 30), shade(90, form="JPEG")]


def test_figures_of_each_picture_and_none_where_nothing_can_be_read():
    seen = PictureFigures.of(block_of(CELLS, labels=["a", "b", None, "a", "b"]))
    assert len(seen) == 5
    assert seen.readable.tolist() == [True, False, False, True, True]
    np.testing.assert_array_equal(seen["wide"], [12, np.nan, np.nan, 30, 12])
    np.testing.assert_array_equal(seen["high"], [8, np.nan, np.nan, 20, 8])
    assert [seen.forms[at] for at in (0, 3, 4)] == ["PNG", "PNG", "JPEG"]
    assert seen.labels.to_pylist() == ["a", "b", None, "a", "b"]
    assert seen.names.to_pylist()[:2] == ["000.png", "001.png"]
    assert seen.looks.shape == (5, 16, 16, 3)
    assert seen.looks[0].max() <= 12
    assert seen.looks[3].min() >= 198


def test_a_block_is_measured_once_and_without_pictures_gives_none():
    block = block_of(CELLS)
    assert PictureFigures.of(block) is PictureFigures.of(block)
    bare = Block(np.arange(2), pa.table({"path": ["a", "b"]}), Schema((Column("path", Role.ID),)))
    assert (len(PictureFigures.of(bare).hashes), PictureFigures.of(bare).figures.shape[0]) == (0, 0)


def test_states_of_blocks_merge_to_that_of_the_whole():
    whole = block_of(CELLS, labels=["a", "b", None, "a", "b"])
    parts = [whole.take(np.arange(2)), whole.take(np.arange(2, 5))]
    merged, seen = PictureFigures.of(parts[0]).merge(PictureFigures.of(parts[1])), PictureFigures.of(whole)
    for name in ("rows", "figures", "hashes", "looks", "looked"):
        np.testing.assert_array_equal(getattr(merged, name), getattr(seen, name))
    assert merged.labels.equals(seen.labels)
    assert merged.names.equals(seen.names)


def test_thumbnails_are_bounded_by_the_keys_of_their_records(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_LOOKS", 3)
    whole = block_of([shade(10 * at) for at in range(8)])
    kept = np.sort(np.argsort(whole.keys)[:3])
    seen = PictureFigures.of(whole)
    assert seen.looked.tolist() == kept.tolist()
    assert len(seen.rows) == 8
    merged = PictureFigures.of(whole.take(np.arange(5))).merge(PictureFigures.of(whole.take(np.arange(5, 8))))
    assert merged.looked.tolist() == kept.tolist()
    np.testing.assert_array_equal(merged.looks, seen.looks)
    assert [int(look.mean().round(-1)) for look in seen.looks] == [10 * at for at in kept]


def test_three_pictures_of_three_are_all_looked_at(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_LOOKS", 3)
    assert PictureFigures.of(block_of([shade(9)] * 3)).looked.tolist() == [0, 1, 2]


def test_the_column_of_pictures_and_that_of_paths():
    columns = (
        Column("note", Role.TEXT),
        Column("address", Role.IMAGE),
        Column("bytes", Role.IMAGE, "binary"),
        Column("more", Role.IMAGE, "binary"),
    )
    assert image_column(Schema(columns)) == "bytes"
    assert image_column(Schema(columns[:2])) is None
    assert path_column(Schema(columns)) is None
    assert path_column(Schema((Column("number", Role.ID, "int64"), Column("key", Role.ID)))) == "key"
    assert path_column(Schema((Column("path", Role.TEXT),))) == "path"


def test_what_is_usual_lies_between_the_set_and_twenty_usual_pictures():
    twenty = np.array([9.0, 11.0] * 10)
    middle, spread = usual(twenty, (20.0, 2.0))
    assert middle == pytest.approx(15)
    assert spread == pytest.approx(0.5 * 1.4826 + 0.5 * 2)
    assert usual(twenty, (np.nan, 2.0))[0] == pytest.approx(10)
    assert usual(np.append(twenty, np.nan), (20.0, 2.0)) == (middle, spread)
    assert usual(np.array([np.nan]), (20.0, 2.0)) == (20.0, 2.0)


def test_belief_is_one_half_at_the_limit_and_bounded():
    sure = belief(np.array([0.0, 2.0, -2.0, 1e9, -1e9, np.nan]), 2.0)
    assert sure[0] == 0.5
    assert sure[1] == pytest.approx(1 / (1 + np.exp(-1)))
    assert sure[1] + sure[2] == pytest.approx(1)
    assert sure[3] == 0.99
    assert 0 < sure[4] < 1e-12
    assert sure[5] == 0
    assert belief(np.array([1.0]), 0.0)[0] == 0.99
