"""Equations between three columns and more: sums and differences, runs, products and ratios."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from karat.quality.equation_columns import Columns, different, plain
from karat.quality.equation_proof import proven
from karat.quality.equations import EXACT, Equation

MOST_COLUMNS = 60  # cost: in triples: 34,220 of them; beyond, see ``NEIGHBOURS``
MOST_SQUARED = 24  # cost: columns among which a squared term is looked for
NEIGHBOURS = 8  # cost: beyond ``MOST_COLUMNS``, columns to either side
SIGNS = ((1, 1), (1, -1), (-1, 1), (-1, -1))  # definition: of the second and the third column of a triple
RUNS_AT_ONCE = 4_096  # cost: rows of the screen that are looked at together
MOST_IN_SUM = 40  # cost: columns beyond which no sum of many is looked for
# flat from 2 to 10 (benchmarks/constants.md): different numbers above zero: between fewer, products agree by accident
LEVELS = 5
SCREEN = 0.35  # flat from 0.212 to 0.519 (benchmarks/constants.md): of the screened records that a constant must fit
BESIDE = 0.34  # unproven: as many may lie up to thrice as far: noise as wide as the rounding leaves half as many there
FULL, FITTED = 0.9, 12  # unproven: columns filled in that share; records a column; steps of the fit
ROUNDS = 20  # flat from 10 to 40 (benchmarks/constants.md): see FULL
MOST_TERMS = 12  # unproven: columns in a sum; longer ones fit by accident


def triples(columns: Columns) -> list[Equation]:
    """Columns that are the sum or the difference of two others, and a constant."""
    columns = columns.only([at for at, numbers in enumerate(columns.screen) if different(numbers) > 2])
    terms, steps = columns.terms, columns.steps
    values = np.where(columns.screen == 0, np.nan, columns.screen)  # where a term is zero, a shorter equation holds
    candidates = []
    tried = 4 * len(terms) * (len(terms) - 1) * (len(terms) - 2) // 6
    for at, second, third in _screened(len(terms)):
        slack = (steps[at] + steps[second] + steps[third]) / 2
        exact = EXACT * (np.abs(values[at]) + np.abs(values[second]) + np.abs(values[third]))
        rest = np.concatenate([values[at] + a * values[second] + b * values[third] for a, b in SIGNS])
        room, exact = (np.tile(bound, (len(SIGNS), 1)) for bound in (slack[:, None] + exact, exact))
        for row, constant in _agreeing(rest, room, exact):
            (sign, other_sign), place = SIGNS[row // len(second)], row % len(second)
            trio = ((at, 1.0), (int(second[place]), float(sign)), (int(third[place]), float(other_sign)))
            candidates.append((trio, constant))
    out = []
    for trio, constant in candidates:
        equation = _linear(columns, trio, constant, tried)
        if equation is not None:
            out.append(equation)
    return out


def _screened(p: int) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Every triple of columns, those with one first column together."""
    for at in range(p - 2):
        last = p if p <= MOST_COLUMNS else min(p, at + 1 + NEIGHBOURS)
        second, third = np.triu_indices(last - at - 1, 1)
        if len(second):
            yield at, second + at + 1, third + at + 1


