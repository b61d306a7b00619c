import numpy as np
from PIL import Image

from karat.quality.consistency.near_duplicate_images import NearDuplicateImages
from tests.quality._pictures import as_bytes, block_of, found_by, good_pictures, sure_rows


def test_copies_made_brighter_smaller_compressed_or_cut_are_found():
    good = good_pictures()
    size = len(good)
    copies = [
        as_bytes((good[0] * 0.8 + 30).clip(0, 255)),
        as_bytes(Image.fromarray(good[5]).resize((40, 40))),
        as_bytes(good[10], "JPEG", quality=40),
        as_bytes(Image.fromarray(good[15]).crop((2, 1, 63, 62)).resize((64, 64))),
    ]
    found = found_by(NearDuplicateImages(), block_of([*map(as_bytes, good), *copies]))
    assert [one["row"] for one in found if one["confidence"] > 0.5] == [size, size + 1, size + 2, size + 3]
    assert [one["row"] for one in found if one["confidence"] == 0.5] == [0, 5, 10, 15]
    assert "record 27" in found[0]["message"]


def test_pictures_of_one_colour_repeat_nothing():
    flat = [as_bytes(np.full((32, 32, 3), level)) for level in (90, 91, 120, 121)]
    assert sure_rows(NearDuplicateImages(), block_of(flat)) == []
