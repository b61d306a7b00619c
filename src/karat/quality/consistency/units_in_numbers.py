"""Numbers written with a unit, a currency or a percent sign."""

from collections import Counter
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
from karat.quality.column_kind import Kind, kind_of
from karat.quality.consistency.unit_words import UNITS, Measured, family, factor_between, read_measured, tidy

WHOLE = 0.9  # share of a column's cells that must be numbers, with or without a unit
COMMON = 0.05
MAX_WORDS = 12
ALIKE = 0.6  # of the letters of a misspelt unit


@dataclass(frozen=True)
class Habits:
    """How a column writes its numbers.

    Parameters
    ----------
    cells, bare : int
        Cells that hold a number, and those without a unit.
    main : tuple of str
        The commonest text before and behind the number.
    main_cells : int
        How often it stands there.
    unit : str
        The column's unit: the family of the commonest one.
    strip : bool
        The number alone is wanted; else everything is written as ``main``.
    zeros : bool
        Bare numbers keep zeros behind the point ("12.0").
    scale : dict of str to float
        What a number in a unit must be multiplied by to be in the column's own.
    strange : frozenset of str
        Letters stuck to a number now and then that are no unit anybody knows.
    """

    cells: int
    bare: int
    main: tuple[str, str]
    main_cells: int
    unit: str
    strip: bool
    zeros: bool
    scale: dict[str, float]
    strange: frozenset[str]


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
        habits = self.habits(counts.columns[column.name], column)
        if habits is None:
            return None

        def ask(seen: Distinct) -> Iterable[Verdict]:
            for at in np.flatnonzero(~np.isfinite(seen.numbers)).tolist():
                read = read_measured(seen.texts[at])
                if read and (verdict := self._judged(at, seen.texts[at], read, habits)):
                    yield verdict
            if not habits.strip:
                for at in np.flatnonzero(np.isfinite(seen.numbers)).tolist():
                    yield self._lacking(at, seen.texts[at], habits)

        return ask

    def habits(self, held: ColumnCounts, column: Column) -> Habits | None:
        """How the column writes its numbers; None where it holds others or none has a unit."""
        return derived(held, f"{self!r} {column!r}", lambda: self._habits(held, column))

    def _habits(self, held: ColumnCounts, column: Column) -> Habits | None:
        kind = kind_of(held, column)
        number = np.isfinite(kind.numbers)
        if kind.name == "time" or number.all():
            return None
        forms, medians = _forms(held, kind)
        bare, dressed = int(held.counts[number].sum()), sum(forms.values())
        if not dressed or bare + dressed < WHOLE * kind.cells or not _few_words(forms, bare):
            return None
        if bare > dressed and all(_unknown(behind) for _, behind in forms):
            return None
        main, main_cells = min(forms.items(), key=lambda item: (-item[1], item[0]))
        uniform = bare < self.common * kind.cells and main_cells >= 0.9 * dressed
        units: Counter[str] = Counter()
        for (before, behind), n in forms.items():
            units[family(Measured(before, behind, 0.0, ""))] += n
        unit = "" if bare > dressed else min(units.items(), key=lambda item: (-item[1], item[0]))[0]
        zeros = any("." in held.values[at] and held.values[at].rstrip()[-1] == "0" for at in np.flatnonzero(number)[:5000].tolist())
        middle = float(np.median(kind.numbers[number])) if bare else np.nan
        scale = {name: _scale(name, unit, float(np.median(v)), middle) for name, v in medians.items()}
        rest = {behind for (_, behind), n in forms.items() if n < self.common * kind.cells}
        strange = frozenset(behind for behind in rest if _unknown(behind))
        return Habits(kind.cells, bare, main, main_cells, unit, not uniform, zeros, scale, strange)

    def _judged(self, at: int, text: str, read: Measured, habits: Habits) -> Verdict | None:
        main = "".join((habits.main[0], "9", habits.main[1]))
        if not habits.strip:
            if (read.before, read.behind) == habits.main:
                return Verdict(at, 0.3, f"a number with a unit, as in {share(habits.main_cells, habits.cells)}", tidy(read, 1.0, zeros=False))
            wanted = f"{habits.main[0]}{read.number}{habits.main[1]}"
            told = f"{share(habits.main_cells, habits.cells)} are written like {main!r}"
            near = SequenceMatcher(None, read.behind, habits.main[1]).ratio() >= ALIKE and not habits.main[0]
            return Verdict(at, 0.85, told, wanted if near else None) if wanted != text else None
        if read.behind in habits.strange:  # a slip of the finger or a code, left to others
            return None
        factor = habits.scale.get(family(read), 1.0)
        beside = f"{share(habits.bare, habits.cells)} are bare numbers" if habits.bare else "no two spellings of the unit agree"
        told = f"a unit inside a number; {beside}, the commonest spelling is {main!r}"
        if factor != 1.0:
            told += f"; multiplied by {factor:g} to be in the column's unit"
        return Verdict(at, 0.95 if factor == 1.0 else 0.75, told, tidy(read, factor, zeros=habits.zeros))

    def _lacking(self, at: int, text: str, habits: Habits) -> Verdict:
        told = f"a bare number; {share(habits.main_cells, habits.cells)} are written like {habits.main[0]}9{habits.main[1]}"
        return Verdict(at, 0.7, told, f"{habits.main[0]}{text.strip()}{habits.main[1]}")

    def conclude(self, state: ValueCounts, schema: Schema) -> pa.Table:
        """One finding for each number column with units inside."""
        rows = []
        for column in judged_columns(schema):
            habits = self.habits(state.columns[column.name], column) if column.name in state.columns else None
            if habits:
                before, behind = habits.main
                told = f"{share(habits.cells - habits.bare, habits.cells)} hold a number with a unit, most often like {before}9{behind}"
                rows.append((column.name, told))
        names, messages = ([row[0] for row in rows], [row[1] for row in rows])
        return self.found(len(rows), column=names, confidence=0.9, message=messages)

    def total(self, state: ValueCounts, schema: Schema) -> int:
        """Cells of the columns that hold numbers."""
        held = [(state.columns[c.name], c) for c in judged_columns(schema) if c.name in state.columns]
        return sum(kind_of(counts, c).cells for counts, c in held if kind_of(counts, c).name == "number")


