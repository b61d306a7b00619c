"""What would make a record fit: one number led back by a factor, or two numbers exchanged."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from karat.core.block import Block
from karat.quality.accuracy._conditional import Conditional, folds, heard
from karat.quality.accuracy._unit_factors import CONVERSIONS, SHIFTS

# share of the cells that are slips, and of the pairs of a record's cells that are exchanged: Karat's planters put one
# defect of a kind into a hundred records, real tables far fewer; a tenth of that
SLIPS, SWAPS = 1e-4, 1e-3
FACTORS = {**SHIFTS, **dict.fromkeys(CONVERSIONS, 0.2)}
SUSPECT = 3.0  # widths of a column's residuals: nearer numbers are not asked
FITS = 2.5  # widths within which what was led back has to lie
LEAST = 0.5


class Blame(NamedTuple):
    """One explanation of a record that fits far better than the record as it is."""

    at: int
    columns: tuple[int, ...]
    numbers: tuple[float, ...]
    factor: float
    sure: float
    off: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Records:
    """Records (n, p) as written, on their scales and as expected."""

    model: Conditional
    numbers: np.ndarray
    scaled: np.ndarray
    expected: np.ndarray
    fold: np.ndarray

    @classmethod
    def of(cls, model: Conditional, block: Block) -> "Records":
        """The records of a block."""
        scaled = model.scaled(block)
        numbers = np.stack([block.numbers(name) for name in model.names], axis=1)
        return cls(model, numbers, scaled, model.expected(block, scaled), folds(block.rows))

    def log_likelihood(self, row: int, at: int, numbers: np.ndarray, shift: float = 0.0) -> np.ndarray:
        """Of numbers (k,) in one column of a record, its expectation moved by ``shift``; -inf off the scale."""
        scale = self.model.scales[at]
        fit = self.model.log_density(scale.of(numbers) - self.expected[row, at] - shift, at) + scale.stretch(numbers)
        return np.where(np.isfinite(fit), fit, -np.inf)

    def far(self) -> np.ndarray:
        """How many widths each number lies from where it should be; 0 where it has none."""
        return np.abs(np.nan_to_num((self.scaled - self.expected) / self.model.width))

    def blamed(self) -> list[Blame]:
        """The best explanation of each record that needs one."""
        far = self.far()
        out = []
        for row in np.flatnonzero((far > SUSPECT).any(axis=1)).tolist():
            found = [*self._slips(row, far[row]), *self._swaps(row, far[row])]
            if found and (best := max(found, key=lambda blame: blame.sure)).sure >= LEAST:
                out.append(best)
        return out

    def _slips(self, row: int, far: np.ndarray) -> list[Blame]:
        factors, prior = np.array(list(FACTORS)), np.array(list(FACTORS.values()))
        out = []
        for at in np.flatnonzero(far > SUSPECT).tolist():
            number = self.numbers[row, at]
            if number == 0 or far[at] <= self.model.edge[at]:
                continue
            now = float(self.log_likelihood(row, at, np.array([number]))[0])
            back = self.log_likelihood(row, at, number / factors) - np.log(factors)
            odds = np.exp(np.clip(back - now, -700, 100)) * prior / prior.sum() * SLIPS
            best = int(np.argmax(odds))
            led = number / factors[best]
            if (
                abs(float(self.model.scales[at].of(np.array([led]))[0]) - self.expected[row, at])
                > FITS * self.model.width[at]
            ):
                continue
            sure = float(odds.sum() / (1 + odds.sum()))
            out.append(Blame(row, (at,), (float(led),), float(factors[best]), sure, (float(far[at]),)))
        return out

    def _swaps(self, row: int, far: np.ndarray) -> list[Blame]:
        out = []
        p = self.numbers.shape[1]
        pairs = p * (p - 1) / 2
        seen = set()
        for a in np.flatnonzero(far > SUSPECT).tolist():
            for b in range(p):
                x, y = self.numbers[row, a], self.numbers[row, b]
                if (
                    a == b
                    or (b, a) in seen
                    or not ((far > self.model.edge)[[a, b]]).any()
                    or not np.isfinite(x + y)
                    or x == y
                ):
                    continue
                seen.add((a, b))
                gain, off = self._exchanged(row, a, b)
                odds = float(np.exp(np.clip(gain, -700, 100))) * SWAPS / pairs
                if off <= FITS:
                    out.append(
                        Blame(row, (a, b), (float(y), float(x)), 0.0, odds / (1 + odds), (float(far[a]), float(far[b])))
                    )
        return out

    def _exchanged(self, row: int, a: int, b: int) -> tuple[float, float]:
        """Gain in log-likelihood by exchanging two numbers, and how far the farther then lies from its place."""
        x, y = self.numbers[row, a], self.numbers[row, b]
        scale_a, scale_b = self.model.scales[a], self.model.scales[b]
        new_a, new_b = float(scale_a.of(np.array([y]))[0]), float(scale_b.of(np.array([x]))[0])
        if not np.isfinite(new_a + new_b):
            return -np.inf, np.inf
        moved_a = self.model.weights[self.fold[row], a, b] * float(heard(np.array(new_b)) - heard(self.scaled[row, b]))
        moved_b = self.model.weights[self.fold[row], b, a] * float(heard(np.array(new_a)) - heard(self.scaled[row, a]))
        both_a, both_b = np.array([x, y]), np.array([y, x])
        gains = []
        for shift_a, shift_b in ((0.0, moved_b), (moved_a, 0.0)):
            first = self.log_likelihood(row, a, both_a, shift_a)
            second = self.log_likelihood(row, b, both_b, shift_b)
            gains.append(float(first[1] - first[0] + second[1] - second[0]))
        off_a = abs(new_a - self.expected[row, a] - moved_a) / self.model.width[a]
        off_b = abs(new_b - self.expected[row, b] - moved_b) / self.model.width[b]
        return min(gains), max(off_a, off_b)
