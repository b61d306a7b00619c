import numpy as np

from karat.quality.accuracy.dark_images import DarkImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def darkened(pixels):
    return 255 * (pixels / 255.0) ** 7


def test_a_dark_picture_among_good_ones_is_found():
    good = good_pictures()
    cells = [as_bytes(one) for one in good]
    cells[3] = as_bytes(darkened(good[3]))
    assert sure_rows(DarkImages(), block_of(cells)) == [3]


def test_a_set_that_is_dark_as_a_whole_has_no_fault():
    rows = sure_rows(DarkImages(), block_of([as_bytes(darkened(one)) for one in good_pictures()]))
    assert len(rows) <= 4


def test_a_blank_cell_is_not_judged():
    cells = [as_bytes(one) for one in good_pictures(10)]
    cells[2] = None
    assert sure_rows(DarkImages(), block_of(cells)) == []


def test_one_picture_alone_is_judged_by_what_is_usual():
    assert sure_rows(DarkImages(), block_of([as_bytes(np.zeros((40, 40, 3)))])) == [0]