def _agreeing(rest: np.ndarray, slack: np.ndarray, exact: np.ndarray) -> list[tuple[int, float]]:
    """Rows of (k, m) numbers of which many agree on one constant, with that constant; zero where it does as well."""
    known = np.isfinite(rest)
    number = known.sum(axis=1)
    enough = np.maximum(8, SCREEN * number)
    filled = np.sort(np.where(known, rest, np.inf), axis=1)
    middle = filled[np.arange(len(rest)), np.maximum((number - 1) // 2, 0)]
    away = np.abs(rest - np.where(np.isfinite(middle), middle, 0)[:, None])
    with np.errstate(invalid="ignore"):
        zero, centred = _peak(np.abs(rest), slack), _peak(away, slack)
        exactly, centrally = (np.abs(rest) <= exact).sum(axis=1), (away <= exact).sum(axis=1)
    at_zero = (zero >= enough) & (exactly >= centrally)
    hits = np.flatnonzero(at_zero | (centred >= enough)).tolist()
    return [(place, 0.0 if at_zero[place] else float(middle[place])) for place in hits]


def _peak(away: np.ndarray, slack: np.ndarray) -> np.ndarray:
    """How many of each row lie within the slack; none where many lie just outside, as they do by accident."""
    inside = (away <= slack).sum(axis=1)
    beside = (away <= 3 * slack).sum(axis=1) - inside
    return np.where(beside <= BESIDE * inside, inside, 0)


def _linear(columns: Columns, parts: tuple[tuple[int, float], ...], constant: float, tried: int) -> Equation | None:
    """The equation ``sum(sign * column) = constant``, solved for the column that is the sum of the others."""
    signs = [sign for _, sign in parts]
    lone = [at for at, sign in parts if signs.count(sign) == 1] if abs(sum(signs)) < len(signs) else []
    places = [at for at, _ in parts]
    target = next((at for at in (max(places), min(places)) if at in lone), lone[0] if len(lone) == 1 else max(places))
    sign = dict(parts)[target]
    terms = tuple(
        replace(columns.terms[at], factor=_clean(-weight / sign)) for at, weight in sorted(parts) if at != target
    )
    chosen = tuple(at for at, _ in sorted(parts) if at != target)
    evidence = columns.evidence(target, chosen)
    size = float(columns.sizes[places].sum())
    rest = np.sum([weight * columns.values[at] for at, weight in parts], axis=0)
    near = rest[np.abs(rest - constant) <= 1e-3 * size]
    constant = plain(float(np.median(near)) if len(near) else constant, EXACT * size) / sign
    candidate = Equation(columns.terms[target], terms, _clean(constant), "sum", rounded=False)
    return proven(candidate, evidence, tried)


def _clean(value: float) -> float:
    return value + 0.0  # no negative zero


def products(columns: Columns) -> list[Equation]:
    """Columns that are the product or the ratio of two others, times a constant."""
    positive = [
        at
        for at, values in enumerate(columns.screen)
        if not columns.terms[at].part and different(values[values > 0]) >= LEVELS
    ]
    columns = columns.only(positive)
    p = len(columns.terms)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(columns.screen > 0, np.log(columns.screen), np.nan)
        fuzz = np.minimum(columns.steps[:, None] / 2 / np.abs(columns.screen), 1.0)
    patterns = [(1, 1, -1), (1, -1, 1), (1, -1, -1)]
    if p <= MOST_SQUARED:
        patterns += [(1, -1, 2), (1, 2, -1), (1, -1, -2), (1, -2, -1), (2, 1, -1), (2, -1, 1)]
    tried = len(patterns) * p * (p - 1) * (p - 2) // 6
    out = []
    for at, second, third in _screened(p):
        rest = np.concatenate([a * logs[at] + b * logs[second] + c * logs[third] for a, b, c in patterns])
        fuzzy = [abs(a) * fuzz[at] + abs(b) * fuzz[second] + abs(c) * fuzz[third] + EXACT for a, b, c in patterns]
        slack = np.concatenate(fuzzy)
        rest = np.where(slack < 0.1, rest, np.nan)  # too roughly rounded to say anything
        for row, constant in _agreeing(rest, slack, np.full_like(slack, EXACT)):
            (a, b, c), place = patterns[row // len(second)], row % len(second)
            trio = ((at, float(a)), (int(second[place]), float(b)), (int(third[place]), float(c)))
            equation = _power(columns, trio, constant, tried)
            if equation is not None:
                out.append(equation)
    return out


def _power(columns: Columns, parts: tuple[tuple[int, float], ...], constant: float, tried: int) -> Equation | None:
    """``product(column ** exponent) = exp(constant)`` solved for the column of exponent 1 or -1 that it gives best."""
    signs = [exponent > 0 for _, exponent in parts]
    single = [at for at, exponent in parts if abs(exponent) == 1]
    product = [at for at, exponent in parts if at in single and signs.count(exponent > 0) == 1]  # of the two others
    finest = sorted(single, key=lambda at: (columns.steps[at], at not in product))  # what is computed has most digits
    solved = [_solved(columns, parts, target, constant, tried) for target in finest]
    proofs = [equation for equation in solved if equation is not None]
    return min(proofs, key=lambda equation: (equation.rounded, -round(equation.share, 2)), default=None)


def _solved(
    columns: Columns, parts: tuple[tuple[int, float], ...], target: int, constant: float, tried: int
) -> Equation | None:
    """The same solved for one of its columns."""
    own = dict(parts)[target]
    rest = sorted((part for part in parts if part[0] != target), key=lambda part: (part[1] * own > 0, part[0]))
    terms = tuple(replace(columns.terms[at], factor=_clean(-exponent / own)) for at, exponent in rest)
    scale = float(np.exp(constant / own))
    evidence = columns.evidence(target, tuple(at for at, _ in rest))
    for size in (plain(scale, 2e-3 * scale), plain(scale, 1e-5 * scale)):
        candidate = Equation(columns.terms[target], terms, size, "product", rounded=False)
        equation = proven(candidate, evidence, tried)
        if equation is not None:
            return equation
    return None


def runs(columns: Columns) -> list[Equation]:
    """Columns that are the sum of a run of three or more neighbouring columns, and runs that add up to one number."""
    columns = columns.only([at for at, numbers in enumerate(columns.screen) if different(numbers) > 2])
    screen = columns.screen
    p, m = screen.shape
    blank = np.concatenate([np.zeros((1, m)), np.cumsum(~np.isfinite(screen), axis=0)])
    heap = np.concatenate([np.zeros((1, m)), np.cumsum(np.nan_to_num(screen), axis=0)])
    sizes = np.concatenate([np.zeros((1, m)), np.cumsum(np.abs(np.nan_to_num(screen)), axis=0)])
    halves = np.concatenate([[0.0], np.cumsum(columns.steps)]) / 2
    longest = p if p <= MOST_COLUMNS else NEIGHBOURS
    out: list[Equation] = []
    tried = p * p * min(p, longest)
    steps = columns.steps
    asked: list[_Run] = []
    for first in range(p - 2):
        for end in range(first + 3, min(p, first + longest) + 1):
            total = np.where(blank[end] > blank[first], np.nan, heap[end] - heap[first])
            exact = EXACT * (sizes[end] - sizes[first])
            slack = halves[end] - halves[first] + exact
            reach = range(p) if p <= MOST_COLUMNS else range(max(0, first - 3), min(p, end + 3))
            targets = [at for at in reach if not first <= at < end]
            rest = np.concatenate([total[None], total - screen[targets]])
            room = slack + np.concatenate([[[0.0]], steps[targets][:, None] / 2])
            asked.append(_Run(first, end, targets, rest, room, np.broadcast_to(exact, room.shape)))
        if sum(len(run.rest) for run in asked) >= RUNS_AT_ONCE or first == p - 3:
            for parts, constant in _agreed(asked):
                out += _filled(_linear(columns, parts, constant, tried))
            asked = []
    return out


class _Run(NamedTuple):
    """A run of columns, what may be its sum, and what is then left, with its bounds; one row a target, none first."""

    first: int
    end: int
    targets: list[int]
    rest: np.ndarray
    room: np.ndarray
    exact: np.ndarray


def _agreed(runs: list[_Run]) -> Iterator[tuple[tuple[tuple[int, float], ...], float]]:
    """The columns with signs, and the constant, of the runs that many records agree on; all looked at together."""
    rest, room, exact = (np.concatenate([run[part] for run in runs]) for part in (3, 4, 5))
    begins = np.cumsum([0, *(len(run.rest) for run in runs)])
    for row, constant in _agreeing(rest, room, exact):
        at = int(np.searchsorted(begins, row, side="right")) - 1
        run, place = runs[at], row - int(begins[at])
        parts = tuple((column, 1.0) for column in range(run.first, run.end))
        yield (parts if place == 0 else (*parts, (run.targets[place - 1], -1.0))), constant


def sums(columns: Columns, known: set[str]) -> list[Equation]:
    """Columns that are sums and differences of several others, by least absolute deviations."""
    full = np.isfinite(columns.values).mean(axis=1) >= FULL
    keep = [at for at, term in enumerate(columns.terms) if full[at] and term.column not in known]
    if not 3 <= len(keep) <= MOST_IN_SUM:
        return []
    values = columns.values[keep]
    records = np.flatnonzero(np.isfinite(values).all(axis=0))[: FITTED * len(keep)]
    if len(records) < 3 * len(keep):
        return []
    values = values[:, records]
    out: list[Equation] = []
    for target in range(len(keep)):
        factors, constant = _least_deviations(np.delete(values, target, axis=0).T, values[target])
        factors = np.insert(factors, target, 0.0)
        signs = np.round(factors)
        if 2 <= np.abs(signs).sum() <= MOST_TERMS and np.abs(factors - signs).max() <= 0.02:
            parts = tuple((keep[at], float(signs[at])) for at in np.flatnonzero(signs))
            out += _filled(_linear(columns, (*parts, (keep[target], -1.0)), -constant, 3 ** len(keep)))
    return out


def _least_deviations(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    """Factors (k,) and constant that leave the least sum of absolute deviations (Schlossmacher 1973)."""
    middle, scale = np.median(x, axis=0), np.std(x, axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    table = np.column_stack([(x - middle) / scale, np.ones(len(y))])
    least = 1e-7 * max(float(np.std(y)), 1e-12)
    weight = np.ones(len(y))
    for _ in range(ROUNDS):
        heavy = table * weight[:, None] ** 2
        fitted = np.linalg.solve(
            heavy.T @ table + 1e-12 * np.trace(heavy.T @ table) * np.eye(table.shape[1]), heavy.T @ y
        )
        weight = 1 / np.sqrt(np.maximum(np.abs(y - table @ fitted), least))
    factors = fitted[:-1] / scale
    return factors, float(fitted[-1] - factors @ middle)


def _filled(equation: Equation | None) -> list[Equation]:
    return [] if equation is None else [equation]
