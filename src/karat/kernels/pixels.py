"""What one pass over a picture's pixels tells: light, contrast, focus, noise, blocks and colour.

All figures are in grey levels from 0 to 255 unless said otherwise. A module that imports this one imports Numba: do so
inside the function that needs it.
"""

from typing import Any

import numpy as np

from karat.kernels.compile import native

FIGURES = (
    "p1", "p5", "p50", "p95", "p99", "mean", "log_mean", "spread", "entropy",
    "sharpness", "detail", "noise", "blocks", "chroma", "border_red", "border_green", "border_blue",
)  # fmt: skip
SMALLEST = 10  # unproven: pixels a side, below which focus and noise cannot be told
BLOCK = 8  # definition: side of a JPEG block (ITU-T T.81, ISO/IEC 10918-1)
SEEN = 256  # unproven: pixels of the longer side, above which detail is lost on whatever learns
TOP = 0.1  # unproven: share of the strongest answers that stand for the edges of a picture


@native
def _grey(rgb: Any) -> Any:
    high, wide = rgb.shape[0], rgb.shape[1]
    out = np.empty((high, wide), np.float32)
    for y in range(high):
        for x in range(wide):
            red, green, blue = np.float32(rgb[y, x, 0]), np.float32(rgb[y, x, 1]), np.float32(rgb[y, x, 2])
            out[y, x] = np.float32(0.299) * red + np.float32(0.587) * green + np.float32(0.114) * blue
    return out


@native
def _light(grey: Any, out: Any) -> None:
    """Quantiles, mean, mean of logarithms, standard deviation and entropy in bits of 256 levels."""
    count = np.zeros(256, np.int64)
    total = squares = logs = 0.0
    for value in grey.ravel():
        count[int(value + 0.5)] += 1
        total += value
        squares += value * value
        logs += np.log(value + 4.0)
    n = grey.size
    out[5], out[6] = total / n, logs / n
    out[7] = np.sqrt(max(0.0, squares / n - (total / n) ** 2))
    seen, entropy, at = 0, 0.0, 0
    shares = (0.01, 0.05, 0.5, 0.95, 0.99)
    for level in range(256):
        seen += count[level]
        while at < 5 and seen >= shares[at] * n:
            out[at] = level
            at += 1
        if count[level]:
            entropy -= count[level] / n * np.log2(count[level] / n)
    out[8] = entropy


@native
def _halved(grey: Any) -> Any:
    high, wide = grey.shape[0] // 2, grey.shape[1] // 2
    out = np.empty((high, wide), np.float32)
    for y in range(high):
        for x in range(wide):
            pair = grey[2 * y, 2 * x] + grey[2 * y, 2 * x + 1]
            out[y, x] = (pair + grey[2 * y + 1, 2 * x] + grey[2 * y + 1, 2 * x + 1]) / np.float32(4)
    return out


@native
def _edges(grey: Any) -> Any:
    """The mean of the strongest tenth of absolute second derivatives (Laplacian)."""
    high, wide = grey.shape
    out = np.empty((high - 2) * (wide - 2), np.float32)
    put = 0
    for y in range(1, high - 1):
        for x in range(1, wide - 1):
            around = grey[y - 1, x] + grey[y + 1, x] + grey[y, x - 1] + grey[y, x + 1]
            out[put] = abs(np.float32(4) * grey[y, x] - around)
            put += 1
    first = len(out) - max(1, int(TOP * len(out)))
    return np.partition(out, first)[first:].mean()


@native
def _noise(grey: Any) -> float:
    """Standard deviation of noise in the calmest fifth of a picture (Immerkær 1996, a quantile for his mean)."""
    high, wide = grey.shape
    out = np.empty((high - 2) * (wide - 2), np.float32)
    put = 0
    for y in range(1, high - 1):
        for x in range(1, wide - 1):
            cross = grey[y - 1, x] + grey[y + 1, x] + grey[y, x - 1] + grey[y, x + 1]
            corner = grey[y - 1, x - 1] + grey[y - 1, x + 1] + grey[y + 1, x - 1] + grey[y + 1, x + 1]
            out[put] = abs(np.float32(4) * grey[y, x] - np.float32(2) * cross + corner)
            put += 1
    fifth = len(out) // 5
    return float(np.partition(out, fifth)[fifth]) / 1.52  # a fifth of a normal of deviation 6 lies below 1.52


@native
def _jumps(grey: Any, out: Any) -> None:
    """Adds to ``out`` how far neighbours in a row jump beyond their slopes: on borders of blocks, and elsewhere."""
    high, wide = grey.shape
    for y in range(high):
        for x in range(1, wide - 2):
            step = grey[y, x + 1] - grey[y, x]
            slopes = (grey[y, x] - grey[y, x - 1] + grey[y, x + 2] - grey[y, x + 1]) / np.float32(2)
            at = 0 if x % BLOCK == BLOCK - 1 else 2
            out[at] += abs(step - slopes)
            out[at + 1] += 1


@native
def _colour(rgb: Any, out: Any) -> None:
    """The 95th percentile of the difference between channels, and the mean colour along the border."""
    high, wide = rgb.shape[0], rgb.shape[1]
    count = np.zeros(256, np.int64)
    border = np.zeros(4)
    rim = max(1, min(high, wide) // 16)
    for y in range(high):
        for x in range(wide):
            red, green, blue = int(rgb[y, x, 0]), int(rgb[y, x, 1]), int(rgb[y, x, 2])
            count[max(red, green, blue) - min(red, green, blue)] += 1
            if y < rim or x < rim or y >= high - rim or x >= wide - rim:
                border[0] += red
                border[1] += green
                border[2] += blue
                border[3] += 1
    seen = 0
    for level in range(256):
        seen += count[level]
        if seen >= 0.95 * high * wide:
            out[13] = level
            break
    for channel in range(3):
        out[14 + channel] = border[channel] / border[3]


@native
def measure(rgb: Any, out: Any) -> None:
    """Fills ``out`` with the ``FIGURES`` of a picture; NaN where it is too small to tell.

    Sharpness is the strength of the finest edges, at the size that a model sees, beside that of the coarsest, each the
    mean of its strongest tenth: blur takes the finest first, whatever the contrast. ``detail`` is the latter.
    ``blocks`` is how much
    neighbours jump on the borders of 8 x 8 blocks beside elsewhere.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (h, w, 3)
    out : writable ndarray of float32, shape (len(FIGURES),)
    """
    grey = _grey(rgb)
    out[:] = np.nan
    _light(grey, out)
    _colour(rgb, out)
    high, wide = grey.shape
    if min(high, wide) < SMALLEST:
        return
    fine = grey
    while max(fine.shape) > SEEN:
        fine = _halved(fine)
    if min(fine.shape) >= SMALLEST:
        coarse = _halved(fine)
        while min(coarse.shape) >= 3 * SMALLEST:
            coarse = _halved(coarse)
        out[10] = _edges(coarse)
        out[9] = _edges(fine) / (out[10] + np.float32(0.5))
    out[11] = _noise(grey)
    jumps = np.zeros(4)
    _jumps(grey, jumps)
    _jumps(grey.T, jumps)
    if jumps[1] and jumps[3]:
        out[12] = (jumps[0] / jumps[1]) / (jumps[2] / jumps[3] + 0.15)
