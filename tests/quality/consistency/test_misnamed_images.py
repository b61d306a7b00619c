from karat.quality.consistency.misnamed_images import MisnamedImages
from tests.quality._pictures import as_bytes, block_of, found_by, good_pictures


def test_a_png_named_jpg_is_told():
    good = good_pictures(3)
    cells = [as_bytes(good[0], "JPEG"), as_bytes(good[1]), as_bytes(good[2])]
    found = found_by(MisnamedImages(), block_of(cells, ["a.JPG", "b.jpeg", "c.png"]))
    assert [(one["row"], one["value"]) for one in found] == [(1, "b.jpeg")]
    assert "bytes are a PNG" in found[0]["message"]
