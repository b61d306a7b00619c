import numpy as np
import pytest

from karat.quality.completeness.unvaried_images import UnvariedImages, vendi
from tests.quality._pictures import as_bytes, block_of, found_by, good_pictures


@pytest.fixture(scope="module")
def scenes():
    """40 different pictures, then 40 of one scene moved by a few pixels in changing light."""
    from sklearn.datasets import load_sample_images

    chance = np.random.default_rng(0)
    photo = load_sample_images().images[1].astype(float)
    cells = [as_bytes(one) for one in good_pictures()] + [
        as_bytes(photo[y : y + 64, x : x + 64]) for y in range(10, 300, 80) for x in range(10, 500, 120)
    ]
    film = []
    for _ in range(40):
        y, x = 100 + chance.integers(0, 9, 2)
        film.append(as_bytes((photo[y : y + 128, x : x + 128] * chance.uniform(0.8, 1.05)).clip(0, 255)))
    return cells[:40], film


def test_a_class_of_one_scene_is_told_and_one_of_many_is_not(scenes):
    cells, film = scenes
    labels = ["多样"] * len(cells) + ["film"] * len(film)
    (found,) = found_by(UnvariedImages(), block_of(cells + film, labels=labels))
    assert (found["row"], found["column"], found["value"]) == (None, "label", "film")
    assert "of the 40 pictures of class 'film'" in found["message"]


def test_without_classes_the_set_is_judged_and_exact_copies_are_left_to_others(scenes):
    cells, film = scenes
    (found,) = found_by(UnvariedImages(), block_of(film))
    assert found["column"] == "bytes"
    assert found_by(UnvariedImages(), block_of([*cells, *[cells[0]] * 60])) == []
    assert found_by(UnvariedImages(), block_of(film[:20])) == []


def test_pictures_without_anything_in_common_count_one_each():
    assert vendi(np.eye(7, dtype=np.float32)) == pytest.approx(7)
    assert vendi(np.ones((7, 1), np.float32)) == pytest.approx(1)
