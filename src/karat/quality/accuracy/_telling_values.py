"""What single values of a column, its gaps and its zeros tell of the outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.core.schema import Column, Role

Z = 1.96  # definition: of a 95 % interval
# chosen on half of the tables of benchmarks/planted_leaks.md and reported on the other half, as the next four
FREQUENT = 30  # records with a value; of fewer one outcome is met by chance (benchmarks/planted_leaks.md)
SPLITS = 0.7  # difference of two shares, at the nearer ends of their intervals (benchmarks/planted_leaks.md)
PURE = 0.98  # of a value's records have one outcome (benchmarks/planted_leaks.md)
COMMON = 0.7  # an outcome of more records than this is met by chance (benchmarks/planted_leaks.md)
SAYS_MORE = 0.15  # of the other records are guessed from the column: a good column (benchmarks/planted_leaks.md)
FEWEST, FAR = 10, 4  # benchmarks/planted_leaks.md: records with the mean of their class, and times the next value's
SPREADS = 3.0  # definition: standard errors of a mean, of which 99.7 % of means lie nearer
MANY = 10  # display: other values, so that the most frequent one stands for "nothing yet"


@dataclass(frozen=True)
class TellingValue:
    """A column that gives the outcome away by some of its values.

    Parameters
    ----------
    confidence : float
        In [0, 1].
    evidence : str
        What was counted, as a clause.
    """

    column: str
    confidence: float
    evidence: str


def telling_values(block: Block, columns: Sequence[Column], goal: np.ndarray, known: np.ndarray) -> list[TellingValue]:
    """At most one per column, the surest.

    Parameters
    ----------
    columns : sequence of Column
        Which to look at.
    goal : ndarray of int64, shape (n,)
        Class of each record that has one, as the target's codes.
    known : ndarray of bool, shape (records,)
        Which of the block's records have one.
    """
    target = block.schema.target
    assert target is not None
    classes = [str(name) for name in block.encoded(target.name)[1]]
    telling = []
    for column in columns:
        codes, texts = block.encoded(column.name)
        codes = np.where(block.missing(column.name), len(texts), codes)[known]
        counted = _CountedValues(codes, [str(text) for text in texts], goal, classes)
        evidence = next(counted.all(column.role is Role.NUMBER), None)
        telling += [TellingValue(column.name, *evidence)] if evidence else []
    return telling


class _CountedValues:
    """Records by value (blank last) and outcome."""

    def __init__(self, codes: np.ndarray, texts: list[str], goal: np.ndarray, classes: list[str]) -> None:
        self.texts, self.classes, self.blank = texts, classes, len(texts)
        self.table = np.zeros((len(texts) + 1, len(classes)))
        np.add.at(self.table, (codes, goal), 1)
        self.sizes = self.table.sum(axis=1)
        self.of_class = self.table.sum(axis=0)
        self.records = self.sizes.sum()
        self.met = np.flatnonzero(self.sizes)

    def all(self, amounts: bool) -> Iterator[tuple[float, str]]:
        yield from self.known_afterwards()
        if amounts:
            yield from self.class_means()
        yield from self.single_values(amounts)
        yield from self.another_name()

    def known_afterwards(self) -> Iterator[tuple[float, str]]:
        """The gaps, or the most frequent value, where they split one outcome from the others."""
        often = int(np.argmax(self.sizes[: self.blank])) if self.blank else 0
        candidates = [self.blank] if len(self.met) > 2 else []
        candidates += [often] if len(self.met) > MANY else []
        for at in candidates:
            for k in np.argsort(self.of_class, kind="stable"):
                others = self.records - self.of_class[k]
                if min(others, self.of_class[k]) < FREQUENT:
                    continue
                here, there = self.table[at, k], self.sizes[at] - self.table[at, k]
                low, high = interval(here / self.of_class[k], self.of_class[k])
                low_of_others, high_of_others = interval(there / others, others)
                if max(low - high_of_others, low_of_others - high) < SPLITS:
                    continue
                value = "blank" if at == self.blank else repr(self.texts[at])
                said = f"{value} in {here / self.of_class[k]:.1%} of the records with {self.classes[k]!r} and in"
                yield 0.85, f"{said} {there / others:.1%} of the others: it seems to be known only afterwards"

    def single_values(self, amounts: bool) -> Iterator[tuple[float, str]]:
        """Values with one outcome only, of a column whose other values say little.

        Two of them among amounts, each with an outcome of its own, are gaps filled with the mean of their class.
        """
        often = np.flatnonzero(self.sizes >= FREQUENT)
        outcome = self.table[often].argmax(axis=1)
        share = self.table[often, outcome] / self.sizes[often]
        pure = share >= PURE
        others = np.setdiff1d(self.met, often[pure])
        pure &= self.of_class[outcome] <= COMMON * self.records
        values, outcome = often[pure], outcome[pure]
        if not 0 < len(values) <= len(set(outcome.tolist())) or len(others) < 2 or self._guessed(others) > SAYS_MORE:
            return
        at, k = values[0], outcome[0]
        value = "a blank" if at == self.blank else repr(self.texts[at])
        said = f"{value} occurs with {self.classes[k]!r} in {self.table[at, k]:,.0f} of {self.sizes[at]:,.0f} records"
        if amounts and len(values) > 1 and len(self.met) > 2 * MANY:
            said += f", {self.texts[values[1]]!r} with {self.classes[outcome[1]]!r}" if values[1] < self.blank else ""
            yield 0.85, f"{said}: gaps seem to be filled from the outcome"
        else:
            yield 0.45, f"{said}: was it known before the outcome?"

    def class_means(self) -> Iterator[tuple[float, str]]:
        """Two outcomes or more have a most frequent value of their own, and it is the mean of their other values."""
        numbers = np.array([as_number(text) for text in self.texts] + [np.nan])
        fit = np.isfinite(numbers)
        pairs = []
        for k, count in enumerate(self.table.T):
            order = np.argsort(-np.where(fit, count, 0.0), kind="stable")[:2]
            if len(order) < 2 or len(self.met) <= 2 * MANY:
                return
            at, second = order.tolist()
            if count[at] < max(FEWEST, FAR * count[second]) or count[at] < PURE * self.sizes[at]:
                continue
            others = fit & (count > 0)
            others[at] = False
            weight = count[others]
            mean = np.average(numbers[others], weights=weight)
            spread = np.sqrt(np.average((numbers[others] - mean) ** 2, weights=weight) / weight.sum())
            if abs(numbers[at] - mean) <= SPREADS * spread + step_of(self.texts[at]):
                pairs.append(f"{self.texts[at]!r} with {self.classes[k]!r} in {count[at]:,.0f} records")
        if len(pairs) > 1:
            yield (
                0.85,
                f"{', '.join(pairs[:2])}, the means of their other values: gaps seem to be filled from the outcome",
            )

    def _guessed(self, values: np.ndarray) -> float:
        """How many more of some values' records are guessed rightly by their value than without it, in [0, 1]."""
        counted = self.table[values]
        enough = counted[self.sizes[values] >= FREQUENT / 6]
        if not len(enough):
            return 0.0
        return float(enough.max(axis=1).sum() / enough.sum() - counted.sum(axis=0).max() / counted.sum())

    def another_name(self) -> Iterator[tuple[float, str]]:
        """One value for each outcome, rightly nearly always: Cohen's kappa from .9 on."""
        values = self.met[self.met < self.blank]
        outcome = self.table[values].argmax(axis=1)
        records = self.sizes[values].sum()
        if len(values) != len(self.classes) or len(set(outcome.tolist())) != len(values) or records < 2 * FREQUENT:
            return
        right = self.table[values, outcome].sum() / records
        chance = (self.sizes[values] * self.table[values].sum(axis=0)[outcome]).sum() / records**2
        if right - chance >= 0.9 * (1 - chance):
            yield 0.7, f"its {len(values)} values name the outcome in {right:.1%} of the records"


def as_number(text: str) -> float:
    """The number that a text writes; NaN for none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def step_of(text: str) -> float:
    """One unit of the last digit that a number is written with."""
    return float(10.0 ** -len(text.partition(".")[2])) if "e" not in text.lower() else 0.0


def interval(share: float, records: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share of so many records."""
    middle = (share + Z * Z / (2 * records)) / (1 + Z * Z / records)
    half = Z / (1 + Z * Z / records) * float(np.sqrt(share * (1 - share) / records + (Z / (2 * records)) ** 2))
    return middle - half, middle + half