def _unknown(behind: str) -> bool:
    """Is it stuck to the number and no unit anybody knows?"""
    return bool(behind[:1].strip()) and family(Measured("", behind, 0.0, "")) not in UNITS


def _forms(held: ColumnCounts, kind: Kind) -> tuple[Counter[tuple[str, str]], dict[str, list[float]]]:
    """How often each text stands around a number, and the numbers by family of unit."""
    forms: Counter[tuple[str, str]] = Counter()
    numbers: dict[str, list[float]] = {}
    for at in np.flatnonzero(~np.isfinite(kind.numbers)).tolist():
        read = read_measured(held.values[at]) if held.values[at] not in kind.gap_words else None
        if read:
            forms[read.before, read.behind] += int(held.counts[at])
            numbers.setdefault(family(read), []).append(read.value)
    return forms, numbers


def _few_words(forms: Counter[tuple[str, str]], bare: int) -> bool:
    """Are these units, and not house numbers before street names?"""
    words: Counter[str] = Counter()
    for (before, behind), n in forms.items():
        words[family(Measured(before, behind, 0.0, ""))] += n
    dressed = sum(words.values())
    return bare > dressed or sum(n for _, n in words.most_common(MAX_WORDS)) >= 0.9 * dressed


def _scale(name: str, unit: str, middle: float, bare: float) -> float:
    """The factor to the column's unit, from what is known of the units, else from where the numbers lie."""
    if name == unit:
        return 1.0
    known = factor_between(name, unit)
    if known is not None:
        return known
    if name == "%" and not unit and np.isfinite(bare) and bare and middle / bare > 10:
        return 0.01
    return 1.0
