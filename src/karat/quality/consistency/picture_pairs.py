"""Which pictures show the same: exactly, or but for light, compression, size and a cut margin."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from karat.core.state import derived
from karat.kernels.perceptual_hash import LOOK
from karat.quality.pictures import PictureFigures

ALIKE = 0.92  # likeness from which two pictures are one, in a set whose pictures differ; benchmarks/images.md
RANGE = 8  # waves per picture up to which it is looked at: finer ones do not survive a copy; unproven
FEW_TONES = 2.0  # grey levels of deviation, below which a thumbnail shows nothing; unproven
CHUNK = 1024  # cost: pictures compared at a time
RARE = 4.0  # spreads below the usual distance to the nearest other picture; unproven


@dataclass(frozen=True)
class PicturePairs:
    """Pairs of pictures, by position; ``earlier < later``.

    Parameters
    ----------
    earlier, later : ndarray of int64, shape (p,)
    alike : ndarray of float64, shape (p,)
        Likeness in [-1, 1].
    limit : float
        Likeness from which a pair counts.
    """

    earlier: np.ndarray
    later: np.ndarray
    alike: np.ndarray
    limit: float


def same(pictures: PictureFigures) -> np.ndarray:
    """(n,) position of the first picture that shows exactly the same; -1 where there is no picture."""

    def make() -> np.ndarray:
        _, first, back = np.unique(pictures.hashes, return_index=True, return_inverse=True)
        return np.where(pictures.readable, first[back], -1)

    return derived(pictures, "same", make)


def near(pictures: PictureFigures) -> PicturePairs:
    """Pairs that show the same but not exactly, of the pictures that have a thumbnail, each exact copy once."""
    return derived(pictures, "near", lambda: _near(pictures))


@cache
def _weights() -> np.ndarray:
    """(16, 16, 1): each wave of a thumbnail counts as its frequency, so that what is coarse does not drown the rest."""
    wave = np.arange(LOOK)
    length = np.sqrt(wave[:, None] ** 2 + wave[None] ** 2)
    return np.where(length < RANGE, length, 0.0)[:, :, None].astype(np.float32)


def signatures(looks: np.ndarray) -> np.ndarray:
    """What is compared: waves of thumbnails, of length 1; zero where there is nothing to see.

    Parameters
    ----------
    looks : ndarray of uint8, shape (k, 16, 16, 3)

    Returns
    -------
    ndarray of float32, shape (k, d)
        Neither light nor contrast moves it.
    """
    from scipy.fft import dctn

    waves = dctn(looks.astype(np.float32), axes=(1, 2), norm="ortho") * _weights()
    out = waves[:, _weights()[:, :, 0] > 0].reshape(len(looks), -1)
    length = np.linalg.norm(out, axis=1, keepdims=True)
    shows = looks.reshape(len(looks), -1).std(axis=1)[:, None] >= FEW_TONES
    return np.where(shows, out / np.maximum(length, 1e-6), 0.0).astype(np.float32)


def _near(pictures: PictureFigures) -> PicturePairs:
    first = same(pictures)
    once = pictures.looked[first[pictures.looked] == pictures.looked]
    places = np.searchsorted(pictures.looked, once)
    marks = signatures(pictures.looks[places])
    nearest = np.full(len(once), -1.0, np.float32)
    left, right, alike = [], [], []
    for begin in range(0, len(once), CHUNK):
        likeness = marks[begin : begin + CHUNK] @ marks[begin:].T
        size = len(likeness)
        likeness[:, :size][np.tri(size, dtype=bool)] = -1
        best, theirs = likeness.max(axis=1, initial=-1), likeness.max(axis=0, initial=-1)
        nearest[begin : begin + size] = np.maximum(nearest[begin : begin + size], best)
        nearest[begin:] = np.maximum(nearest[begin:], theirs)
        rows, columns = np.flatnonzero(best >= ALIKE), np.flatnonzero(theirs >= ALIKE)
        some = likeness[np.ix_(rows, columns)]
        row, column = np.nonzero(some >= ALIKE)
        left.append(rows[row] + begin)
        right.append(columns[column] + begin)
        alike.append(some[row, column])
    earlier, later, sure = (np.concatenate([*part, []]) for part in (left, right, alike))
    limit = _limit(nearest[marks.any(axis=1)])
    keep = sure >= limit
    return PicturePairs(once[earlier[keep].astype(np.int64)], once[later[keep].astype(np.int64)], sure[keep], limit)


def _limit(nearest: np.ndarray) -> float:
    """Likeness from which two pictures are one: where all pictures resemble each other, as digits do, it is higher."""
    if len(nearest) < 50:
        return ALIKE
    apart = np.log(np.maximum(1 - nearest, 1e-6))
    middle = float(np.median(apart))
    spread = 1.4826 * float(np.median(np.abs(apart - middle)))
    return max(ALIKE, 1 - float(np.exp(middle - RARE * spread)))
