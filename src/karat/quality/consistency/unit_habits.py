"""How a column writes its numbers: bare or with a unit, in one spelling or many, in one unit or several."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from karat.core.counts import ColumnCounts
from karat.core.degrees import A_TENTH
from karat.core.schema import Column, Meaning
from karat.core.state import derived
from karat.quality.column_kind import ColumnKind, kind_of
from karat.quality.quantities import Quantity, common_unit, read_quantity
from karat.quality.units import MeasurementUnit

# share of a column's cells that must be numbers, with or without a unit; flat
# from 0.818 to 0.947 (benchmarks/constants.md)
WHOLE = 0.9
# share of the cells with a unit, from which a spelling is the rule; flat
# from 0.818 to 0.947 (benchmarks/constants.md)
UNIFORM = 0.9
OTHERS = frozenset({Meaning.YEAR, Meaning.DATE, Meaning.CLOCK, Meaning.CODE, Meaning.IDENTIFIER, Meaning.ADDRESS})


@dataclass(frozen=True)
class NumberHabits:
    """How a column writes its numbers.

    Parameters
    ----------
    read : dict of int to Quantity
        The distinct values with something around a number, by place.
    bare, dressed : int
        Cells that hold a number alone, and one with something around it.
    main : tuple of str
        The commonest text before and behind the number.
    main_cells : int
        How often it stands there.
    unit : Unit or None
        What all cells are told in, where every one of them has a unit and all convert.
    units : tuple of Unit
        Those that are known, commonest first.
    """

    kind: ColumnKind
    read: dict[int, Quantity]
    bare: int
    dressed: int
    main: tuple[str, str]
    main_cells: int
    unit: MeasurementUnit | None
    units: tuple[MeasurementUnit, ...]

    @property
    def uniform(self) -> bool:
        """Is one spelling the rule, and bare numbers the exception?"""
        return self.main_cells >= UNIFORM * max(self.dressed, 1) and self.bare < (1 - UNIFORM) * self.kind.cells

    @property
    def convertible(self) -> bool:
        """Do all known units measure the same?"""
        return len({unit.dimension for unit in self.units}) == 1


def habits_of(tally: ColumnCounts, column: Column) -> NumberHabits | None:
    """How a column writes its numbers; None where it holds others or none has a unit."""
    return derived(tally, f"units {column.key}", lambda: _habits(tally, column))


def _habits(tally: ColumnCounts, column: Column) -> NumberHabits | None:
    kind = kind_of(tally, column)
    number = np.isfinite(kind.numbers)
    if kind.name != "number" or number.all() or not _may_measure(column):
        return None
    read: dict[int, Quantity] = {}
    forms: Counter[tuple[str, str]] = Counter()
    units: Counter[MeasurementUnit] = Counter()
    remarks = 0
    for at in np.flatnonzero(~number).tolist():
        quantity = read_quantity(tally.values[at]) if tally.values[at] not in kind.gap_words else None
        if quantity:
            read[at], cells = quantity, int(tally.counts[at])
            forms[quantity.before, quantity.behind] += cells
            remarks += cells if quantity.remark else 0
            if quantity.unit:
                units[quantity.unit] += cells
    bare, dressed = int(tally.counts[number].sum()), sum(forms.values())
    if not dressed or bare + dressed < WHOLE * kind.cells:
        return None
    main, main_cells = min(forms.items(), key=lambda item: (-item[1], item[0]))
    whole = dressed == kind.cells and remarks <= A_TENTH * dressed and len(read) > 1
    unit = common_unit((quantity, int(tally.counts[at])) for at, quantity in read.items()) if whole else None
    known = tuple(sorted(units, key=lambda known_unit: (-units[known_unit], known_unit.symbol)))
    return NumberHabits(kind, read, bare, dressed, main, main_cells, unit, known)


def _may_measure(column: Column) -> bool:
    """May it hold measurements? Years, days, hours, codes and addresses do not, whatever their numbers carry."""
    return not column.meanings or column.meanings[0] not in OTHERS
