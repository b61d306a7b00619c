import numpy as np

from karat.kernels.pixels import FIGURES, measure


def told(pixels):
    out = np.empty(len(FIGURES), np.float32)
    measure(np.ascontiguousarray(pixels, np.uint8), out)
    return dict(zip(FIGURES, out.tolist(), strict=True))


def test_light_and_entropy_of_known_pictures():
    flat = told(np.full((32, 32, 3), 77))
    assert (flat["p1"], flat["p99"], flat["entropy"]) == (77, 77, 0)
    half = np.zeros((32, 32, 3))
    half[:, 16:] = 200
    held = told(half)
    assert abs(held["entropy"] - 1) < 1e-6
    assert abs(held["mean"] - 100) < 1e-3
    assert abs(held["spread"] - 100) < 1e-3


def test_the_deviation_of_noise_is_measured():
    chance = np.random.default_rng(0)
    for deviation in (5, 20):
        grey = (128 + chance.normal(0, deviation, (200, 200, 1))).clip(0, 255)
        assert abs(told(np.repeat(grey, 3, axis=2))["noise"] / deviation - 1) < 0.1


def test_blocks_show_in_the_jumps():
    chance = np.random.default_rng(0)
    smooth = np.add.outer(np.arange(64), np.arange(64)) + chance.normal(0, 1, (64, 64))
    blocks = smooth + np.kron(chance.integers(-20, 20, (8, 8)), np.ones((8, 8)))
    assert told(np.repeat(blocks.clip(0, 255)[..., None], 3, axis=2))["blocks"] > 3
    assert told(np.repeat(smooth[..., None], 3, axis=2))["blocks"] < 1.5


def test_too_small_a_picture_is_not_asked_for_focus():
    held = told(np.random.default_rng(0).integers(0, 255, (6, 40, 3)))
    assert np.isnan(held["sharpness"])
    assert np.isnan(held["noise"])
    assert held["mean"] > 0


def test_chroma_and_border():
    red = np.zeros((32, 32, 3))
    red[..., 0] = 180
    held = told(red)
    assert held["chroma"] == 180
    assert (held["border_red"], held["border_green"]) == (180, 0)
