"""Which values are at home in a column, and which are strangers there."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.degrees import SMALL_SAMPLE
from karat.core.schema import Column
from karat.quality.accuracy.number_shape import Shape, shape_of
from karat.quality.column_kind import ColumnKind, kind_of
from karat.quality.distinct import Distinct
from karat.quality.null_words import KNOWN_CODES

RARE = 0.001  # unproven: share of the cells that a stranger holds at most; higher names more
LOOKED_AT = 1_000  # characters of a text; cost: bounds time; a digit behind them is not seen
OFTEN = 0.002  # unproven: share of the cells from which a value is at home; lower takes more for home
FEW = 60  # different numbers of a scale whose members can be counted; unproven: more are a measurement


@dataclass(frozen=True, eq=False)
class ColumnValues:
    """What a column's own values are.

    Parameters
    ----------
    shape : Shape or None
        Of its numbers.
    cells : dict of str to int
        How often each value occurs, for columns of categories and short scales; else empty.
    members : frozenset of str
        Values seen again and again there.
    rare : float
        Cells up to which a value of a category column is a stranger.
    strange_share : float
        Share of cells, in [0, 1], that are strangers.
    """

    column: Column
    kind: ColumnKind
    shape: Shape | None
    cells: dict[str, int]
    members: frozenset[str]
    rare: float
    wordy: bool
    strange_share: float = field(default=0.0, init=False)

    def strange(self, seen: Distinct) -> np.ndarray:
        """Which distinct values are strangers here; (k,) bool. Gaps are none."""
        odd = self._strange(seen)
        if not odd.any():  # the common case, and the one that must be quick at the door of a served model
            return odd
        return odd & ~seen.gaps.all & ~np.isin(seen.numbers, sorted(KNOWN_CODES))

    def _strange(self, seen: Distinct) -> np.ndarray:
        if self.kind.name == "number" and self.shape is not None:
            odd = ~np.isfinite(seen.numbers)
            numbers = self.shape.of(seen)
            own = [float(text) for text in self.members if _plain(text)]
            if own:  # a scale of marks: strange is what lies well outside, not what is rare
                low, high = min(own), max(own)
                room = max(1.0, high - low)
                outside = (numbers < low - room) | (numbers > high + room)
                # a counter has a long tail beyond its common values; what lies there hangs together
                return odd | (outside & (self.shape.distance(numbers) > 0) if self.shape.whole else outside)
            apart = self.shape.distance(np.where(np.isnan(numbers), self.shape.quantile(0.5), numbers)) > 0
            return odd | apart | ~self.shape.on_step(np.nan_to_num(numbers))
        if self.cells:
            return np.fromiter((self.cells.get(text, 0) <= self.rare for text in seen.texts), bool, len(seen.texts))
        return np.isfinite(seen.numbers) & self.wordy

    def quickly_home(self, number: float) -> bool:
        """Is a plainly written number surely no stranger? What is not sure is left to ``strange``."""
        if self.kind.name != "number" or self.shape is None:
            return False
        if self._scale:
            return self._scale[0] <= number <= self._scale[1]
        low, high = self.shape.bulk
        return low < number < high and bool(self.shape.on_step(np.array([number]))[0])

    @cached_property
    def _scale(self) -> tuple[float, float] | None:
        """What lies within it is no stranger among a scale of marks."""
        own = [float(text) for text in self.members if _plain(text)]
        return (min(own), max(own)) if own else None

    def knows(self, value: str | None) -> bool:
        """Has the value been seen here again and again?"""
        return value is not None and value in self.members

    def welcomes(self, value: str | None) -> bool:
        """Would the value fit here?"""
        if value is None:
            return False
        if self.members:
            return value in self.members
        if self.kind.name == "number" and self.shape is not None:
            if not _plain(value) or not self.shape.whole:
                return False
            low, high = self.shape.bulk
            return low <= float(value) <= high and bool(self.shape.on_step(np.array([float(value)]))[0])
        return False


class Homes:
    """The homes of all columns, asked which of them know or welcome a value without asking each.

    Parameters
    ----------
    homes : dict of str to ColumnValues
        By column, in their order.
    """

    def __init__(self, homes: dict[str, ColumnValues]) -> None:
        self.homes = homes
        self.names = list(homes)
        self.places = {name: at for at, name in enumerate(self.names)}
        self._members: defaultdict[str, list[int]] = defaultdict(list)
        ranges = []
        for at, home in enumerate(homes.values()):
            for value in home.members:
                self._members[value].append(at)
            if not home.members and home.kind.name == "number" and home.shape is not None and home.shape.whole:
                ranges.append((at, *home.shape.bulk))
        self._ranges = np.array(ranges, float).reshape(-1, 3)

    def knowing(self, value: str) -> list[str]:
        """The columns that know a value."""
        return [self.names[at] for at in self._members.get(value, ())]

    def welcoming(self, value: str) -> list[str]:
        """The columns that welcome a value."""
        hits = list(self._members.get(value, ()))
        if len(self._ranges) and _plain(value):
            places, low, high = self._ranges.T
            inside = places[(low <= float(value)) & (float(value) <= high)].astype(np.int64).tolist()
            hits += [at for at in inside if self.homes[self.names[at]].welcomes(value)]
        return [self.names[at] for at in sorted(hits)]


class Cells(dict[str, Any]):
    """The cells of one record by column, each taken when it is asked for."""

    def __init__(self, block: Block, at: int) -> None:
        super().__init__()
        self._block, self._at = block, at

    def __missing__(self, name: str) -> Any:
        self[name] = self._block.text(name)[self._at].as_py()
        return self[name]


def _plain(text: str) -> bool:
    try:
        return np.isfinite(float(text))
    except ValueError:
        return False


def homes_of(state: ValueCounts, columns: list[Column]) -> dict[str, ColumnValues]:
    """The home of each column."""
    out = {}
    for column in columns:
        counts = state.columns[column.name]
        home = _home(counts, column)
        strange = home.strange(Distinct.learned(counts, column))
        share = float(counts.counts[strange].sum()) / max(1, int(counts.counts.sum()))
        object.__setattr__(home, "strange_share", share)  # it needs the home itself
        out[column.name] = home
    return out


def _home(counts: ColumnCounts, column: Column) -> ColumnValues:
    kind, shape = kind_of(counts, column), shape_of(counts, column)
    total = int(counts.counts.sum())
    rare, often = max(1.0, RARE * total), max(3.0, OFTEN * total)
    short = kind.name == "number" and shape is not None and len(shape.values) <= FEW
    categories = kind.name == "text" and total >= SMALL_SAMPLE * max(1, len(counts.values))
    members: frozenset[str] = frozenset()
    if categories or (
        short
        and shape is not None
        and (shape.values == np.round(shape.values)).mean() > 0.5
        and total >= SMALL_SAMPLE * len(counts.values)
    ):
        members = frozenset(text for text, n in zip(counts.values, counts.counts.tolist(), strict=True) if n >= often)
    if (
        members
        and sum(n for text, n in zip(counts.values, counts.counts.tolist(), strict=True) if text in members)
        < 0.98 * total
    ):
        members = frozenset() if kind.name == "number" else members
    cells = dict(zip(counts.values, counts.counts.tolist(), strict=True)) if categories else {}
    sample = counts.values[:2000]
    digits = sum(any(ch.isdigit() for ch in text[:LOOKED_AT]) for text in sample)
    return ColumnValues(column, kind, shape, cells, members, rare, digits <= 0.02 * len(sample))
