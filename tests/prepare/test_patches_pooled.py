from itertools import pairwise

import numpy as np
import pytest

from karat.prepare.patches_pooled import (
    FAINT,
    PATCH,
    SIDE,
    STEP,
    THRESHOLD,
    _evened,
    _parts_of,
    kinds_of,
    layout,
    pooled,
)

A_SIDE = (SIDE - PATCH) // STEP + 1


def test_the_layout_says_where_the_values_of_each_patch_stand():
    places = layout().places
    assert places.shape == (A_SIDE**2, PATCH * PATCH * 3)
    picture = np.arange(SIDE * SIDE * 3).reshape(SIDE, SIDE, 3)
    assert places[0].tolist() == picture[:PATCH, :PATCH].ravel().tolist()
    assert places[A_SIDE + 1].tolist() == picture[STEP : STEP + PATCH, STEP : STEP + PATCH].ravel().tolist()
    assert places.max() == picture.max()


def test_every_patch_belongs_to_one_of_nine_parts():
    pools = layout().pools
    assert pools.shape == (9, A_SIDE**2)
    assert pools.sum(axis=1) == pytest.approx(np.ones(9), abs=1e-5)
    assert ((pools > 0).sum(axis=0) == 1).all()
    assert pools[0, 0] > 0
    assert pools[8, -1] > 0
    assert pools[2, A_SIDE - 1] > 0


@pytest.mark.parametrize(("side", "cuts"), [(3, [0, 1, 2, 3]), (14, [0, 5, 9, 14]), (7, [0, 2, 5, 7])])
def test_parts_are_of_about_equal_size(side, cuts):
    parts = _parts_of(side)
    assert [(part.start, part.stop) for _, part in parts[:3]] == list(pairwise(cuts))
    assert [part.start for part, _ in parts] == [cut for cut in cuts[:3] for _ in range(3)]


def test_patches_are_evened_in_light_and_contrast_and_flat_ones_stay_flat():
    patches = np.array([[10.0, 30.0], [5.0, 5.0]], np.float32)
    even = _evened(patches)
    assert even[0].tolist() == pytest.approx([-10 / np.sqrt(100 + FAINT), 10 / np.sqrt(100 + FAINT)])
    assert even[1].tolist() == [0, 0]


def stripes():
    """Pictures of upright and of lying stripes."""
    pixels = np.zeros((8, SIDE, SIDE, 3), np.uint8)
    pixels[:4, :, ::2] = 200
    pixels[4:, ::2] = 200
    return pixels + np.random.default_rng(0).integers(0, 30, pixels.shape).astype(np.uint8)


def test_kinds_tell_upright_from_lying_stripes_and_are_the_same_twice():
    pixels = stripes()
    even, kinds = kinds_of(pixels, 4)
    assert even.shape == (PATCH * PATCH * 3,)
    assert kinds.shape == (PATCH * PATCH * 3, 4)
    again = kinds_of(pixels, 4)
    assert (kinds == again[1]).all()
    features = pooled(pixels, even, kinds)
    assert features.shape == (8, 2 * 9 * 4)
    apart = features[:4].mean(axis=0) - features[4:].mean(axis=0)
    assert np.abs(apart).max() > 5 * features[:4].std(axis=0).max()


def test_pooled_is_the_mean_likeness_beyond_the_threshold_of_either_sign():
    pixels = np.random.default_rng(1).integers(0, 256, (3, SIDE, SIDE, 3)).astype(np.uint8)
    chance = np.random.default_rng(2)
    even, kinds = chance.normal(size=108).astype(np.float32), chance.normal(size=(108, 2)).astype(np.float32) / 10
    flat, shape = pixels.reshape(3, -1).astype(np.float32), layout()
    patches = flat[:, shape.places]
    patches = patches - patches.mean(axis=2, keepdims=True)
    patches /= np.sqrt((patches**2).mean(axis=2, keepdims=True) + FAINT)
    likeness = (patches - even) @ kinds
    wanted = [
        np.einsum("pm,nmk->npk", shape.pools, np.maximum(sign * likeness - THRESHOLD, 0)).reshape(3, -1)
        for sign in (1, -1)
    ]
    assert pooled(pixels, even, kinds) == pytest.approx(np.hstack(wanted), abs=1e-4)


def test_no_pictures_have_no_features():
    assert pooled(np.zeros((0, SIDE, SIDE, 3), np.uint8), np.zeros(108), np.zeros((108, 5))).shape == (0, 90)


def test_pictures_are_pooled_apart():
    pixels = (
        np.random.default_rng(3).integers(0, 256, (70, SIDE, SIDE, 3)).astype(np.uint8)
    )  # more than are taken at once
    even, kinds = kinds_of(pixels[:5], 2)
    whole = pooled(pixels, even, kinds)
    assert whole[66] == pytest.approx(pooled(pixels[66:67], even, kinds)[0], abs=1e-5)
