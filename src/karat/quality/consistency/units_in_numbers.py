"""Numbers written with a unit, a currency or a percent sign."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import FACT, FORM, Dimension
from karat.core.schema import Column, Schema
from karat.quality.by_value import ByValue, Rule, ValueVerdict, judged_columns, share
from karat.quality.column_kind import kind_of
from karat.quality.consistency._replaced import fitting
from karat.quality.consistency.unit_habits import NumberHabits, habits_of
from karat.quality.distinct import Distinct
from karat.quality.quantities import Quantity, read_quantity, written

NUMBER = re.compile(r"[+-]?\d*\.?\d+")
NOISE = 6  # digits that rounding to twelve saves where they come from binary fractions; unproven
ALIKE = 0.6  # of the letters of a misspelt unit; unproven
WORD = 4  # letters of a unit that can be misspelt; flat from 2 to 8 (benchmarks/constants.md)
# times beyond the column's bare numbers that a number still fits; flat from 1.5 to 6 (benchmarks/constants.md)
ROOM = 3.0
ENOUGH = 30  # bare numbers that show where a column's numbers lie; flat from 15 to 60 (benchmarks/constants.md)
# of the cells with a unit, that lie among the bare numbers; flat from 0.905 to 0.974 (benchmarks/constants.md)
FITTING = 0.95


@dataclass(frozen=True)
class UnitsInNumbers(ByValue):
    """Numbers with a unit, currency or percent sign, written in several ways or beside bare numbers.

    Every spelling becomes a category of its own and the number behind it is lost to a model. Where every cell has a
    unit and all of them convert, the number alone in the column's unit is the same value in another form; the unit is
    kept in ``schema.json``. Units that do not convert (currencies, mg and ml) are only pointed out. A number with a
    unit among bare ones is a question, unless the bare numbers show which of two values it is.

    Source: karat.quality.units for the units; ISO/IEC 5259-2 data format consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data format consistency"

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Ask only columns of numbers in which units occur."""
        tally = counts.columns[column.name]
        habits = habits_of(tally, column)
        if habits is None:
            return None
        if habits.unit:
            return lambda seen: _in_one_unit(seen, habits)
        if habits.uniform:
            return lambda seen: _as_the_rule(seen, habits, tally)
        return _among_bare(habits, tally) if habits.bare else None

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each number column with units inside."""
        rows = []
        for column in judged_columns(schema):
            habits = habits_of(state.columns[column.name], column) if column.name in state.columns else None
            if habits:
                before, behind = habits.main
                message = f"{share(habits.dressed, habits.kind.cells)} hold a number with a unit"
                apart = "" if habits.convertible or len(habits.units) < 2 else "; the units do not convert"
                rows.append((column.name, f"{message}, most often like {before}9{behind}{apart}"))
        names, messages = ([row[0] for row in rows], [row[1] for row in rows])
        return self.found(len(rows), column=names, confidence=0.9, message=messages, kind=FORM)

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells of the columns that hold numbers."""
        tallies = [(state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns]
        return sum(kind_of(counts, c).cells for counts, c in tallies if kind_of(counts, c).name == "number")


def _quantities(seen: Distinct) -> Iterable[tuple[int, Quantity]]:
    for at in np.flatnonzero(~np.isfinite(seen.numbers)).tolist():
        quantity = read_quantity(seen.texts[at])
        if quantity:
            yield at, quantity


def _in_one_unit(seen: Distinct, habits: NumberHabits) -> Iterable[ValueVerdict]:
    """Every cell has a unit and all convert: the number alone."""
    unit = habits.unit
    assert unit is not None
    message = f"all {habits.dressed:,} cells have a unit; written in {unit.symbol}"
    for at, quantity in _quantities(seen):
        if quantity.unit and quantity.unit.dimension == unit.dimension:
            same = quantity.unit.factor == unit.factor
            number = quantity.told_in(unit)
            how = message if same else f"{message}, multiplied by {written(quantity.unit.factor / unit.factor)}"
            yield ValueVerdict(at, 0.8 if quantity.remark else 0.97, how, written(number), kind=FORM)


def _as_the_rule(seen: Distinct, habits: NumberHabits, tally: ColumnCounts) -> Iterable[ValueVerdict]:
    """One spelling is the rule: a misspelt unit is written as the rest, a bare number is asked about."""
    before, behind = habits.main
    rule = f"{share(habits.main_cells, habits.kind.cells)} are written like {before}9{behind}"
    for at, quantity in _quantities(seen):
        if (quantity.before, quantity.behind) == habits.main:
            continue
        meant = fitting(seen.texts[at], tally)
        word = behind.strip()
        near = len(word) >= WORD and SequenceMatcher(None, quantity.behind.strip(), word).ratio() >= ALIKE
        if quantity.unit is not None:  # another unit, in its own right
            yield ValueVerdict(at, 0.4, f"another unit; {rule}")
        elif len(meant) == 1 or (near and not before and not meant):
            yield ValueVerdict(at, 0.93, rule, meant[0] if meant else f"{quantity.number}{behind}")
        else:
            yield ValueVerdict(at, 0.6, rule)
    for at in np.flatnonzero(np.isfinite(seen.numbers)).tolist():
        yield ValueVerdict(at, 0.7, f"a bare number; {rule}", f"{before}{seen.texts[at].strip()}{behind}")


def _among_bare(habits: NumberHabits, tally: ColumnCounts) -> Rule:
    """Some numbers are bare: are those with a unit of the same size once converted, or as they stand?"""
    number = np.isfinite(habits.kind.numbers)
    size = np.abs(habits.kind.numbers[number])
    size, cells = size[size > 0], tally.counts[number][size > 0]
    low, high = (float(size.min()) / ROOM, float(size.max()) * ROOM) if len(size) else (0.0, 0.0)
    beside = f"{share(habits.bare, habits.kind.cells)} are bare numbers"
    base = dict(habits.units[0].dimension) if habits.convertible else {}
    defined = base in ({"share": 1}, {"number": 1}) and all(q.unit for q in habits.read.values())
    raw, scaled = (_among(habits, tally, low, high, scale=scale) for scale in (False, True))
    shown = int(cells.sum()) >= ENOUGH

    def ask(seen: Distinct) -> Iterable[ValueVerdict]:
        for at, quantity in _quantities(seen):
            factor = quantity.unit.factor if quantity.unit else Fraction(1)
            converted = written(quantity.value * factor)
            message = f"a unit inside a number; {beside}"
            if defined and scaled >= FITTING > raw:
                yield ValueVerdict(at, 0.95, f"{message}, and as {converted} it lies among them", converted, kind=FORM)
            elif defined and raw >= FITTING > scaled and shown:
                how = f"{message} of the same size: {converted} would lie apart from them"
                yield ValueVerdict(at, 0.95, how, _bare(quantity), kind=FACT)
            elif defined and base == {"number": 1} and raw < FITTING:
                yield ValueVerdict(at, 0.9, f"{message}; {quantity.behind.strip()} multiplies", converted, kind=FORM)
            elif quantity.unit is None and len(quantity.behind.strip()) < WORD:
                yield ValueVerdict(at, 0.4, f"letters stuck to a number; {beside}")  # "7p": a code as likely as a slip
            elif habits.bare > habits.dressed and not quantity.before:
                yield ValueVerdict(at, 0.8 if raw >= FITTING else 0.6, message, _bare(quantity))
            else:
                yield ValueVerdict(at, 0.6, f"{message}, and which unit is meant cannot be determined")

    return ask


def _bare(quantity: Quantity) -> str:
    """The number as it is written, where bare ones can be written so; 0.055999999999999994 is a machine's 0.056."""
    rounded = written(quantity.value)
    plain = NUMBER.fullmatch(quantity.number) and len(quantity.number) - len(rounded) < NOISE
    return quantity.number if plain else rounded


def _among(habits: NumberHabits, tally: ColumnCounts, low: float, high: float, *, scale: bool) -> float:
    """Share of the cells with a unit whose number lies among the bare ones, converted or as it stands."""
    inside = every = 0
    for at, quantity in habits.read.items():
        value = abs(float(quantity.value * (quantity.unit.factor if scale and quantity.unit else 1)))
        every += int(tally.counts[at])
        inside += int(tally.counts[at]) if low <= value <= high or value == 0 else 0
    return inside / max(every, 1)
