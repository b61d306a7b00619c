"""The factors that some numbers of a column were multiplied by: what leads them back among the others."""

from dataclasses import dataclass

import numpy as np

from karat.core.degrees import RARELY
from karat.quality.accuracy._code_levels import code_levels
from karat.quality.accuracy._tails import beyond
from karat.quality.accuracy.number_shape import Shape

# flat when halved and doubled (benchmarks/constants.md): how often each is met, against each other; powers of ten by
# the planters and by Wang & He (2019)
SHIFTS = {1000.0: 1.0, 0.001: 1.0, 100.0: 0.7, 0.01: 0.7, 10.0: 0.4, 0.1: 0.4, 1e4: 0.1, 1e-4: 0.1, 1e6: 0.1, 1e-6: 0.1}
# pound, inch, foot, mile, ounce and gallon against the metric units, both ways
# definition: the international yard and pound (1959), as exact and as usually rounded
CONVERSIONS = (
    *(0.45359237, 0.4536, 2.20462, 2.2046, 2.54, 0.393701, 25.4, 0.0393701, 0.3048, 3.28084),
    *(1.609344, 1.609, 0.621371, 28.3495, 0.035274, 3.78541, 0.264172),
)
RARE = 0.12  # of the cells at most break a grid; unproven: higher takes a second step for slips
# FEW flat from 1 to 6; MOST 0.0952 does as well, 0.0256 worse (benchmarks/constants.md): higher names a population
FEW, MOST = 3, 0.05  # cells, or share of the cells, beyond a tail; more are a population of their own
REPEATED = 2  # cells with one size more than is usual: a code, a scale's end; unproven: higher names codes
# times the size of the nearest other number, at least; 1.5 does as well, 6 worse (benchmarks/constants.md): lower
# names true extremes
CLEAR = 3.0
EXACT = 1e-9  # relative: what floating point loses; definition: well above IEEE 754's 2e-16, as errors add up
PRINTED = 6  # digits: what programs print unasked (C's %g); ISO C: the default precision of %g
# definition: a level of one in a hundred
ACCIDENT = 0.01  # chance at most that any of the factors leads so many numbers to the grid by accident
# digits behind the point; flat from 6 to 24 (benchmarks/constants.md): finer numbers count as written to so many
FINEST = 12
# unproven: fewer find factors by accident
VOTES, AGREE = (
    3,
    0.6,
)  # different numbers that a conversion leads to the grid, and their share of those off it; or 2 of 2
LONE = 0.1  # the same chance at most where it is one number: reported, not sure; definition: a level of one in ten
# flat from 0.0526 to 0.182 (benchmarks/constants.md): higher makes every factor less sure
NOWHERE = 0.1  # weight of an outlier that no factor explains, spread over ``SPAN`` of the natural logarithm
SPAN = 14.0  # definition: about the natural logarithm of a million
# flat from half to double (benchmarks/constants.md): nothing was held out
SURE_BY_EXPECTED = ((-9.0, 0.88), (-4.0, 0.8), (-2.0, 0.6))  # by the power of ten of the cells the tail puts there
BULK = (0.005, 0.995)  # unproven: quantiles that a number led back must lie between
# 0.98 does as well, 0.995 worse (benchmarks/constants.md): of the cells that are not 0; lower judges columns of both
# signs by size
POSITIVE = 0.99


@dataclass(frozen=True)
class Slips:
    """Numbers of a column that one factor explains.

    Parameters
    ----------
    factor : float
        What they were multiplied by.
    low, high : float
        Sizes between which they lie; the factor leads them back from there.
    grid : float
        The step that only they break, 0 where it is their size that is odd.
    step : float
        What the column's numbers are rounded to, 0 where none shows.
    """

    factor: float
    low: float
    high: float
    grid: float
    step: float
    confidence: float
    reason: str

    def explains(self, numbers: np.ndarray) -> np.ndarray:
        """Which numbers (k,) it explains."""
        with np.errstate(invalid="ignore"):
            inside = (numbers >= self.low) & (numbers <= self.high)
            return inside & _led_back(numbers, self.factor, self.grid) if self.grid else inside

    def rounded(self, back: float) -> float:
        """A number led back, on the column's step."""
        return round(back / self.step) * self.step if self.step else back


