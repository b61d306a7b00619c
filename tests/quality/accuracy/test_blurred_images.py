import numpy as np
from PIL import Image, ImageFilter

from karat.quality.accuracy.blurred_images import BlurredImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def test_blur_is_found_at_any_contrast():
    good = good_pictures()
    cells = [as_bytes(one) for one in good]
    for at in (2, 9):
        soft = Image.fromarray(good[at]).filter(ImageFilter.GaussianBlur(5))
        cells[at] = as_bytes(128 + (np.asarray(soft) - 128.0) * (1.0 if at == 2 else 0.6))
    assert {2, 9} <= set(sure_rows(BlurredImages(), block_of(cells)))


def test_a_picture_of_one_colour_and_a_large_sharp_one_are_not_blurred():
    good = good_pictures()
    chance = np.random.default_rng(0)
    tiles = np.kron(chance.integers(0, 2, (60, 60, 1)) * 200, np.ones((10, 10, 3)))
    cells = [as_bytes(one) for one in good] + [as_bytes(np.full((50, 50, 3), 90)), as_bytes(tiles)]
    assert not {len(good), len(good) + 1} & set(sure_rows(BlurredImages(), block_of(cells)))
