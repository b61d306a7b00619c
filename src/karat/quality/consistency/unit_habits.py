"""How a column writes its numbers: bare or with a unit, in one spelling or many, in one unit or several."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from karat.core.counts import ColumnCounts
from karat.core.schema import Column
from karat.quality.column_kind import Kind, kind_of
from karat.quality.consistency.unit_words import UNITS, Measured, factor_between, family, read_measured

WHOLE = 0.9  # share of a column's cells that must be numbers, with or without a unit
MAX_WORDS = 12


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


def habits_of(held: ColumnCounts, column: Column, common: float) -> Habits | None:
    """How a column writes its numbers; None where it holds others or none has a unit.

    Parameters
    ----------
    held : ColumnCounts
    column : Column
    common : float
    Share of cells, in [0, 1], from which a second way of writing is a habit and no slip.
    """
    kind = kind_of(held, column)
    number = np.isfinite(kind.numbers)
    if kind.name != "number" or number.all():
        return None
    forms, medians = _forms(held, kind)
    bare, dressed = int(held.counts[number].sum()), sum(forms.values())
    if not dressed or bare + dressed < WHOLE * kind.cells or not _few_words(forms, bare):
        return None
    if bare > dressed and all(_unknown(behind) for _, behind in forms):
        return None
    main, main_cells = min(forms.items(), key=lambda item: (-item[1], item[0]))
    uniform = bare < common * kind.cells and main_cells >= 0.9 * dressed
    units: Counter[str] = Counter()
    for (before, behind), n in forms.items():
        units[family(Measured(before, behind, 0.0, ""))] += n
    unit = "" if bare > dressed else min(units.items(), key=lambda item: (-item[1], item[0]))[0]
    zeros = any(
        "." in held.values[at] and held.values[at].rstrip()[-1] == "0" for at in np.flatnonzero(number)[:5000].tolist()
    )
    middle = float(np.median(kind.numbers[number])) if bare else np.nan
    scale = {name: _scale(name, unit, float(np.median(v)), middle) for name, v in medians.items()}
    rest = {behind for (_, behind), n in forms.items() if n < common * kind.cells}
    strange = frozenset(behind for behind in rest if _unknown(behind))
    return Habits(kind.cells, bare, main, main_cells, unit, not uniform, zeros, scale, strange)


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
