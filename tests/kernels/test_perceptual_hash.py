import io

import numpy as np
from PIL import Image

from karat.kernels import perceptual_hash as pixels_seen
from karat.kernels.perceptual_hash import LOOK, SIZES, SMALL, looked_at


def png(seed):
    sink = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (40, 60, 3), np.uint8)).save(sink, "PNG")
    return sink.getvalue()


def test_what_was_looked_at_is_not_decoded_again(monkeypatch):
    first = looked_at([png(1), None, b"no picture", png(2)])
    assert [one.fault for one in first] == ["", "blank", "not a picture: text", ""]
    assert first[0].figures[: len(SIZES)].tolist() == [60, 40, 2]
    assert first[0].look.shape == (LOOK, LOOK, 3)
    assert first[0].small.shape == (SMALL, SMALL, 3)
    assert first[0].hash not in (0, first[3].hash)
    assert not first[2].small.any()

    def never(cells, use):
        assert not list(cells)
        return []

    monkeypatch.setattr(pixels_seen, "each_picture", never)
    again = looked_at([png(2), png(1)])
    assert again[0] is first[3]
    assert again[1] is first[0]


def test_what_is_held_is_bounded(monkeypatch):
    monkeypatch.setattr(pixels_seen, "_looks", {})
    monkeypatch.setattr(pixels_seen, "MAX_HELD", 3)
    seen = looked_at([png(seed) for seed in range(5)])
    assert len(pixels_seen._looks) == 3
    assert [one.hash for one in seen] == [one.hash for one in looked_at([png(seed) for seed in range(5)])]
