"""Which pictures show the same, exactly or but for light, compression and size."""

import numpy as np
import pytest
from PIL import Image

from karat.quality.consistency import picture_pairs
from karat.quality.consistency.picture_pairs import ALIKE, near, same, signatures
from karat.quality.pictures import PictureFigures
from tests.quality._pictures import as_bytes, block_of, good_pictures


@pytest.fixture(scope="module")
def good():
    return good_pictures(30)


def pictures(cells):
    return PictureFigures.of(block_of(cells))


def pairs(cells):
    seen = near(pictures(cells))
    return list(zip(seen.earlier.tolist(), seen.later.tolist(), strict=True))


def test_the_first_picture_that_shows_exactly_the_same(good):
    cells = [as_bytes(good[0]), as_bytes(good[1]), as_bytes(good[0]), None, b"no picture", as_bytes(good[1], "BMP")]
    assert same(pictures(cells)).tolist() == [0, 1, 0, -1, -1, 1]


def test_pictures_that_differ_are_no_pair(good):
    assert pairs([as_bytes(picture) for picture in good]) == []


@pytest.mark.parametrize("change", ["darker", "compressed", "smaller", "less contrast"])
def test_copies_in_another_light_compression_or_size(good, change):
    picture = good[3].astype(float)
    copy = {
        "darker": lambda: as_bytes(picture * 0.7),
        "compressed": lambda: as_bytes(good[3], "JPEG", quality=60),
        "smaller": lambda: as_bytes(Image.fromarray(good[3]).resize((40, 40))),
        "less contrast": lambda: as_bytes(picture * 0.5 + 60),
    }[change]()
    cells = [as_bytes(other) for other in good]
    assert pairs([*cells, copy]) == [(3, len(cells))]


def test_exact_copies_count_once(good):
    cells = [as_bytes(picture) for picture in good]
    darker = as_bytes(good[3] * 0.7)
    assert pairs([*cells, cells[5], darker, darker]) == [(3, len(cells) + 1)]


def test_pairs_do_not_depend_on_chunks(good, monkeypatch):
    cells = [as_bytes(picture) for picture in good] + [as_bytes(good[at] * 0.7) for at in (3, 20)]
    whole = pairs(cells)
    assert whole == [(3, len(good)), (20, len(good) + 1)]
    monkeypatch.setattr(picture_pairs, "CHUNK", 7)
    assert sorted(pairs(cells)) == whole


def test_a_mirrored_picture_is_another(good):
    assert pairs([as_bytes(picture) for picture in good] + [as_bytes(good[3][:, ::-1])]) == []


def test_what_is_compared_has_length_one_and_neither_light_nor_contrast(good):
    looks = np.stack([np.asarray(Image.fromarray(picture).resize((16, 16))) for picture in good[:3]])
    marks = signatures(looks)
    assert marks.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(marks, axis=1), 1, atol=1e-5)
    half = signatures((looks // 2 + 50).astype(np.uint8))
    assert ((marks * half).sum(axis=1) > 0.99).all()
    assert (marks @ marks.T)[0, 1] < ALIKE


def test_what_shows_nothing_is_like_nothing():
    flat = np.full((2, 16, 16, 3), 90, np.uint8)
    flat[1, :8] += 3  # a deviation of 1.5 grey levels
    assert not signatures(flat).any()
    flat[1, :8] += 2
    assert signatures(flat)[1].any()
    assert pairs([as_bytes(np.full((20, 20, 3), shade)) for shade in (10, 11, 12)]) == []


def test_pictures_that_resemble_each_other_by_nature_must_be_more_alike():
    rng = np.random.default_rng(0)
    base = good_pictures(1)[0].astype(float)
    alike = [
        as_bytes(np.clip(base + 12 * rng.normal(size=base.shape[:2])[:, :, None].repeat(3, 2), 0, 255))
        for _ in range(60)
    ]
    assert near(pictures(alike)).limit > ALIKE
    assert near(pictures(alike[:49])).limit == ALIKE, "of fewer than fifty nothing is known"
