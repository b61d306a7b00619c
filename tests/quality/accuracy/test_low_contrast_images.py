import numpy as np

from karat.quality.accuracy.low_contrast_images import LowContrastImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def test_fog_is_found_and_an_empty_picture_is_left_to_its_own_check():
    good = good_pictures()
    cells = [as_bytes(one) for one in good]
    cells[6] = as_bytes(good[6].mean() + (good[6] - good[6].mean()) * 0.08)
    cells[8] = as_bytes(np.full((64, 64, 3), 120))
    found = sure_rows(LowContrastImages(), block_of(cells))
    assert 6 in found
    assert 8 not in found
