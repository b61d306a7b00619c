"""How unlike the rest of a series its stretches are: residuals, levels, spread, stillness and shape on one scale."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

WORDS = (
    "hard to forecast",
    "a shift of level",
    "another spread",
    "values that stand still",
    "an unusual course",
    "an unusual shape",
)
LEAST = 100  # definition: records; below, the upper tenth that scores are measured in is fewer than ten
SHORTEST, LONGEST = 8, 48  # cost: records of a window
SEASON_SHOWS = 0.3  # benchmarks/unusual_windows.md: correlation a season apart
FLAT = 0.05  # benchmarks/unusual_windows.md: spreads of the series; a flatter window has no shape
SHAPES = 1_500  # cost: windows that are compared with each other
USUAL_TOP = 0.9  # definition: the unit of each part is the distance from its median to its upper tenth
DIGITS = 6  # display: of a score
NORMAL = 1.4826  # definition: median absolute deviation of a normal distribution, in standard deviations


@dataclass(frozen=True, eq=False)
class SeriesScores:
    """The scores of one series in order of time.

    Parameters
    ----------
    score : ndarray of float64, shape (n,)
        Around 0 for a usual record, about 1 where one part is in its upper tenth.
    parts : ndarray of float64, shape (6, n)
        The same for each part, in the order of ``WORDS``.
    window : int
        Records that levels, spreads and shapes are taken of.
    """

    score: np.ndarray
    parts: np.ndarray
    window: int

    @classmethod
    def of(cls, values: np.ndarray) -> "SeriesScores | None":
        """None for a series that is short or hardly ever changes; gaps are bridged by straight lines."""
        known = np.isfinite(values)
        if known.sum() < max(LEAST, 0.5 * len(values)) or len(np.unique(values[known])) < SHORTEST:
            return None
        line = np.interp(np.arange(len(values)), np.flatnonzero(known), values[known])
        spread = _spread(line)
        line = np.clip((line - np.median(line)) / spread, -50, 50)
        season = season_of(line)
        window = int(np.clip(season or len(line) // 40, SHORTEST, min(LONGEST, len(line) // 8)))
        each = _windows(line, window)
        shapes = (each - each.mean(axis=1, keepdims=True)) / (each.std(axis=1, keepdims=True) + FLAT)
        raw = (_residual(line, season), _shift(line, window), _loudness(line, window), _still(line))
        parts = np.stack([_standing(part) for part in (*raw, _alone(each), _alone(shapes))])
        smooth = np.stack([_smoothed(part, window // 2) for part in parts])
        top = np.sort(smooth, axis=0)
        score = np.round(top[-1] + top[-2:].mean(axis=0), DIGITS) / 2
        return cls(np.where(known, score, np.nan), smooth, window)

    def peaks(self, expected: float, most: int) -> list[tuple[int, int, int]]:
        """The windows that stand apart, strongest first: first, peak and last record of each.

        Parameters
        ----------
        expected : float
            So many windows of the usual tail may be among them.
        most : int
            At most so many.
        """
        score = np.nan_to_num(self.score, nan=-np.inf)
        middle, top = np.nanquantile(self.score, [0.5, USUAL_TOP])
        normal, windows = NormalDist(), len(score) / self.window
        far = normal.inv_cdf(1 - min(expected / windows, 1 - USUAL_TOP)) / normal.inv_cdf(USUAL_TOP)
        limit = float(middle + (top - middle) * far)
        left = score > limit
        out: list[tuple[int, int, int]] = []
        while left.any() and len(out) < most:
            peak = int(np.argmax(np.where(left, score, -np.inf)))
            first, last = peak, peak
            while first > 0 and score[first - 1] > (limit + middle) / 2:
                first -= 1
            while last + 1 < len(score) and score[last + 1] > (limit + middle) / 2:
                last += 1
            out.append((first, peak, last))
            left[max(0, first - self.window) : last + self.window + 1] = False
        return out


def season_of(line: np.ndarray) -> int:
    """The lag of the strongest peak of the correlation of the series with itself; 0 without one."""
    size = len(line)
    flat = line - np.interp(np.arange(size), [0, size - 1], [line[: size // 4].mean(), line[-(size // 4) :].mean()])
    power = np.abs(np.fft.rfft(np.clip(flat - flat.mean(), -4, 4), 2 * size)) ** 2
    agree = np.fft.irfft(power)[: size // 4]
    if agree[0] <= 0:
        return 0
    agree = agree / agree[0]
    inner = np.flatnonzero((agree[1:-1] > agree[:-2]) & (agree[1:-1] >= agree[2:])) + 1
    inner = inner[inner >= 3]
    if not len(inner):
        return 0
    best = int(inner[np.argmax(agree[inner])])
    return best if agree[best] >= SEASON_SHOWS else 0


def _spread(values: np.ndarray) -> float:
    own = NORMAL * float(np.median(np.abs(values - np.median(values))))
    return own or float(values.std()) or 1.0


def _residual(line: np.ndarray, season: int) -> np.ndarray:
    """How far each value is from what the two before it, and the one a season before, foretell."""
    lags = [1, 2, *([season, season + 1] if season > 1 else [])]
    before = np.column_stack([np.concatenate([np.full(lag, line[0]), line[:-lag]]) for lag in lags])
    inputs = np.column_stack([np.ones(len(line)), np.clip(before, -6, 6)])
    keep = np.ones(len(line), bool)
    off = line
    for _ in range(2):
        weights = np.linalg.lstsq(inputs[keep], np.clip(line[keep], -6, 6), rcond=None)[0]
        off = np.abs(line - np.column_stack([np.ones(len(line)), before]) @ weights)
        keep = off <= np.quantile(off, USUAL_TOP)
    return off


def _windows(line: np.ndarray, size: int) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(line, size)


def _shift(line: np.ndarray, window: int) -> np.ndarray:
    """The difference of the medians of the windows before and after each record."""
    medians = np.median(_windows(np.pad(line, window, mode="edge"), window), axis=1)
    return np.asarray(np.abs(medians[window : window + len(line)] - medians[: len(line)]))


def _loudness(line: np.ndarray, window: int) -> np.ndarray:
    """How many times more, or less, the values around each record change than is usual."""
    change = np.abs(np.diff(line, prepend=line[0]))
    around = _windows(np.pad(change, (window // 2, window - window // 2 - 1), mode="reflect"), window).mean(axis=1)
    usual = float(np.median(around)) or float(around.mean()) or 1.0
    return np.asarray(np.abs(np.log((around + 0.05 * usual) / (1.05 * usual))))


def _still(line: np.ndarray) -> np.ndarray:
    """How long the value of each record is kept."""
    begin = np.flatnonzero(np.concatenate([[True], line[1:] != line[:-1]]))
    length = np.diff(np.append(begin, len(line)))
    return np.repeat(length, length).astype(np.float64) - 1


def _alone(each: np.ndarray) -> np.ndarray:
    """How far the windows (n - window + 1, window) that a record is in are from the nearest window elsewhere."""
    size, window = len(each) + each.shape[1] - 1, each.shape[1]
    step = max(1, -(-len(each) // SHAPES))
    at = np.arange(0, len(each), step)
    some = each[at]
    square = (some**2).sum(axis=1)
    apart = np.maximum(square[:, None] + square[None, :] - 2 * some @ some.T, 0)
    apart[np.abs(at[:, None] - at[None, :]) < window] = np.inf
    near = np.sqrt(np.min(apart, axis=1) / window)
    out, count = np.zeros(size), np.zeros(size)
    for place in range(window):
        out[at + place] += near
        count[at + place] += 1
    known = count > 0
    return np.interp(np.arange(size), np.flatnonzero(known), out[known] / count[known])


def _standing(raw: np.ndarray) -> np.ndarray:
    """On the scale on which the median is 0 and the upper tenth 1, after a logarithm."""
    positive = raw[raw > 0]
    logs = np.log1p(raw / (float(np.median(positive)) if len(positive) else 1.0))
    middle, top = np.quantile(logs, [0.5, USUAL_TOP])
    step = float(top - middle) or float(logs.std()) * 2 or 1.0
    return np.asarray((logs - middle) / step)


def _smoothed(part: np.ndarray, span: int) -> np.ndarray:
    """The mean around each record, so that a stretch counts for more than one record."""
    span = max(span, 1)
    return np.asarray(_windows(np.pad(part, (span // 2, span - span // 2 - 1), mode="edge"), span).mean(axis=1))
