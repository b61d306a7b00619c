"""What a series knows of its own past, step by step or span by span."""

from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.unit import Transform
from karat.prepare.columns import Positions, codes, numbers, picked
from karat.prepare.time_order import moments, parts_of, series_column

# unproven: less takes an uneven clock for even, more gives up at a few gaps
REGULAR = 0.9  # share of steps that are equal on a regular clock
# unproven: less finds seasons in noise, more misses faint ones
MIN_PEAK = 0.1  # autocorrelation that a season must reach
MAX_SEASON = 400  # records; cost: a year of days and some more; longer seasons are not looked for
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0  # definition: seconds of each
# definition: steps of a day, a week and a year by the length of a step, where the series itself shows no season
CUSTOM = ((30 * MINUTE, 48), (HOUR, 24), (DAY, 7), (7 * DAY, 52), (30.4 * DAY, 12), (91.3 * DAY, 4))


@dataclass(frozen=True)
class OwnHistory(Transform):
    """How far a number has moved since the step before, and how far it lies from the mean of its last season.

    Levels wander over the years and a model that has learned one is lost at the next; what is high for the day is
    high in any year.

    Parameters
    ----------
    column : str
        A column of numbers.
    season : int
        Steps a season has.
    """

    column: str
    season: int = 1

    def fit(self, train: Block, positions: Positions = None) -> "FittedHistory":
        """Nothing is learned."""
        del train, positions
        return FittedHistory(self.column, self.season)


@dataclass(frozen=True)
class FittedHistory:
    """The column and its season."""

    column: str
    season: int

    @property
    def width(self) -> int:
        """Number of features."""
        return 2

    @property
    def names(self) -> tuple[str, ...]:
        """``column`` since the step before, and from its season's mean."""
        return (f"{self.column} since last", f"{self.column} from its season")

    def apply(self, block: Block, positions: Positions = None) -> np.ndarray:
        """Features (n, 2) float32, NaN where the past is not known."""

        def make() -> np.ndarray:
            values, when = numbers(block, self.column).astype(np.float64), moments(block)
            out = np.full((len(block), 2), np.nan, np.float32)
            for part in series_of(block):
                at = part[np.argsort(when[part], kind="stable")]
                past = Past(values[at], when[at])
                mean, _ = past.rolling(1, self.season)
                out[at] = np.column_stack([values[at] - past.at(1), values[at] - mean])
            return out

        return picked(block.memo(("history", self), make), positions)


@dataclass(frozen=True, eq=False)
class Past:
    """One series in order of time."""

    values: np.ndarray
    when: np.ndarray

    def at(self, lag: int) -> np.ndarray:
        """(n,) the value so many steps ago, NaN where none is known."""
        n = len(self.values)
        step = self.step
        if step:
            wanted = self.when - lag * step
            place = np.minimum(np.searchsorted(self.when, wanted - step / 4), n - 1)
            exact = (np.abs(self.when[place] - wanted) < step / 4) & (place < np.arange(n))
            return np.where(exact, self.values[place], np.nan)
        place = np.arange(n) - lag
        return np.where(place >= 0, self.values[np.maximum(place, 0)], np.nan)

    def mean_at(self, lags: list[int]) -> np.ndarray:
        """(n,) the mean of the values so many steps ago, of those that are known; NaN without any."""
        total, known = np.zeros(len(self.values)), np.zeros(len(self.values))
        for lag in lags:
            values = self.at(lag)
            known += np.isfinite(values)
            total += np.nan_to_num(values)
        return np.where(known > 0, total / np.maximum(known, 1), np.nan)

    @property
    def step(self) -> float:
        """Seconds of a step on a regular clock, else 0."""
        steps = np.diff(self.when)
        if not len(steps):
            return 0.0
        middle = float(np.median(steps))
        return middle if middle > 0 and np.mean(np.abs(steps - middle) < middle / 4) >= REGULAR else 0.0

    def rolling(self, horizon: int, span: int) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation (n,) of what is known of the ``span`` records up to ``horizon`` records ago."""
        known = np.isfinite(self.values)
        filled = np.where(known, self.values, 0.0)
        sums = [np.append(0.0, np.cumsum(part)) for part in (known.astype(np.float64), filled, filled**2)]
        end = np.maximum(np.arange(len(filled)) - horizon + 1, 0)
        start = np.maximum(end - span, 0)
        n, total, squares = (part[end] - part[start] for part in sums)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = total / n
            return mean, np.sqrt(np.maximum(squares / n - mean**2, 0.0))


def series_of(block: Block) -> list[np.ndarray]:
    """Positions of each series: one a value of the column that tells them apart, or all."""
    own = series_column(block)
    if own is None:
        return [np.arange(len(block))]
    return parts_of(codes(block, own)[0])


def step_before(block: Block, steps: int = 1) -> np.ndarray:
    """(n,) int64 position of the record so many steps before in the same series, -1 where there is none."""
    when, out = moments(block), np.full(len(block), -1, np.int64)
    for part in series_of(block):
        at = part[np.argsort(when[part], kind="stable")]
        out[at] = np.nan_to_num(Past(at.astype(np.float64), when[at]).at(steps), nan=-1).astype(np.int64)
    return out


def season_of(values: np.ndarray) -> int:
    """Steps a season of a series has: the first strong peak of its autocorrelation; 1 without one.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        In order of time, NaN for gaps.
    """
    known = np.isfinite(values)
    if known.sum() < 20 or np.nanstd(values) == 0:
        return 1
    centred = np.where(known, values - values[known].mean(), 0.0)
    size = 1 << (2 * len(centred) - 1).bit_length()
    power = np.abs(np.fft.rfft(centred, size)) ** 2
    pairs = np.fft.irfft(np.abs(np.fft.rfft(known.astype(np.float64), size)) ** 2, size)
    most = min(MAX_SEASON, len(centred) // 3)
    agree = np.fft.irfft(power, size)[: most + 2] / np.maximum(pairs[: most + 2], 1.0)
    agree /= max(agree[0], 1e-12)
    at = np.arange(2, most + 1)
    peak = at[(agree[at] > agree[at - 1]) & (agree[at] >= agree[at + 1]) & (agree[at] > MIN_PEAK)]
    # A peak must stand above the valley before it, or it is a ripple of a slow decay.
    peak = peak[[agree[p] - agree[1:p].min() > MIN_PEAK / 2 for p in peak.tolist()]] if len(peak) else peak
    return int(peak[agree[peak] >= 0.9 * agree[peak].max()][0]) if len(peak) else 1


def on_clock(values: np.ndarray, when: np.ndarray) -> np.ndarray:
    """The series (n,) in order of time with every step of a regular clock once, NaN where no record stands."""
    step = Past(values, when).step
    if not step or (when[-1] - when[0]) / step > 4 * len(when):
        return values
    at = np.round((when - when[0]) / step).astype(np.int64)
    out = np.full(int(at[-1]) + 1, np.nan)
    out[at[np.isfinite(values)]] = values[np.isfinite(values)]
    return out


def customary(when: np.ndarray) -> int:
    """Steps a season has by custom, from when each record happened (n,), in order; 1 for an unusual step."""
    step = Past(when, when).step
    return next((season for size, season in CUSTOM if abs(step - size) < size / 12), 1)
