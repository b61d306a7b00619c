import io

import numpy as np
import pytest
from PIL import Image

from karat.kernels.pixels_decoded import decoded, each_picture


def packed(picture, form="PNG", **options):
    sink = io.BytesIO()
    picture.save(sink, form, **options)
    return sink.getvalue()


CHANCE = np.random.default_rng(0)
COLOURS = Image.fromarray(CHANCE.integers(0, 256, (40, 60, 3), dtype=np.uint8))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_every_format_is_read(form):
    held = decoded(packed(COLOURS, form))
    assert (held.fault, held.form, held.wide, held.high) == ("", form, 60, 40)
    assert held.pixels.shape == (40, 60, 3)


def test_what_cannot_be_read_says_why():
    whole = packed(COLOURS)
    assert "cut off" in decoded(whole[: len(whole) // 2]).fault
    assert "cut off" in decoded(packed(COLOURS, "JPEG")[:600]).fault
    assert "text" in decoded("只是文字".encode() * 10).fault
    assert "empty" in decoded(b"").fault
    assert decoded(b"\x89PNG\r\n\x1a\n" + b"junk" * 20).fault


def test_a_bomb_is_not_decoded():
    bomb = packed(Image.new("1", (30_000, 30_000)))
    assert len(bomb) < 1 << 20
    (fault,) = each_picture([bomb], lambda picture: picture.fault)
    assert "more than 80,000,000" in fault


def test_deep_grey_and_transparent_pictures_keep_their_light():
    deep = Image.fromarray(np.full((20, 20), 32768, np.uint16))
    assert abs(int(decoded(packed(deep)).pixels.mean()) - 127) <= 1
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    assert decoded(packed(clear)).pixels.min() == 255


def test_a_large_picture_is_scaled_down_and_keeps_its_size_in_the_books():
    large = Image.new("RGB", (3000, 1500), "red")
    for form in ("PNG", "JPEG"):
        held = decoded(packed(large, form))
        assert (held.wide, held.high) == (3000, 1500)
        assert max(held.pixels.shape) <= 1024


def test_equal_pixels_have_one_hash_and_others_another():
    assert decoded(packed(COLOURS)).hash == decoded(packed(COLOURS, "BMP")).hash
    assert decoded(packed(COLOURS)).hash != decoded(packed(COLOURS.rotate(180))).hash


TURNS = {
    3: Image.Transpose.ROTATE_180,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_turned_camera_is_turned_back(turn, form):
    upright = COLOURS.crop((0, 0, 4, 3)).resize((64, 40), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112] = turn
    out = io.BytesIO()
    upright.transpose(TURNS[turn]).save(out, form, exif=exif, quality=95)
    held = decoded(out.getvalue())
    assert (held.wide, held.high) == (64, 40)
    assert np.abs(held.pixels.astype(int) - np.asarray(upright)).mean() < 6


@pytest.mark.parametrize("most", [255, 1023, 4095, 65535])
def test_grey_of_any_depth_keeps_its_light(most):
    ramp = np.linspace(0, most, 400).astype(np.uint16).reshape(20, 20)
    seen = decoded(packed(Image.fromarray(ramp), "TIFF")).pixels
    assert (seen.min(), seen.max()) == (0, 255)
    assert abs(seen.mean() - 127) < 2


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_a_picture_without_a_reader_says_its_kind(brand):
    fault = decoded(b"\x00\x00\x00\x18ftyp" + brand + bytes(40)).fault
    assert ("AVIF" if brand == b"avif" else "HEIC") in fault
    assert "convert it" in fault
