"""The columns that can stand in an equation, as numbers with the step they are rounded to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from karat.core.block import Block
from karat.core.schema import Schema
from karat.quality.equation_proof import LEAST, EquationEvidence
from karat.quality.equations import Term, arithmetic_columns, part_of

MOST_RECORDS = 4_096  # cost: enough to prove an equation that two in three of them keep
SCREENED = 96  # cost: records that a candidate is screened on; fewer miss more, more take longer
CONSTANT = 0.6  # flat from 0.429 to 0.75 (benchmarks/constants.md): of the cells hold one number that is not zero
STEPPED = 1_024  # cost: numbers that a step is told from
DIGITS = (-3, -2, -1, 0, 1, 2, 3, 4, 5, 6)  # cost: steps that are tried, from thousands to millionths
# flat from 0.905 to 0.974 (benchmarks/constants.md): of a column's numbers must be multiples of its step
REGULAR = 0.95


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns that can stand in an equation, as numbers.

    Parameters
    ----------
    terms : list of Term
        One per column, each with factor 1.
    values : ndarray of float64, shape (p, n)
    screen : ndarray of float64, shape (p, m)
        Some of the records.
    """

    terms: list[Term]
    values: np.ndarray
    screen: np.ndarray

    @cached_property
    def steps(self) -> np.ndarray:
        """(p,) the step each column is rounded to."""
        return np.array([term.step for term in self.terms])

    @cached_property
    def sizes(self) -> np.ndarray:
        """(p,) the size of an ordinary number of each."""
        sizes: np.ndarray = np.nanmedian(np.abs(self.values), axis=1) if len(self.terms) else np.zeros(0)
        return sizes

    def evidence(self, target: int, terms: tuple[int, ...]) -> EquationEvidence:
        """The columns of a candidate."""
        return EquationEvidence(self.values[target], [self.values[at] for at in terms])

    def only(self, keep: list[int]) -> "Columns":
        """Some of the columns."""
        return Columns([self.terms[at] for at in keep], self.values[keep], self.screen[keep])


def columns_of(block: Block, schema: Schema) -> Columns:
    """The numbers and dates of a block's records, those that vary."""
    if len(block) > MOST_RECORDS:
        block = block.take(np.argsort(block.keys, kind="stable")[:MOST_RECORDS])
    terms, values = [], []
    for name, part in arithmetic_columns(schema) if len(block) >= LEAST else ():
        numbers = part_of(block, name, part)
        known = numbers[np.isfinite(numbers)]
        if len(known) >= max(LEAST, 0.2 * len(block)) and _varies(known):
            terms.append(Term(name, 1.0, step_of(known), part))
            values.append(numbers)
    table = np.stack(values) if values else np.zeros((0, len(block)))
    some = np.argsort(block.keys, kind="stable")[:SCREENED]
    return Columns(terms, table, table[:, some])


def _varies(numbers: np.ndarray) -> bool:
    """Does a column hold more than one number and a few others, which would only be a constant of the equation?"""
    values, counts = np.unique(numbers, return_counts=True)
    top = int(np.argmax(counts))
    return len(values) > 1 and (values[top] == 0 or counts[top] < CONSTANT * len(numbers))


def step_of(numbers: np.ndarray) -> float:
    """The power of ten that nearly all of some numbers (n,) are multiples of; 0 where they have seven digits or so."""
    size = np.abs(numbers[numbers != 0])[:STEPPED]
    for digits in DIGITS:
        grid = size * 10.0**digits
        on = np.abs(grid - np.round(grid)) <= 1e-6 * np.maximum(1.0, grid * 1e-6)
        if len(on) and on.mean() >= REGULAR:
            return 10.0**-digits
    return 0.0


def different(numbers: np.ndarray) -> int:
    """How many different numbers there are."""
    return len(np.unique(numbers[np.isfinite(numbers)]))


def plain(value: float, room: float) -> float:
    """The number of fewest digits within ``room`` of a value."""
    for digits in range(16):
        rounded = float(f"{value:.{digits}e}")
        if abs(rounded - value) <= room:
            return 0.0 if abs(value) <= room else rounded
    return value