def learned(shape: Shape) -> tuple[Slips, ...]:
    """The slips that a column shows."""
    out = [*_beyond_the_tails(shape), *_off_the_grid(shape)]
    return tuple(sorted(out, key=lambda slip: -slip.confidence))


def _beyond_the_tails(shape: Shape) -> list[Slips]:
    """Sizes behind a gap in the logarithm, and the factor that leads them back; the wrong sign."""
    positive = shape.values > 0
    cells = shape.counts[positive].sum()
    if cells < POSITIVE * shape.counts[shape.values != 0].sum() or positive.sum() < 8:
        return []
    logs, counts = np.log(shape.values[positive]), shape.counts[positive]
    out = []
    for side in (1, -1):
        gap = beyond(np.sort(np.repeat(side * logs, counts)))
        if gap is None or gap.expected >= RARELY:
            continue
        outer = side * logs > gap.edge
        if counts[outer].sum() > max(FEW, MOST * cells) or counts[outer].max() > np.median(counts) + REPEATED:
            continue
        if (side * logs[outer]).min() - gap.edge < np.log(CLEAR):
            continue
        small, large = (outer, ~outer) if side < 0 else (~outer, outer)
        if code_levels(shape.values[positive][small], shape.values[positive][large], int(cells)):
            continue
        for at in np.flatnonzero(outer).tolist():
            out += _explained(logs, counts, outer, at, gap.expected, shape)
    negative = -shape.values[shape.values < 0]
    low, high = _bulk(logs, counts)
    if len(negative) and shape.counts[shape.values < 0].sum() <= max(2, 0.002 * shape.cells):
        inside = negative[(np.log(negative) >= low) & (np.log(negative) <= high)]
        if len(inside) and np.exp(high - low) < 50:
            reason = "would fit the other numbers, hardly any of which is negative"
            out.append(Slips(-1.0, -float(inside.max()), -float(inside.min()), 0.0, shape.step, 0.8, reason))
    return out


