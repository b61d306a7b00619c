import numpy as np
from PIL import Image

from karat.quality.consistency.grey_images import GreyImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def test_grey_is_told_by_pixels_with_one_channel_or_three():
    good = [one for one in good_pictures() if np.ptp(one.astype(int), axis=2).mean() > 15]
    cells = [as_bytes(one) for one in good]
    cells[1] = as_bytes(Image.fromarray(good[1]).convert("L"))
    cells[2] = as_bytes(Image.fromarray(good[2]).convert("L").convert("RGB"))
    assert sure_rows(GreyImages(), block_of(cells)) == [1, 2]


def test_a_grey_set_has_no_fault():
    cells = [as_bytes(Image.fromarray(one).convert("L")) for one in good_pictures(30)]
    assert sure_rows(GreyImages(), block_of(cells)) == []
