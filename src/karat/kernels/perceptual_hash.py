"""One look at each picture serves all who ask for it: figures, thumbnails and what is wrong with the file."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Any

import numpy as np

from karat.kernels.pixels_decoded import FORMS, Picture, each_picture

LOOK, SMALL = 16, 32  # unproven: pixels a side of the two thumbnails
SIZES = ("wide", "high", "form")
MAX_HELD = 32_768  # cost: looks that are remembered, 4 kB each


@dataclass(frozen=True, eq=False)
class PictureLook:
    """What one look at a picture gave.

    Parameters
    ----------
    fault : str
        Why it cannot be read; "" when it can.
    figures : ndarray of float32, shape (f,)
        ``SIZES``, then ``karat.kernels.pixels.FIGURES``; NaN where there is no picture.
    look : ndarray of uint8, shape (16, 16, 3)
    small : ndarray of uint8, shape (32, 32, 3)
        The whole of it; black where there is no picture.
    hash : int
        64 bits of what is seen; 0 where nothing is.
    """

    fault: str
    figures: np.ndarray
    look: np.ndarray
    small: np.ndarray
    hash: int


_looks: dict[bytes, PictureLook] = {}
_lock = Lock()


def looked_at(cells: Iterable[bytes | None]) -> list[PictureLook]:
    """A look at each picture, in order; bytes that were looked at before are not decoded again.

    Parameters
    ----------
    cells : iterable of bytes or None
        Files; None is a picture with a fault.

    Raises
    ------
    MachineError
        Pillow is not installed.
    """
    out: list[PictureLook] = []
    left = iter(cells)
    while some := list(islice(left, 512)):
        keys = [hashlib.blake2b(cell or b"", digest_size=16).digest() for cell in some]
        known = [_looks.get(key) if cell is not None else None for key, cell in zip(keys, some, strict=True)]
        fresh = [at for at, look in enumerate(known) if look is None]
        for at, look in zip(fresh, each_picture([some[at] for at in fresh], _seen), strict=True):
            known[at] = look
            if some[at] is not None:
                _keep(keys[at], look)
        out.extend(look for look in known if look is not None)
    return out


def _keep(key: bytes, look: PictureLook) -> None:
    with _lock:
        while len(_looks) >= MAX_HELD:
            del _looks[next(iter(_looks))]
        _looks[key] = look


def _seen(picture: Picture) -> PictureLook:
    from karat.kernels.pixels import FIGURES, measure

    figures: Any = np.full(len(SIZES) + len(FIGURES), np.nan, np.float32)
    if picture.fault:
        nothing = [np.zeros((side, side, 3), np.uint8) for side in (LOOK, SMALL)]
        return PictureLook(picture.fault, figures, nothing[0], nothing[1], 0)
    figures[: len(SIZES)] = picture.wide, picture.high, FORMS.index(picture.form)
    measure(picture.pixels, figures[len(SIZES) :])
    return PictureLook("", figures, picture.small(LOOK), picture.small(SMALL), picture.hash)
