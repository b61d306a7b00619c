"""Pictures from their bytes, on several threads, never more of them than memory holds."""

import hashlib
import io
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeVar

import numpy as np

from karat.core.errors import MachineError
from karat.core.release import install

MAX_PIXELS = 80_000_000  # cost: 240 MB decoded; Pillow itself warns from 89 million on
MAX_BYTES = 256 << 20  # cost: bytes of one file in memory; larger ones are named, not opened
SIDE = 512  # cost: larger pictures are measured at about this size, as nothing that learns sees more of them
FORMS = ("", "JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF")
MARKS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
# Pictures that Pillow alone does not read, by their first bytes (ISO/IEC 23008-12, 15444-1 and 18181-2; Adobe)
STRANGERS = (
    (b"ftyphe", "HEIC"),
    (b"ftypmif1", "HEIC"),
    (b"ftypmsf1", "HEIC"),
    (b"ftypavi", "AVIF"),
    (b"jP  \r\n", "JPEG 2000"),
    (b"JXL \r\n", "JPEG XL"),
)
DEPTHS = (8, 10, 12, 14, 16, 24, 32)  # definition: bits in which cameras, microscopes and scanners count light
ORIENTATION = 0x0112  # definition: Exif 2.32, table 4; from 5 on width and height are swapped
AT_ONCE = 64  # cost: pictures in flight
EACH = 8  # cost: of them by one thread: a small one takes less time than handing it over
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture, or why there is none.

    Parameters
    ----------
    fault : str
        In words; "" when it could be read.
    form : str
        One of ``FORMS``, by what the bytes say.
    wide, high : int
        In pixels, as it is shown: upright where the file says how the camera was turned.
    pixels : ndarray of uint8, shape (h, w, 3)
        Red, green, blue; of a large picture a smaller copy.
    """

    fault: str
    form: str = ""
    wide: int = 0
    high: int = 0
    pixels: Any = None

    @property
    def hash(self) -> int:
        """64 bits of what is seen, the same in whatever format it is stored without loss."""
        digest = hashlib.blake2b(self.pixels.tobytes(), digest_size=8)
        digest.update(f"{self.wide} {self.high}".encode())
        return int.from_bytes(digest.digest(), "little")

    def small(self, side: int) -> np.ndarray:
        """The whole of it in (side, side, 3) uint8, each pixel the mean of what it covers; a smaller one blown up."""
        from PIL import Image

        if self.pixels.shape[:2] == (side, side):
            return np.asarray(self.pixels)
        larger = min(self.pixels.shape[:2]) >= side
        way = Image.Resampling.BOX if larger else Image.Resampling.BICUBIC
        return np.asarray(Image.fromarray(self.pixels).resize((side, side), way))


def form_of(data: bytes) -> str:
    """The format by the first bytes; "" for none of ``FORMS``."""
    known_form = next((form for mark, form in MARKS if data.startswith(mark)), "")
    return known_form or ("WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else "")


def decoded(data: bytes, side: int = SIDE) -> Picture:
    """A picture from its bytes; what cannot be read says why, nothing is raised.

    Parameters
    ----------
    data : bytes
        A file of one of ``FORMS``; of several frames the first counts.
    side : int
        A larger picture is scaled down until its longer side is below twice this.
    """
    form = form_of(data)
    if len(data) > MAX_BYTES:
        return Picture(f"{len(data):,} bytes, more than {MAX_BYTES:,}", form)
    if not form:
        return Picture(_stranger(data) or f"not a picture: {_kind(data)}")
    try:
        return _read(data, form, side)
    except MemoryError:
        return Picture("more than memory holds", form)
    except Exception as error:  # noqa: BLE001  decoders of broken bytes fail in every way there is
        words = str(error)
        if "bomb" in type(error).__name__.lower() + words.lower():
            return Picture(f"more than {MAX_PIXELS:,} pixels", form)
        cut = "truncated" in words.lower() or isinstance(error, EOFError)
        return Picture(f"a {form} that is cut off" if cut else f"a broken {form}: {words[:80]}", form)


def _stranger(data: bytes) -> str:
    """What a picture without a reader is; "" for anything else."""
    name = next((name for mark, name in STRANGERS if data[4:].startswith(mark)), "")
    return f"a {name} picture, which cannot be read: convert it to JPEG or PNG" if name else ""


def _kind(data: bytes) -> str:
    if not data:
        return "an empty file"
    head = data[:1024]
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        text = head[: error.start].decode("utf-8") if error.start > len(head) - 4 else "\0"
    return "text" if all(char.isprintable() or char.isspace() for char in text) else "bytes of another kind"


def _read(data: bytes, form: str, side: int) -> Picture:
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=[form]) as image:
        wide, high = image.size
        if wide * high > MAX_PIXELS:
            return Picture(f"{wide:,} x {high:,} pixels, more than {MAX_PIXELS:,}", form, wide, high)
        image.draft("RGB", (max(1, wide * side // max(wide, high)), max(1, high * side // max(wide, high))))
        turn = _turn(image)
        plain = _plain(image if turn == 1 else ImageOps.exif_transpose(image))
        wide, high = (high, wide) if turn >= 5 else (wide, high)
    times = max(plain.size) // side
    if times > 1:
        plain = plain.reduce((min(times, plain.size[0]), min(times, plain.size[1])))
    return Picture("", form, wide, high, np.asarray(plain))


def _turn(image: Any) -> int:
    """How the camera was turned, 1 to 8; 1 where the file does not say, or its metadata cannot be read."""
    try:
        turn = image.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001  metadata that is broken says nothing about the picture
        return 1
    return turn if turn in range(1, 9) else 1


def _light(values: np.ndarray, whole: bool) -> np.ndarray:
    """Grey of any depth in 8 bits: of whole numbers by the depth that holds the largest, else as parts of 1."""
    most = float(values.max(initial=0))
    top = 1.0
    if whole or most > 1:
        top = 2.0 ** next((bits for bits in DEPTHS if most < 2**bits), DEPTHS[-1]) - 1
    return np.clip(values / top * 255, 0, 255).astype(np.uint8)


def _plain(image: Any) -> Any:
    """Red, green and blue; deep grey scaled to 8 bits, what is transparent laid on white."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_light(np.asarray(image, np.float64), image.mode != "F")).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        front = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", front.size, "white"), front).convert("RGB")
    return image.convert("RGB")


def each_picture(cells: Iterable[bytes | None], use: Callable[[Picture], T], side: int = SIDE) -> list[T]:
    """``use`` of every picture, in order, decoded on all cores; a blank is a picture with a fault.

    Raises
    ------
    MachineError
        Pillow is not installed.
    """
    try:
        import PIL  # noqa: F401
    except ImportError:
        raise MachineError("this demonstration needs Pillow, which is not installed", install("images")) from None

    def several(some: Sequence[bytes | None]) -> list[T]:
        return [use(decoded(cell, side) if cell is not None else Picture("blank")) for cell in some]

    out: list[T] = []
    with warnings.catch_warnings(), ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        warnings.simplefilter("ignore")  # metadata that is odd; what matters fails when it is decoded
        warnings.filterwarnings("error", message=".*decompression bomb.*")
        for some in _chunks(cells):
            parts = (some[begin : begin + EACH] for begin in range(0, len(some), EACH))
            out.extend(chain.from_iterable(pool.map(several, parts)))
    return out


def _chunks(cells: Iterable[T]) -> Iterator[Sequence[T]]:
    left = iter(cells)
    while some := list(islice(left, AT_ONCE)):
        yield some
