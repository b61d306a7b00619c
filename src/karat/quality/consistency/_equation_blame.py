"""Which column of a broken equation is wrong, and what should stand there."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from karat.core.block import Block
from karat.quality.equations import Equation, Term

BINS = 24  # flat from 12 to 48 (benchmarks/constants.md): fewer say less of where numbers lie, more follow single ones
LEAST_ODDS, MOST_ODDS = 0.01, 100.0  # of where a column's numbers usually lie; benchmarks/outliers.md
MECHANISM, ONE_DIGIT = 200.0, 4.0  # odds of a sign, a power of ten, two digits exchanged; of one digit; as above
AGREED, SHARED = 1000.0, 20.0  # two broken equations that ask for one value; that meet in one column; as above
OFF_STEP, NEVER_NEGATIVE = 1e-3, 0.05  # odds, as above
# of a column's numbers: more than errors account for; flat from 0.0101 to 0.0392 (benchmarks/constants.md)
NEGATIVE = 0.02
ONE = "one digit"
# of ten; half and double do worse (benchmarks/constants.md): more would explain more breaks by chance
POWERS = (1, 2, 3, -1, -2, -3)


@dataclass(frozen=True, eq=False)
class Usual:
    """Where the numbers of a column lie.

    Parameters
    ----------
    edges : ndarray of float64, shape (b,)
        Rising; as many numbers between any two.
    negative : bool
        Some are.
    step : float
        What they are rounded to.
    """

    edges: np.ndarray
    negative: bool
    step: float

    @classmethod
    def of(cls, numbers: np.ndarray, step: float) -> "Usual":
        """From the numbers of a sample (n,)."""
        known = numbers[np.isfinite(numbers)]
        edges = np.unique(np.quantile(known, np.linspace(0.01, 0.99, BINS)))
        return cls(edges, bool((known < 0).mean() > NEGATIVE), step)

    def density(self, value: float) -> float:
        """How densely numbers lie around a value."""
        if len(self.edges) < 2:
            return 1.0
        span = float(self.edges[-1] - self.edges[0])
        at = int(np.searchsorted(self.edges, value))
        if not 0 < at < len(self.edges):
            away = min(abs(value - self.edges[0]), abs(value - self.edges[-1])) / span
            return float(0.1 / span / (1 + 10 * away) ** 3)
        return float(1 / (len(self.edges) - 1) / max(self.edges[at] - self.edges[at - 1], 1e-3 * span))

    def odds(self, now: float, then: float) -> float:
        """How much likelier a column holds the one value than the other."""
        odds = float(np.clip(self.density(then) / max(self.density(now), 1e-300), LEAST_ODDS, MOST_ODDS))
        if self.step and abs(then / self.step - round(then / self.step)) > 1e-4:
            odds = OFF_STEP * min(odds, 0.99)
        return odds * (NEVER_NEGATIVE if then < 0 and not self.negative else 1.0)


@dataclass(frozen=True)
class AskedCell:
    """What one equation asks of one cell, were the others right.

    Parameters
    ----------
    slack : float
        How far off rounding may leave it.
    """

    equation: Equation
    value: float
    slack: float


def solved(equation: Equation, block: Block, at: int) -> dict[str, AskedCell]:
    """What an equation asks of each of its columns of numbers in one record."""
    own = float(equation.target.values(block)[at])
    predicted = float(block.memo(("predicted", equation), lambda: equation.predicted(block))[at])
    slack = float(block.memo(("tolerance", equation), lambda: equation.tolerance(block))[at])
    out = {} if equation.target.part else {equation.target.column: AskedCell(equation, predicted, slack)}
    for term in equation.terms:
        if term.part:
            continue
        now = float(term.values(block)[at])
        then = _solved(term, equation.kind, now, own, predicted)
        if np.isfinite(then):
            steep = abs(term.factor * own / then) if equation.kind == "product" and then else abs(term.factor)
            out[term.column] = AskedCell(equation, then, slack / steep if steep else 0.0)
    return out


def _solved(term: Term, kind: str, now: float, own: float, predicted: float) -> float:
    if kind != "product":
        return now + (own - predicted) / term.factor
    ratio = own / predicted if predicted else float("nan")
    if ratio < 0 and abs(term.factor) == 1:
        return now * ratio**term.factor
    return float(now * ratio ** (1 / term.factor)) if ratio > 0 else float("nan")


def simple(text: str, then: float, slack: float) -> tuple[float, str, str]:
    """How a true value became the one that stands there: odds, name, and the true text; 1 and "" where nothing shows.

    Parameters
    ----------
    text : str
        What stands there, with a decimal point.
    then : float
        What the equation asks for.
    slack : float
        How exactly it asks.
    """
    near = max(slack, 1e-6 * abs(then))
    for name, true in _ways(text):
        if float(true) and abs(float(true) - then) <= near:
            return MECHANISM, name, true
    true = f"{then:.10g}"
    if slack <= 1e-5 * abs(then) and _one_digit(text, true):
        return ONE_DIGIT, ONE, true
    return 1.0, "", true


def _ways(text: str) -> Iterator[tuple[str, str]]:
    """The simple errors that may have led to a number's text, each with the text before it."""
    yield "wrong sign", text[1:] if text.startswith("-") else f"-{text}"
    for power in POWERS:
        yield f"multiplied by {10.0**power:g}", f"{Decimal(text).scaleb(-power):f}"
    for place in range(len(text) - 1):
        left, right = text[place], text[place + 1]
        if left.isdigit() and right.isdigit() and left != right:
            yield "two digits exchanged", f"{text[:place]}{right}{left}{text[place + 2 :]}"


def _one_digit(text: str, other: str) -> bool:
    return len(text) == len(other) and sum(a != b for a, b in zip(text, other, strict=True)) == 1
