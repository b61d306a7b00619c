import numpy as np

from karat.quality.accuracy.bright_images import BrightImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def test_a_washed_out_picture_is_found():
    good = good_pictures()
    cells = [as_bytes(one) for one in good]
    cells[5] = as_bytes(255 * (good[5] / 255.0) ** 0.06)
    assert 5 in sure_rows(BrightImages(), block_of(cells))


def test_a_black_shape_on_white_is_no_fault():
    page = np.full((60, 60, 3), 255)
    page[20:40, 20:40] = 0
    cells = [as_bytes(one) for one in good_pictures()] + [as_bytes(page)]
    assert len(cells) - 1 not in sure_rows(BrightImages(), block_of(cells))