def _bulk(logs: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    heap = np.cumsum(counts) / counts.sum()
    low, high = (float(logs[min(int(np.searchsorted(heap, q)), len(logs) - 1)]) for q in BULK)
    return low, high


def _explained(
    logs: np.ndarray, counts: np.ndarray, outer: np.ndarray, at: int, expected: float, shape: Shape
) -> list[Slips]:
    """The likeliest factor of one number beyond a gap, against none at all."""
    inner, weight = logs[~outer], counts[~outer] / counts[~outer].sum()
    middle = float((inner * weight).sum())
    spread = max(float(np.sqrt(((inner - middle) ** 2 * weight).sum())), 1e-3)
    low, high = float(inner[0]), float(inner[-1])
    odds = {}
    for factor, prior in SHIFTS.items():
        back = logs[at] - np.log(factor)
        if low <= back <= high:
            odds[factor] = prior * float(np.exp(-0.5 * ((back - middle) / spread) ** 2) / spread)
    if not odds:
        return []
    factor = max(odds, key=odds.__getitem__)
    alike = (logs[outer] - np.log(factor) >= low) & (logs[outer] - np.log(factor) <= high)
    company = 1.0 + np.log2(max(1, int(counts[outer][alike].sum())))
    share = odds[factor] * company / (sum(odds.values()) * company + NOWHERE * 2.5 / SPAN)
    sure = share * float(np.interp(np.log10(max(expected, 1e-12)), *np.array(SURE_BY_EXPECTED).T))
    reason = f"would be in the range of the other numbers, {np.exp(low):.6g} to {np.exp(high):.6g}"
    size = float(np.exp(logs[at]))
    return [Slips(factor, size * (1 - 1e-12), size * (1 + 1e-12), 0.0, shape.step, round(sure, 3), reason)]


def _off_the_grid(shape: Shape) -> list[Slips]:
    """Conversions that lead numbers off the column's grid back to it exactly, one factor again and again."""
    step = shape.step
    if not step:
        return []
    off = np.abs(shape.values / step - np.round(shape.values / step)) > 1e-6
    values, counts = shape.values[off], shape.counts[off]
    if not len(values) or counts.sum() > RARE * shape.cells:
        return []
    kept = shape.values[~off]
    votes, chance = {}, {}
    for factor in CONVERSIONS:
        back = values / factor
        hits = _led_back(values, factor, step) & (back >= kept[0]) & (back <= kept[-1])
        votes[factor] = int(hits.sum())
        chance[factor] = _by_accident(values, factor, step, votes[factor])
    factor = max(votes, key=lambda factor: (votes[factor], -chance[factor]))
    sure = _agreed(votes[factor], len(values), chance[factor] * len(CONVERSIONS))
    if not sure:
        return []
    many = f"; so it is with {votes[factor]} numbers of the column" if votes[factor] > 1 else ""
    reason = f"is a multiple of {step:g} as nearly all numbers are{many}"
    return [Slips(factor, kept[0] * factor, kept[-1] * factor, step, step, sure, reason)]


def _agreed(votes: int, numbers: int, accident: float) -> float:
    """How sure it is that a factor made numbers off the grid, of which it leads some to it; 0 where too few agree."""
    if votes == 1 and numbers <= FEW:
        return 0.6 if accident <= LONE else 0.0
    if votes < 2 or votes < (AGREE if votes >= VOTES else 1.0) * numbers or accident > ACCIDENT:
        return 0.0
    return 0.95 if votes >= VOTES else 0.8


def _by_accident(values: np.ndarray, factor: float, step: float, hits: int) -> float:
    """How likely a factor leads as many of the values to the grid by accident (Chernoff's bound)."""
    shares = near_the_grid(values, factor * step)
    share, part = float(shares.mean()), hits / len(values)
    if hits == 1:
        return min(1.0, float(shares.sum()))
    if part <= share:
        return 1.0
    rest = 0.0 if part == 1 else (1 - part) * np.log((1 - part) / (1 - share))
    return float(np.exp(-len(values) * (part * np.log(part / share) + rest)))


def coarse(values: np.ndarray) -> np.ndarray:
    """The power of ten that each value is a multiple of: few digits meet a grid more often."""
    out = np.full(len(values), 10.0**-FINEST)
    for digits in range(FINEST - 1, -1, -1):
        grid = values * 10.0**digits
        out[np.abs(grid - np.round(grid)) <= 1e-9 * np.maximum(1.0, np.abs(grid))] = 10.0**-digits
    return out


def slack(values: np.ndarray) -> np.ndarray:
    """How far off each value may be because it was printed: half of its last digit, and of the sixth at most."""
    with np.errstate(divide="ignore"):
        sixth = 10.0 ** (np.floor(np.log10(np.abs(values))) - PRINTED + 1)
    out: np.ndarray = 0.5 * np.minimum(coarse(values), sixth) + EXACT * np.abs(values)
    return out


def near_the_grid(values: np.ndarray, step: float | np.ndarray) -> np.ndarray:
    """The chance that a number with as many digits lies on a grid by accident, at most."""
    chance: np.ndarray = np.minimum(1.0, (coarse(values) + 2 * slack(values)) / step)
    return chance


def _led_back(numbers: np.ndarray, factor: float, step: float) -> np.ndarray:
    back = np.round(numbers / factor / step)
    exact = np.abs(numbers - back * factor * step) <= slack(numbers)
    off = np.abs(numbers / step - np.round(numbers / step)) > 1e-6
    led: np.ndarray = exact & off & (back != 0)
    return led
