"""Numbers written with a unit, a currency or a percent sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.finding import Dimension
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.quality.by_value import ByValue, Distinct, Rule, Verdict, judged_columns, share
from karat.quality.column_kind import kind_of
from karat.quality.consistency._replaced import fitting
from karat.quality.consistency.unit_habits import Habits, habits_of
from karat.quality.consistency.unit_words import Measured, family, read_measured, tidy

WHOLE = 0.9  # share of a column's cells that must be numbers, with or without a unit
COMMON = 0.05
MAX_WORDS = 12
ALIKE = 0.6  # of the letters of a misspelt unit


@dataclass(frozen=True)
class UnitsInNumbers(ByValue):
    """Numbers with a unit, currency or percent sign, written in several ways or beside bare numbers.

    Every spelling becomes a category of its own and the number behind it is lost to a model. Where a column mixes
    spellings, the number alone, in the column's commonest unit, is suggested; where one spelling is the rule and a few
    cells differ, that spelling is. A column that writes all its numbers alike is only pointed out.

    Parameters
    ----------
    common : float
        Share of cells, in [0, 1], from which a second way of writing is a habit and no slip.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data format consistency"

    common: float = COMMON

    def rule(self, counts: ValueCounts, column: Column, schema: Schema) -> Rule | None:
        """Ask only columns of numbers in which units occur."""
        held = counts.columns[column.name]
        habits = self.habits(held, column)
        if habits is None:
            return None

        def ask(seen: Distinct) -> Iterable[Verdict]:
            for at in np.flatnonzero(~np.isfinite(seen.numbers)).tolist():
                read = read_measured(seen.texts[at])
                if read and (verdict := self._judged(at, seen.texts[at], read, habits, held)):
                    yield verdict
            if not habits.strip:
                for at in np.flatnonzero(np.isfinite(seen.numbers)).tolist():
                    yield self._lacking(at, seen.texts[at], habits)

        return ask

    def habits(self, held: ColumnCounts, column: Column) -> Habits | None:
        """How the column writes its numbers; kept with its counts."""
        return derived(held, f"{self!r} {column!r}", lambda: habits_of(held, column, self.common))

    def _judged(self, at: int, text: str, read: Measured, habits: Habits, held: ColumnCounts) -> Verdict | None:
        main = "".join((habits.main[0], "9", habits.main[1]))
        if not habits.strip:
            if (read.before, read.behind) == habits.main:
                return Verdict(
                    at,
                    0.3,
                    f"a number with a unit, as in {share(habits.main_cells, habits.cells)}",
                    tidy(read, 1.0, zeros=False),
                )
            wanted = f"{habits.main[0]}{read.number}{habits.main[1]}"
            told = f"{share(habits.main_cells, habits.cells)} are written like {main!r}"
            near = SequenceMatcher(None, read.behind, habits.main[1]).ratio() >= ALIKE and not habits.main[0]
            meant = fitting(text, held) or ([wanted] if near else [])
            return Verdict(at, 0.93, told, meant[0] if len(meant) == 1 else None) if wanted != text else None
        if read.behind in habits.strange:  # a slip of the finger or a code, left to others
            return None
        factor = habits.scale.get(family(read), 1.0)
        beside = (
            f"{share(habits.bare, habits.cells)} are bare numbers"
            if habits.bare
            else "no two spellings of the unit agree"
        )
        told = f"a unit inside a number; {beside}, the commonest spelling is {main!r}"
        if factor != 1.0:
            told += f"; multiplied by {factor:g} to be in the column's unit"
        return Verdict(at, 0.97 if factor == 1.0 else 0.85, told, tidy(read, factor, zeros=habits.zeros))

    def _lacking(self, at: int, text: str, habits: Habits) -> Verdict:
        before, behind = habits.main
        told = f"a bare number; {share(habits.main_cells, habits.cells)} are written like {before}9{behind}"
        return Verdict(at, 0.7, told, f"{before}{text.strip()}{behind}")

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each number column with units inside."""
        rows = []
        for column in judged_columns(schema):
            habits = self.habits(state.columns[column.name], column) if column.name in state.columns else None
            if habits:
                before, behind = habits.main
                told = f"{share(habits.cells - habits.bare, habits.cells)} hold a number with a unit"
                rows.append((column.name, f"{told}, most often like {before}9{behind}"))
        names, messages = ([row[0] for row in rows], [row[1] for row in rows])
        return self.found(len(rows), column=names, confidence=0.9, message=messages)

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells of the columns that hold numbers."""
        held = [(state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns]
        return sum(kind_of(counts, c).cells for counts, c in held if kind_of(counts, c).name == "number")
