"""Numbers that stand for "not known": -1, -200, 999, found by how they lie outside the column's distribution."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from karat.core.counts import ColumnCounts, ValueCounts
from karat.core.degrees import REPEATEDLY
from karat.core.finding import SURE
from karat.core.schema import Column
from karat.core.state import derived
from karat.quality.column_kind import kind_of
from karat.quality.null_words import KNOWN_CODES

MIN_CELLS = 20  # flat from 10 to 40 (benchmarks/constants.md): fewer have no distribution
# flat from 0.0005 to 0.002 (benchmarks/constants.md): share of the cells up to which a gap is a slip; higher names
# what is meant
RARE = 0.001
# of questionnaires beside 99, 999, 9999 for "not known": refused, does not apply, not asked (as ANES and NHANES code)
SURVEY_CODES = frozenset(10.0**digits - off for digits in (2, 3, 4) for off in (2, 3, 4))
STRAY = 0.002  # of the cells may be codes or other strange numbers at each end; unproven: more hides a second code


@dataclass(frozen=True)
class Code:
    """A number that stands for a gap.

    Parameters
    ----------
    cells : int
        How often it occurs.
    confidence : float
        That it means missing.
    reason : str
        How it differs from the other numbers.
    """

    value: float
    cells: int
    confidence: float
    reason: str


def codes_of(counts: ColumnCounts, column: Column) -> list[Code]:
    """A number column's codes for missing; kept with its counts."""

    def make() -> list[Code]:
        kind = kind_of(counts, column)
        number = np.isfinite(kind.numbers)
        if kind.name != "number":
            return []
        values, at = np.unique(kind.numbers[number], return_inverse=True)
        return number_codes(values, np.bincount(at, counts.counts[number]).astype(np.int64))

    return derived(counts, f"codes {column.key}", make)


def texts_of(counts: ColumnCounts, column: Column, codes: list[float]) -> dict[str, int]:
    """How codes are written in a column, and how often each text stands there."""
    at = np.flatnonzero(np.isin(kind_of(counts, column).numbers, codes)).tolist() if codes else []
    return {counts.values[i]: int(counts.counts[i]) for i in at}


def company(counts: ValueCounts, columns: Iterable[Column]) -> Counter[float]:
    """In how many columns each code stands."""
    known = (codes_of(counts.columns[column.name], column) for column in columns if column.name in counts.columns)
    return Counter(code.value for codes in known for code in codes if code.confidence >= SURE)


def number_codes(values: np.ndarray, counts: np.ndarray) -> list[Code]:
    """Codes among a column's numbers, at either end of the distribution.

    Parameters
    ----------
    values : ndarray of float64, shape (k,)
        Distinct numbers.
    counts : ndarray of int64, shape (k,)
        Occurrences.
    """
    order = np.argsort(values, kind="stable")
    values, counts = values[order], counts[order]
    out = _strays(values, counts)
    stray = np.isin(values, [code.value for code in out])
    values, counts = values[~stray], counts[~stray]
    for _ in range(4):  # a column seldom has more codes than "refused", "unknown", "not asked"
        if counts.sum() < MIN_CELLS or len(values) < 3:
            break
        low, high = _low(values, counts), _high(values, counts)
        if low:
            out.append(low)
            values, counts = values[1:], counts[1:]
        elif high:
            out.append(high)
            values, counts = values[:-1], counts[:-1]
        else:
            break
    return out


