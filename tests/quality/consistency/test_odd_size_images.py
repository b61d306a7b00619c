from karat.quality.consistency.odd_size_images import OddSizeImages
from tests.quality._pictures import as_bytes, block_of, found_by, good_pictures, sure_rows


def test_a_stamp_is_found_and_mixed_sizes_are_no_fault():
    good = good_pictures(30)
    cells = [as_bytes(one) for one in good]
    cells[4] = as_bytes(good[4][:12, :12])
    assert sure_rows(OddSizeImages(), block_of(cells)) == [4]
    mixed = [as_bytes(one[: 8 + 2 * at, : 8 + 2 * at]) for at, one in enumerate(good[:28])]
    assert len(sure_rows(OddSizeImages(), block_of(mixed))) == 0


def test_the_finding_says_how_much_smaller():
    good = good_pictures(30)
    cells = [as_bytes(one) for one in good] + [as_bytes(good[0][:8, :8])]
    (one,) = found_by(OddSizeImages(), block_of(cells))
    assert "8.0 times less" in one["message"]
    assert one["value"] == f"{len(good):03d}.png"
