"""What would make a record fit: one number led back by a factor, or two numbers exchanged."""

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from karat.core.block import Block
from karat.quality.accuracy._conditional import Conditional, folds, heard
from karat.quality.accuracy._unit_factors import CONVERSIONS, SHIFTS, near_the_grid, slack
from karat.quality.accuracy.number_shape import Shape

# share of the cells that are slips, and of the records with an exchange: dirty_table.py plants a slip into one cell
# in a thousand of ten columns, real tables hold fewer. These and what follows were set on the untouched tables and on
# planted german-credit, breast_cancer, wine and diabetes, all in sight
SLIPS, SWAPS = 1e-4, 1e-3
FACTORS = np.array([*SHIFTS, *CONVERSIONS])
PRIOR = np.array([*SHIFTS.values(), *[0.2] * len(CONVERSIONS)])  # unproven: .2 of a conversion
PRIOR /= PRIOR.sum()
# flat from 0.75 to 3 (benchmarks/constants.md): lower asks more numbers, and finds more factors by accident
ASKED = 1.5  # widths of a column's residuals from which a number is asked whether a factor leads it to the grid
# times less likely by accident is evidence beside the distance; flat from 10 to 40 (benchmarks/constants.md): lower
# believes accidents
EXACTLY = 20.0
MISSED = 0.02  # of a column's own numbers lie off its step; unproven: lower trusts the grid more
SUSPECT = 3.0  # widths of a column's residuals: nearer numbers are not asked; unproven: lower asks true extremes
# widths within which what was led back has to lie; flat from 1.25 to 5 (benchmarks/constants.md): wider believes
# more factors
FITS = 2.5
LEAST = 0.5  # definition: a finding counts as wrong from here on


class RecordExplanation(NamedTuple):
    """One explanation of a record that fits far better than the record as it is."""

    at: int
    columns: tuple[int, ...]
    numbers: tuple[float, ...]
    factor: float
    sure: float
    off: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class ScaledRecords:
    """Records (n, p) as written, on their scales and as expected."""

    model: Conditional
    numbers: np.ndarray
    scaled: np.ndarray
    expected: np.ndarray
    fold: np.ndarray
    steps: tuple[float, ...]

    @classmethod
    def of(cls, model: Conditional, block: Block, sample: Block) -> "ScaledRecords":
        """The records of a block; a sample says on which step each column's numbers are."""
        scaled = model.scaled(block)
        numbers = np.stack([block.numbers(name) for name in model.names], axis=1)
        steps = tuple(sample.memo((step_of, name), partial(step_of, sample.numbers(name))) for name in model.names)
        return cls(model, numbers, scaled, model.expected(block, scaled), folds(block.keys), steps)

    def log_likelihood(self, row: int, at: int, numbers: np.ndarray, shift: float = 0.0) -> np.ndarray:
        """Of numbers (k,) in one column of a record, its expectation moved by ``shift``; -inf off the scale."""
        scale = self.model.scales[at]
        fit = self.model.log_density(scale.of(numbers) - self.expected[row, at] - shift, at) + scale.stretch(numbers)
        return np.where(np.isfinite(fit), fit, -np.inf)

    def far(self) -> np.ndarray:
        """How many widths each number lies from where it should be; 0 where it has none."""
        return np.abs(np.nan_to_num((self.scaled - self.expected) / self.model.width))

    def blamed(self) -> list[RecordExplanation]:
        """The best explanation of each record that needs one."""
        far = self.far()
        out = []
        asked = (far > np.maximum(self.model.edge, SUSPECT)) | ((far > ASKED) & self._off_step())
        for row in np.flatnonzero(asked.any(axis=1)).tolist():
            blames = [*self._slips(row, far[row], asked[row]), *self._swaps(row, far[row])]
            if blames and (best := max(blames, key=lambda blame: blame.sure)).sure >= LEAST:
                out.append(best)
        return out

    def _off_step(self) -> np.ndarray:
        """Which numbers (n, p) lie off the step of their column."""
        step = np.array(self.steps)
        grid = np.nan_to_num(self.numbers) / np.where(step > 0, step, 1.0)
        off: np.ndarray = (step > 0) & (np.abs(grid - np.round(grid)) > 1e-6)
        return off

    def _slips(self, row: int, far: np.ndarray, asked: np.ndarray) -> list[RecordExplanation]:
        out = []
        for at in np.flatnonzero(asked).tolist():
            number = self.numbers[row, at]
            if number == 0:
                continue
            now = float(self.log_likelihood(row, at, np.array([number]))[0])
            back = self.log_likelihood(row, at, number / FACTORS) - np.log(FACTORS)
            grid = _on_grid(number, self.steps[at])
            odds = np.exp(np.clip(back - now, -700, 100)) * PRIOR * SLIPS * grid
            best = int(np.argmax(odds))
            led = number / FACTORS[best]
            off = abs(float(self.model.scales[at].of(np.array([led]))[0]) - self.expected[row, at])
            outlying = far[at] > max(self.model.edge[at], SUSPECT) or grid[best] > EXACTLY
            if outlying and off <= FITS * self.model.width[at]:
                sure = float(odds.sum() / (1 + odds.sum()))
                out.append(RecordExplanation(row, (at,), (float(led),), float(FACTORS[best]), sure, (float(far[at]),)))
        return out

    def _swaps(self, row: int, far: np.ndarray) -> list[RecordExplanation]:
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
                        RecordExplanation(
                            row, (a, b), (float(y), float(x)), 0.0, odds / (1 + odds), (float(far[a]), float(far[b]))
                        )
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


def _on_grid(number: float, step: float) -> np.ndarray:
    """How much likelier each factor makes the digits of a number, where a column keeps to a step: (f,)."""
    out = np.ones(len(FACTORS))
    if not step:
        return out
    at = np.arange(len(SHIFTS), len(FACTORS))
    steps, value = FACTORS[at] * step, np.array([number])
    hit = np.abs(number - np.round(number / steps) * steps) <= slack(value)
    out[at] = np.where(hit, 1 / np.clip(near_the_grid(value, steps), 1e-6, 1.0), MISSED)
    return out


def step_of(numbers: np.ndarray) -> float:
    """The step that numbers (n,) keep to, 0 where they keep to none."""
    values, counts = np.unique(numbers[np.isfinite(numbers)], return_counts=True)
    return Shape(values, counts).step


def written(number: float, step: float) -> str:
    """A number on its column's step."""
    return f"{round(number / step) * step if step else number:.10g}"


def why(model: Conditional, blame: RecordExplanation, place: int) -> str:
    """The evidence against one of the blamed numbers."""
    own, number = model.names[blame.columns[place]], blame.numbers[place]
    far = f"{blame.off[place]:.1f} times the usual distance from where the rest of the record puts {own!r}"
    if blame.factor:
        return f"lies {far}; divided by {blame.factor:g} it is {number:.10g}, which fits"
    other = model.names[blame.columns[1 - place]]
    return f"lies {far}; exchanged with {other!r} both fit the record"
