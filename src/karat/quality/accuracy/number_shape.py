"""The shape of a column of numbers: where its bulk lies, on which scale, how it is written, and what lies apart."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from karat.core.counts import ColumnCounts
from karat.core.degrees import SAMPLE
from karat.core.finding import SURE
from karat.core.parsing import parse_numbers
from karat.core.schema import Column
from karat.core.state import derived
from karat.quality.column_kind import kind_of
from karat.quality.completeness.number_codes import codes_of
from karat.quality.distinct import Distinct

MIN_CELLS = 50  # flat from 25 to 100 (benchmarks/constants.md): fewer have no bulk
MIN_DISTINCT = 8  # unproven: fewer are levels
SKEWED = 2.0  # best of 1, 2, 4 (benchmarks/constants.md): lower takes logarithms of even columns
# definition: squares fit IEEE 754 (1.8e308)
HUGE = 1e100  # numbers beyond are as far out as can be, and their distances still numbers
APART = 2.5  # robust standard deviations of empty space that end the bulk; unproven: lower ends the bulk within a tail
FEW = 0.005  # of the cells may lie beyond it; unproven: more are a part of the column
# FINE flat from 3 to 12; ON_STEP flat from 0.739 to 0.919 (benchmarks/constants.md): lower believes steps that are
# not there
FINE, ON_STEP = 6, 0.85  # digits behind the point of numbers computed, not read off; cells on a column's step


@dataclass(frozen=True, eq=False)
class Shape:
    """A column's numbers without its codes for missing.

    Parameters
    ----------
    values : ndarray of float64, shape (k,)
        Distinct numbers, rising.
    counts : ndarray of int64, shape (k,)
        Cells that hold each.
    gaps : tuple of float
        Numbers that stand for a missing value.
    """

    values: np.ndarray
    counts: np.ndarray
    gaps: tuple[float, ...] = ()

    @cached_property
    def cells(self) -> int:
        """Cells that hold a number."""
        return int(self.counts.sum())

    def quantile(self, share: float) -> float:
        """The number below which a share of the cells lies."""
        heap = np.cumsum(self.counts)
        return float(self.values[min(np.searchsorted(heap, share * heap[-1]), len(self.values) - 1)])

    def of(self, seen: Distinct) -> np.ndarray:
        """The numbers of distinct values (k,), NaN where they are none or stand for a gap."""
        numbers = np.where(np.isin(seen.numbers, self.gaps), np.nan, seen.numbers) if self.gaps else seen.numbers
        return np.clip(numbers, -HUGE, HUGE)

    @cached_property
    def few(self) -> float:
        """Cells that are too few to be the column's own way."""
        return max(2.0, FEW * self.cells)

    @cached_property
    def unit(self) -> float:
        """Size of an ordinary number, at which a skewed scale turns from linear to logarithmic; 0 when linear."""
        low, middle, high = (self.quantile(q) for q in (0.05, 0.5, 0.95))
        below, above = middle - low, high - middle
        if not (above > SKEWED * below or below > SKEWED * above):
            return 0.0
        sizes = np.abs(self.values)
        order = np.argsort(sizes, kind="stable")
        heap = np.cumsum(np.where(sizes[order] > 0, self.counts[order], 0))
        size = float(sizes[order][np.searchsorted(heap, 0.25 * heap[-1])])
        return max(size, 1 / HUGE) if size else 0.0

    def scaled(self, values: np.ndarray) -> np.ndarray:
        """Numbers on the column's scale: as they are, or signed-logarithmic where the column is skewed."""
        return np.arcsinh(values / self.unit) if self.unit else values

    @cached_property
    def centre(self) -> float:
        """Median on the column's scale."""
        return float(self.scaled(np.array([self.quantile(0.5)]))[0])

    @cached_property
    def spread(self) -> float:
        """A robust standard deviation on the column's scale, above 0; of the rest where nearly all are one number."""
        low, q1, q3, high = self.scaled(np.array([self.quantile(q) for q in (0.01, 0.25, 0.75, 0.99)]))
        wide = max((q3 - q1) / 1.349, (high - low) / 4.653)
        if wide > 0:
            return max(float(wide), 1 / HUGE)
        rest = np.arange(len(self.values)) != int(np.argmax(self.counts))
        if self.counts[rest].sum() < SAMPLE:
            return np.inf
        return max(float(np.ptp(self.scaled(self.values[rest]))), 1 / HUGE)

    @cached_property
    def bulk(self) -> tuple[float, float]:
        """Lowest and highest number that empty space does not cut off from the middle."""
        steps = np.diff(self.scaled(self.values)) / self.spread
        heap = np.cumsum(self.counts)
        wide = np.flatnonzero(steps > APART)
        low = [at + 1 for at in wide if heap[at] <= self.few]
        high = [at for at in wide if self.cells - heap[at] <= self.few]
        return float(self.values[max(low, default=0)]), float(self.values[min(high, default=len(self.values) - 1)])

    def distance(self, values: np.ndarray) -> np.ndarray:
        """How far from the bulk's edge, in robust standard deviations; 0 inside."""
        low, high = self.scaled(np.array(self.bulk))
        at = self.scaled(values)
        return np.maximum(np.maximum(low - at, at - high), 0.0) / self.spread

    @cached_property
    def step(self) -> float:
        """The power of ten that nearly all numbers are multiples of, at most 1; 0 where they have many digits."""
        for digits in range(FINE):
            grid = self.values * 10.0**digits
            on = np.abs(grid - np.round(grid)) <= 1e-6 * np.maximum(1.0, np.abs(grid) * 1e-6)
            if self.counts[on].sum() >= ON_STEP * self.cells:
                return 10.0**-digits
        return 0.0

    def on_step(self, numbers: np.ndarray) -> np.ndarray:
        """Which numbers (k,) are multiples of the column's step; all where it has none."""
        if not self.step:
            return np.ones(len(numbers), bool)
        grid = numbers / self.step
        on: np.ndarray = np.abs(grid - np.round(grid)) <= 1e-6 * np.maximum(1.0, np.abs(grid) * 1e-6)
        return on

    @cached_property
    def whole(self) -> bool:
        """Are there enough different numbers to speak of a distribution?"""
        return self.cells >= MIN_CELLS and len(self.values) >= MIN_DISTINCT


def shape_of(counts: ColumnCounts, column: Column) -> Shape | None:
    """The shape of a number column, kept with its counts; None for other columns."""
    return derived(counts, f"shape {column.key}", lambda: _shape(counts, column))


def _shape(column_counts: ColumnCounts, column: Column) -> Shape | None:
    kind = kind_of(column_counts, column)
    at = np.flatnonzero(np.isfinite(kind.numbers))
    if kind.name != "number" or not len(at):
        return None
    values, place = np.unique(np.clip(kind.numbers[at], -HUGE, HUGE), return_inverse=True)
    counts = np.bincount(place, column_counts.counts[at]).astype(np.int64)
    gaps = {code.value for code in codes_of(column_counts, column) if code.confidence >= SURE}
    if column.nulls:
        stated = parse_numbers(pa.array(column.nulls, pa.string()), replace(column, nulls=()))
        gaps |= set(stated[np.isfinite(stated)].tolist())
    keep = ~np.isin(values, sorted(gaps))
    return Shape(values[keep], counts[keep], tuple(sorted(gaps))) if keep.any() else None
