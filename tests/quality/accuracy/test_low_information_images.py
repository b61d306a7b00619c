import numpy as np

from karat.quality.accuracy.low_information_images import LowInformationImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def test_a_place_holder_is_found():
    cells = [as_bytes(one) for one in good_pictures()]
    flat = np.full((64, 64, 3), 120)
    flat[10:30, 10:50] = 90
    assert sure_rows(LowInformationImages(), block_of([*cells, as_bytes(flat)])) == [len(cells)]


def test_a_set_of_drawings_in_two_tones_has_no_fault():
    chance = np.random.default_rng(1)
    drawings = [as_bytes(np.repeat(chance.integers(0, 2, (20, 20, 1)) * 255, 3, axis=2)) for _ in range(40)]
    assert sure_rows(LowInformationImages(), block_of(drawings)) == []
