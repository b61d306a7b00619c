import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import InputError
from karat.prepare.features import Preparation
from karat.prepare.patched_views import against, changed
from karat.prepare.target import read_target


def block(make_block):
    random = np.random.default_rng(1)
    n = 60
    return make_block(
        nulls=("NULL",),
        x=("number", [str(v) for v in random.normal(size=n).round(3)]),
        c=("category", random.choice(["a", "b", "丙"], n).tolist()),
        t=("time", [f"2024-01-{1 + i % 28:02d}" for i in range(n)]),
        text=("text", [f"评论 number {i % 7} 很好" for i in range(n)]),
        y=("target", random.choice(["no", "yes"], n).tolist()),
    )


CELLS = {
    "x": (np.array([3, 9]), pa.array([None, "17.5"])),
    "c": (np.array([0, 5, 6]), pa.array(["fresh", "fresh", "NULL"])),
    "t": (np.array([2]), pa.array(["2030-05-05"])),
    "text": (np.array([4, 1]), pa.array(["完全不同的文字", "新 text"])),
    "y": (np.array([7]), pa.array(["yes"])),
}


def features(held, train, way):
    found = Preparation(held.schema, way).fit(held, train).apply(held)
    return found if isinstance(found, np.ndarray) else found.toarray()


@pytest.mark.parametrize("way", ["linear", "trees"])
def test_a_changed_block_gives_the_bits_of_one_read_anew(make_block, way):
    base = block(make_block)
    train = np.arange(0, 60, 2)
    Preparation(base.schema, way).read(base)
    before = features(base, train, way)
    patched = changed(base, CELLS)
    fresh = Block(base.rows, patched.table, base.schema)
    assert np.array_equal(features(patched, train, way), features(fresh, train, way), equal_nan=True)
    assert np.array_equal(read_target(patched).values, read_target(fresh).values)
    assert np.array_equal(features(base, train, way), before, equal_nan=True)
    twice = changed(patched, {"text": (np.array([8]), pa.array(["再来一次"]))})
    again = Block(base.rows, twice.table, base.schema)
    assert np.array_equal(features(twice, train, way), features(again, train, way), equal_nan=True)


def test_another_version_is_found_by_its_rows(make_block):
    base = block(make_block)
    Preparation(base.schema).read(base)
    mended = changed(base, CELLS)
    shorter = Block(base.rows, mended.table, base.schema).take(np.arange(1, 60))
    held, kept = against(base, shorter)
    assert kept.tolist() == list(range(1, 60))
    assert held.text("c")[0].as_py() == base.text("c")[0].as_py()  # a record left out stays as it was
    for name in CELLS:
        assert held.text(name).take(pa.array(kept)).equals(shorter.text(name))


def test_records_that_are_not_in_the_base_are_refused(make_block):
    base = block(make_block)
    other = Block(base.rows + 1, base.table, base.schema)
    with pytest.raises(InputError, match="not in its base"):
        against(base, other)
