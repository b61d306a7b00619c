"""Records as numbers that can be compared: scaled numbers, and categories by level and by rarity."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema

MAX_COLUMNS = 256  # cost: columns in the order of their names; later ones are not read
MAX_LEVELS = 32  # cost: levels of a category with a place of their own; the others share one
NORMAL = 1.349  # definition: interquartile range of a normal distribution, in standard deviations


@dataclass(frozen=True, eq=False)
class NumberColumn:
    """A column of numbers: its median, its spread, and its sorted values for the tails."""

    name: str
    middle: float
    spread: float
    values: np.ndarray

    @cached_property
    def _first(self) -> np.ndarray:
        """(n,) for each value, the place of the first one that equals it."""
        return np.searchsorted(self.values, self.values, side="left")

    def scaled(self, block: Block) -> np.ndarray:
        """(n,) distances from the median in spreads; 0 where missing."""
        return np.nan_to_num((block.numbers(self.name) - self.middle) / self.spread)

    def tail(self, block: Block) -> np.ndarray:
        """(n,) minus the logarithm of the share of records at least as far out on the same side; 0 where missing."""
        numbers, size = block.numbers(self.name), len(self.values)
        low = np.searchsorted(self.values, numbers, side="right")
        high = size - np.where(self.values[low - 1] == numbers, self._first[low - 1], low)
        surprise = -np.log(np.maximum(np.minimum(low, high), 0.5) / size)
        return np.where(np.isfinite(numbers), surprise, 0.0)


@dataclass(frozen=True, eq=False)
class LevelColumn:
    """A column of categories: the rarity of each level, and the levels that have a place of their own."""

    name: str
    rarity: dict[str, float]
    places: dict[str, int]
    rarest: float

    def _by_level(self, block: Block, answers: dict[str, float], other: float) -> np.ndarray:
        codes, texts = block.encoded(self.name)
        codes = np.where(block.missing(self.name), -1, codes)
        each = [answers.get(text, other) for text in texts]
        return np.array([*each, answers.get("", other)], np.float64)[codes]

    def tail(self, block: Block) -> np.ndarray:
        """(n,) minus the logarithm of the share of records that have the same level."""
        return self._by_level(block, self.rarity, self.rarest)

    def indicators(self, block: Block) -> np.ndarray:
        """(n, levels + 1): 1 in the place of the record's level, the last for all others."""
        size = len(self.places)
        at = self._by_level(block, {level: float(place) for level, place in self.places.items()}, float(size))
        return np.eye(size + 1)[at.astype(np.int64)]


@dataclass(frozen=True, eq=False)
class RecordFeatures:
    """How the records of a data set become numbers; learned from a sample."""

    numbers: tuple[NumberColumn, ...]
    levels: tuple[LevelColumn, ...]

    @classmethod
    def of(cls, sample: Block) -> "RecordFeatures":
        """The features of a sample of records, constant columns and those of free values left out."""
        numbers: list[NumberColumn] = []
        levels: list[LevelColumn] = []
        for column in compared(sample.schema)[:MAX_COLUMNS]:
            number = _number(sample, column) if column.numeric and column.role == Role.NUMBER else None
            if number is not None:
                numbers.append(number)
            elif (level := _level(sample, column)) is not None:
                levels.append(level)
        return cls(tuple(numbers), tuple(levels))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it reads, those of numbers first."""
        return (*(column.name for column in self.numbers), *(column.name for column in self.levels))

    @property
    def owners(self) -> np.ndarray:
        """For each column of ``places``, which of ``names`` it belongs to."""
        wide = [1] * len(self.numbers) + [len(column.places) + 1 for column in self.levels]
        return np.repeat(np.arange(len(wide)), wide)

    def places(self, block: Block) -> np.ndarray:
        """(n, d) float64: scaled numbers, then an indicator for each level: two levels are √2 spreads apart."""
        parts = [column.scaled(block)[:, None] for column in self.numbers]
        return np.hstack([np.zeros((len(block), 0)), *parts, *(column.indicators(block) for column in self.levels)])

    def tails(self, block: Block) -> np.ndarray:
        """(n, columns) float64: how rare each value is in its own column, as minus the logarithm of a share."""
        parts = [*(column.tail(block) for column in self.numbers), *(column.tail(block) for column in self.levels)]
        return np.hstack([np.zeros((len(block), 0)), *(part[:, None] for part in parts)])


def compared(schema: Schema) -> list[Column]:
    """The columns that tell records apart, in the order of their names: numbers and categories, not the target."""
    return [column for column in schema.by_name if column.role in (Role.NUMBER, Role.CATEGORY)]


def _number(sample: Block, column: Column) -> NumberColumn | None:
    """None where hardly any cell is a number or two values are all: then it is a category."""
    numbers = sample.numbers(column.name)
    known = np.sort(numbers[np.isfinite(numbers)])
    if 2 * len(known) < len(numbers) or len(known) < 3 or known[0] == known[-1] or len(np.unique(known)) < 3:
        return None
    spread = float(known.std())
    usual = float(np.subtract(*np.quantile(known, [0.75, 0.25]))) / NORMAL
    spread = max(spread, usual)
    return NumberColumn(column.name, float(np.median(known)), spread, known) if np.isfinite(spread) else None


def _level(sample: Block, column: Column) -> LevelColumn | None:
    codes, texts = sample.encoded(column.name)
    codes = np.where(sample.missing(column.name), len(texts), codes)
    counts = np.bincount(codes, minlength=len(texts) + 1)
    found = sorted((-int(count), text) for count, text in zip(counts, [*texts, ""], strict=True) if count)
    if not 2 <= len(found) <= len(sample) / 2:
        return None
    rarity = {text: float(-np.log(-count / len(sample))) for count, text in found}
    places = {text: place for place, (_, text) in enumerate(found[:MAX_LEVELS])}
    return LevelColumn(column.name, rarity, places, float(np.log(len(sample) + 1)))