def _strays(values: np.ndarray, counts: np.ndarray) -> list[Code]:
    """Rare known codes outside the middle of the column, whatever other strange numbers lie further out."""
    cells = int(counts.sum())
    few = max(1.0, STRAY * cells)
    if cells < 2 * MIN_CELLS or len(values) < 3:
        return []
    heap = np.cumsum(counts)
    low, high = float(values[np.searchsorted(heap, few, "right")]), float(values[np.searchsorted(heap, cells - few)])
    span, out = high - low, []
    for at in np.flatnonzero(np.isin(values, sorted(KNOWN_CODES)) & (counts <= few)).tolist():
        value = float(values[at])
        where = f"all but a few cells lie from {low:g} to {high:g}"
        if value < 0 <= low and (value == -1 or low - value > 10 or value < -2 * span):
            out.append(Code(value, int(counts[at]), 0.93, f"hardly any other number is negative; {where}"))
        elif span > 0 and (value > high + 2 * span or value < low - 2 * span) and abs(value) >= 99:
            out.append(Code(value, int(counts[at]), 0.93, f"far outside; {where}"))
    return out


def _span(values: np.ndarray, counts: np.ndarray) -> float:
    """Width of the middle 98 % of the cells."""
    heap = np.cumsum(counts)
    ends = np.searchsorted(heap, [0.01 * heap[-1], 0.99 * heap[-1]])
    return float(values[ends[1]] - values[ends[0]])


def _round(value: float) -> bool:
    """Is it a number people choose: -200, -999, -1000?"""
    digits = str(abs(int(value))) if value == int(value) else ""
    return len(digits) >= 2 and (set(digits[1:]) == {"0"} or len(set(digits)) == 1)


def _low(values: np.ndarray, counts: np.ndarray) -> Code | None:
    value, rest = float(values[0]), values[1:]
    gap, span, cells = float(rest[0]) - value, _span(rest, counts[1:]), int(counts[0])
    spacing = float(np.median(np.diff(rest))) if len(rest) > 1 else span
    crossed = value < 0 <= rest[0]
    known, repeated = value in KNOWN_CODES, cells >= REPEATEDLY and cells > 3 * np.median(counts[1:])
    lone = crossed or float(np.count_nonzero(rest < 0)) * gap < 0.1 * span * len(rest) or gap > span
    where = f"the next number is {rest[0]:g} and the middle 98 % span {span:g}"
    if known and crossed and (value == -1 or gap > 10 * spacing):
        sure = 0.9 if gap > 1 or len(rest) > 5 else 0.7
        return Code(value, cells, sure, f"the only negative number, other codes aside; {where}")
    if known and gap > span > 0:
        return Code(value, cells, 0.9, f"far below all others; {where}")
    if _round(value) and repeated and lone and gap > 20 * spacing and (gap > span or _stands_out(gap, rest)):
        return Code(value, cells, 0.9, f"far below all others and {cells:,} times the same; {where}")
    if value == 0 and repeated and gap > 0.3 * span > 0 and gap > 10 * spacing:
        return Code(value, cells, 0.35, f"zero lies apart and is repeated {cells:,} times; {where}")
    return None


def _stands_out(gap: float, rest: np.ndarray) -> bool:
    """Is the gap many times wider than any step among the lower numbers?"""
    steps = np.diff(rest[: max(5, len(rest) // 4)])
    return bool(len(steps)) and gap > 4 * float(steps.max())


def _high(values: np.ndarray, counts: np.ndarray) -> Code | None:
    value, cells = float(values[-1]), int(counts[-1])
    asked = value in SURVEY_CODES and cells >= REPEATEDLY
    if not (value in KNOWN_CODES and value >= 99) and not asked:
        return None
    plain = ~np.isin(values, sorted(SURVEY_CODES | KNOWN_CODES))  # codes stand side by side: refused, unknown
    plain[-1] = False
    if plain.sum() < 2:
        return None
    rest, times = values[plain], counts[plain]
    gap, span = value - float(rest[-1]), _span(rest, times)
    where = f"the next number is {rest[-1]:g} and the middle 98 % span {span:g}"
    if gap > 2 * span > 0:
        return Code(value, cells, 0.9, f"far above all others; {where}")
    if gap > span > 0 and value > 3 * rest[-1] and not asked:
        return Code(value, cells, 0.75, f"above all others; {where}")
    return None
