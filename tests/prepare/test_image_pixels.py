import numpy as np

from karat.prepare.features import Preparation
from karat.prepare.image_pixels import ImagePixels
from tests.quality._pictures import as_bytes, block_of


def test_pixels_stand_row_by_row_and_what_is_no_picture_is_black():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), np.uint8)
    block = block_of([*(as_bytes(one) for one in pixels), b"none"], labels=["a", "b", "a", "b"])
    fitted = Preparation(block.schema, "pixels").fit(block)
    assert [type(part).__name__ for part in fitted.parts] == ["FittedPixels"]
    features = fitted.apply(block)
    assert features.dtype == np.float32
    np.testing.assert_array_equal(features[:3], pixels.reshape(3, -1))
    assert not features[3].any()
    np.testing.assert_array_equal(fitted.apply(block, np.array([2, 0])), features[[2, 0]])
    names = ImagePixels("bytes").fit(block).names
    assert len(names) == features.shape[1]
    assert pixels[0, 5, 7, 1] == features[0, names.index("bytes:pixel 5 7 green")]
