import numpy as np

from karat.quality.accuracy.noisy_images import NoisyImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def test_noise_is_found_and_texture_is_not():
    good = good_pictures()
    cells = [as_bytes(one) for one in good]
    chance = np.random.default_rng(3)
    for at in (0, 7):
        cells[at] = as_bytes((good[at] + chance.normal(0, 45, good[at].shape)).clip(0, 255))
    assert sure_rows(NoisyImages(), block_of(cells)) == [0, 7]
