from karat.quality.consistency.odd_shape_images import OddShapeImages
from tests.quality._pictures import as_bytes, block_of, good_pictures, sure_rows


def test_a_strip_is_found_and_a_usual_format_is_not():
    good = good_pictures(30)
    cells = [as_bytes(one) for one in good]
    cells[2] = as_bytes(good[2][:10])
    cells[3] = as_bytes(good[3][:, :9])
    cells[5] = as_bytes(good[5][:36])
    assert sure_rows(OddShapeImages(), block_of(cells)) == [2, 3]
