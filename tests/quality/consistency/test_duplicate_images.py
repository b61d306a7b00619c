import numpy as np

from karat.quality.consistency.duplicate_images import DuplicateImages
from tests.quality._pictures import as_bytes, block_of, found_by, good_pictures


def test_a_copy_is_found_in_another_format_and_says_where_it_stands():
    good = good_pictures(6)
    cells = [as_bytes(one) for one in good] + [as_bytes(good[1], "BMP"), as_bytes(np.full((64, 64, 3), 7))]
    paths = [f"train/cat/{at}.png" for at in range(6)] + ["test/dog/6.bmp", "test/dog/7.png"]
    found = found_by(DuplicateImages(), block_of(cells, paths, ["cat"] * 6 + ["dog"] * 2))
    assert [one["row"] for one in found] == [6]
    assert "record 1 (train/cat/1.png)" in found[0]["message"]
    assert "labelled 'cat' there and 'dog' here" in found[0]["message"]
    assert "'train', the other in 'test'" in found[0]["message"]
