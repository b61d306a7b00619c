import numpy as np

from karat.quality.consistency.duplicate_images import DuplicateImages
from tests.quality._pictures import as_bytes, block_of, found_by, good_pictures


def test_a_copy_is_found_in_another_format_and_says_where_it_stands():
    good = good_pictures(6)
    cells = [as_bytes(one) for one in good] + [as_bytes(good[1], "BMP"), as_bytes(np.full((64, 64, 3), 7))]
    paths = [f"train/cat/{at}.png" for at in range(6)] + ["test/dog/6.bmp", "test/dog/7.png"]
    found = found_by(DuplicateImages(), block_of(cells, paths, ["cat"] * 6 + ["dog"] * 2))
    assert [(one["row"], one["confidence"]) for one in found] == [(1, 0.5), (6, 0.99)]
    assert "record 6 (test/dog/6.bmp)" in found[0]["message"]
    assert "record 1 (train/cat/1.png)" in found[1]["message"]
    assert "labelled 'cat' there and 'dog' here" in found[1]["message"]
    assert "'train', the other is in 'test'" in found[1]["message"]


def test_of_a_pair_the_later_one_alone_counts():
    good = good_pictures(4)
    block = block_of([as_bytes(one) for one in (*good, good[2], good[2])])
    check = DuplicateImages()
    state = check.learn(block)
    found = check.judge(state, block)
    assert found["row"].to_pylist() == [2, 4, 5]
    assert "record 4" in found["message"][0].as_py()
    (measure,) = check.measures(state, block.schema, found)
    assert (measure.bad, measure.total) == (2, 6)
