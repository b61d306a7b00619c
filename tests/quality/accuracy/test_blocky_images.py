import io

from PIL import Image

from karat.quality.accuracy.blocky_images import BlockyImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def test_blocks_are_told_by_the_pixels_even_when_saved_anew():
    good = good_pictures()
    cells = [as_bytes(one) for one in good]
    spoiled = [1, 4, 11]
    for at in spoiled:
        cells[at] = as_bytes(Image.open(io.BytesIO(as_bytes(good[at], "JPEG", quality=3))))
    found = sure_rows(BlockyImages(), block_of(cells))
    assert set(spoiled) <= set(found)
    assert len(found) <= len(spoiled) + 1
