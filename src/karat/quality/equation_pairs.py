"""Equations between two columns: copies, rescaled and rounded ones, parts of dates, times between dates."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from karat.core.degrees import SAMPLE
from karat.quality.equation_columns import Columns, plain
from karat.quality.equation_proof import LEAST, NEEDED, EquationEvidence, proven
from karat.quality.equations import EXACT, Equation, calendar

# flat from 0.176 to 0.462 (benchmarks/constants.md): rank correlation: copies of which a third is dirt have .4
TOGETHER = 0.3
SLOPES = 160  # cost: pairs of records; fewer scatter more, more take longer
# SAME_SLOPE flat from 0.0256 to 0.0952; AGREE flat from 0.143 to 0.4 (benchmarks/constants.md): a quarter of the
# slopes within 5 %: those of mere correlation scatter
SAME_SLOPE, AGREE = 0.05, 0.25
UNITS = (1.0, 24.0, 1440.0, 86_400.0, 86_400e3, 1 / 7, 1 / 30.4375, 1 / 365.25)  # definition: hours … years to a day


def pairs(columns: Columns) -> list[Equation]:
    """Columns that are another's copy, rescaled, shifted or rounded."""
    terms, values, steps = columns.terms, columns.values, columns.steps
    n, p = values.shape[1], len(terms)
    chance = np.random.default_rng(0)
    left, right = chance.integers(n, size=SLOPES), chance.integers(n, size=SLOPES)
    moves = values[:, left] - values[:, right]
    moves[moves == 0] = np.nan
    close = _together(columns.screen)
    out, copies = [], set()
    for x, y in np.argwhere(np.triu(close, 1)).tolist():
        if x in copies or y in copies:
            continue
        source, copy = (y, x) if steps[x] > steps[y] > 0 or steps[y] == 0 < steps[x] else (x, y)
        with np.errstate(divide="ignore", invalid="ignore"):
            slopes = np.sort((moves[copy] / moves[source])[np.isfinite(moves[copy] / moves[source])])
        if len(slopes) < SLOPES / 8:
            continue
        slope = float(slopes[len(slopes) // 2])
        if slope == 0 or np.mean(np.abs(slopes - slope) <= SAME_SLOPE * abs(slope)) < AGREE:
            continue
        equation = _line(columns, source, copy, slope, p * (p - 1) // 2)
        if equation is not None:
            out.append(equation)
            copies.add(copy)
    return out


def _together(screen: np.ndarray) -> np.ndarray:
    """Which pairs of columns (p, p) rise or fall together at all, by the correlation of ranks."""
    ranks = np.argsort(np.argsort(screen, axis=1), axis=1).astype(np.float64)
    known = np.isfinite(screen)
    ranks = np.where(known, ranks - (known.sum(axis=1, keepdims=True) - 1) / 2, 0.0)
    size = np.sqrt((ranks**2).sum(axis=1))
    together: np.ndarray = np.abs(ranks @ ranks.T) >= TOGETHER * np.outer(size, size)
    return together


def _line(columns: Columns, source: int, copy: int, slope: float, tried: int) -> Equation | None:
    """``copy = slope * source + constant``, the slope made exact on the records that keep it."""
    x, y = columns.values[source], columns.values[copy]
    both = np.isfinite(x) & np.isfinite(y)
    x, y = x[both], y[both]
    room = (columns.steps[copy] + abs(slope) * columns.steps[source]) or 1e-4 * float(np.ptp(y))
    for _ in range(4):
        off = y - slope * x
        constant = float(np.median(off))
        near = np.abs(off - constant) <= 2 * room
        if near.sum() < 10 or np.ptp(x[near]) == 0:
            return None
        slope = float(np.polyfit(x[near] - x[near].mean(), y[near], 1)[0])
    slope = plain(slope, room / max(float(np.ptp(x[near])), 1e-300))
    constant = float(np.median((y - slope * x)[near]))
    constant = plain(constant, 0.6 * room)
    kind = "copy" if slope == 1 and constant == 0 else "scale"
    term = replace(columns.terms[source], factor=slope)
    candidate = Equation(columns.terms[copy], (term,), constant, kind, rounded=False)
    return proven(candidate, columns.evidence(copy, (source,)), tried)


def parts_of_dates(columns: Columns) -> list[Equation]:
    """Columns that hold the year, month or day of a column of dates."""
    out: list[Equation] = []
    for place, time in enumerate(columns.terms):
        for part, values in _calendar(columns.values[place]).items() if time.part else ():
            for at, term in enumerate(columns.terms):
                if not term.part:
                    source = replace(time, part=part, step=1.0)
                    candidate = Equation(term, (source,), 0.0, "copy", rounded=False)
                    out += _filled(
                        proven(candidate, EquationEvidence(columns.values[at], [values]), 3 * len(columns.terms))
                    )
    return out


def _calendar(days: np.ndarray) -> dict[str, np.ndarray]:
    known = np.isfinite(days)
    dates = np.where(known, np.floor(days), 0).astype(np.int64).astype("datetime64[D]")
    return {part: np.where(known, values, np.nan) for part, values in calendar(dates).items()}


def intervals(columns: Columns) -> list[Equation]:
    """Columns that hold the time between two columns of dates, in any unit."""
    times = [at for at, term in enumerate(columns.terms) if term.part == "days"]
    numbers = np.array([at for at, term in enumerate(columns.terms) if not term.part], np.int64)
    out: list[Equation] = []
    for pair in combinations(times, 2):
        start, end = sorted(pair, key=lambda at: float(np.nanmedian(columns.values[at])))
        between = columns.values[end] - columns.values[start]
        for at in _may_be_between(columns, numbers, start, end):
            term, rate = columns.terms[at], _rate(between, columns.values[at])
            if rate:
                terms = (replace(columns.terms[end], factor=rate), replace(columns.terms[start], factor=-rate))
                off = columns.values[at] - rate * between
                middle = plain(float(np.nanmedian(off)), 0.25 * term.step)
                candidate = Equation(term, terms, middle, "sum", rounded=False)
                out += _filled(proven(candidate, columns.evidence(at, (end, start)), len(columns.terms) ** 2))
    return out


def _may_be_between(columns: Columns, numbers: np.ndarray, start: int, end: int) -> list[int]:
    """Of some columns of numbers those that enough records let be the time between two dates, in the likeliest unit.

    All are looked at together, more kindly than they are proven: so most of them need no proof.
    """
    if not len(numbers):
        return []
    values, first, last = columns.values[numbers], columns.values[start], columns.values[end]
    between = last - first
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rates = values / between
        sizes = np.isfinite(rates).sum(axis=1)
        middle = np.abs(_middles(rates, sizes))
        ways = np.abs(np.log(np.maximum(middle, 1e-12)[:, None] / np.array(UNITS)))
        rate = np.array(UNITS)[np.argmin(ways, axis=1)][:, None]
        off = values - rate * between
        known = np.isfinite(off)
        usual = _middles(np.where(known, off, np.nan), known.sum(axis=1))[:, None]
        step = columns.steps[numbers][:, None]
        inexact = 4 * EXACT * (rate * (np.abs(first) + np.abs(last)) + np.abs(usual) + np.abs(values) + step)
        rounded = rate * (columns.steps[start] + columns.steps[end]) + 2 * step
        near = np.abs(off - usual) <= inexact + rounded
    active = known & (values != 0) & (first != 0) & (last != 0)
    enough = (near & active).sum(axis=1) >= np.maximum(LEAST, NEEDED[-1][1] * active.sum(axis=1) - 1e-9)
    return [int(at) for at in numbers[enough & (sizes >= SAMPLE)]]


def _middles(numbers: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """The medians of the ``sizes`` finite numbers in each row of (k, n); of none, whatever stands first."""
    ranked = np.sort(np.where(np.isfinite(numbers), numbers, np.inf), axis=1)
    rows = np.arange(len(ranked))
    middles: np.ndarray = (
        ranked[rows, np.maximum(sizes - 1, 0) // 2] + ranked[rows, np.minimum(sizes // 2, ranked.shape[1] - 1)]
    ) / 2
    return middles


def _rate(between: np.ndarray, values: np.ndarray) -> float:
    """Days to the unit of an interval, 0 where the two do not go together."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rates = values / between
    rates = rates[np.isfinite(rates)]
    if len(rates) < SAMPLE:
        return 0.0
    return min((rate for rate in UNITS), key=lambda rate: abs(np.log(max(abs(np.median(rates)), 1e-12) / rate)))


def _filled(equation: Equation | None) -> list[Equation]:
    return [] if equation is None else [equation]
