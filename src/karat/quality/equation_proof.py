"""Whether an equation is more than chance: how many records keep it against how many would by accident."""

from dataclasses import dataclass, replace

import numpy as np

from karat.quality.equations import Equation

LEAST = 20  # flat from 10 to 40 (benchmarks/constants.md): records that keep it with no term at zero
SURELY = 14.0  # definition: log odds beyond the number of equations tried: one false equation in a million searches
# flat from half to double (benchmarks/constants.md): records by which the target is moved to see what agrees
# by accident
SHIFTS = (1, 2, 3, 5, 8, 13, 21, 34)
# flat from 0.0204 to 0.0769 (benchmarks/constants.md): as many as keep it may miss it by up to three times its
# rounding: noise of twice that width
NARROW = 0.04
BEYOND = 4.0  # flat from 2 to 8 (benchmarks/constants.md): times as many records as by accident
# flat when halved and doubled (benchmarks/constants.md): effective number of different values of the target against
# the share of records that must keep the equation: between few values mere correlation agrees often; chosen on
# generated tables (tests/quality/test_equations.py)
NEEDED = ((10.0, 0.98), (30.0, 0.9), (np.inf, 0.65))
# flat from 3 to 12 (benchmarks/constants.md): records with a term that is not zero, or the term does not belong there
USED = 6


@dataclass(frozen=True, eq=False)
class EquationEvidence:
    """The columns of a candidate in the records that can judge it.

    Parameters
    ----------
    target : ndarray of float64, shape (n,)
    terms : list of ndarray of float64, shape (n,)
    """

    target: np.ndarray
    terms: list[np.ndarray]


def proven(candidate: Equation, evidence: EquationEvidence, tried: int) -> Equation | None:
    """The candidate with its share of records, to the digit or else up to rounding; None when it may be chance.

    Parameters
    ----------
    tried : int
        Candidates that the search looked at.
    """
    exact = _judged(replace(candidate, rounded=False), evidence, tried)
    if exact is not None and exact.share >= 0.95:
        return exact
    rounded = _judged(replace(candidate, rounded=True), evidence, tried)
    if exact is not None and (rounded is None or rounded.share < exact.share + 0.05):
        return exact
    return rounded


def _judged(equation: Equation, evidence: EquationEvidence, tried: int) -> Equation | None:
    target, terms = evidence.target, evidence.terms
    predicted = equation.given_by(terms)
    slack = equation.slack(terms, target)
    usable = np.isfinite(target) & np.isfinite(predicted) & np.isfinite(slack)
    active = usable & (target != 0) & (sum((term != 0).astype(int) for term in terms) >= min(2, len(terms)))
    kept = np.zeros(len(target), bool)
    kept[usable] = np.abs(target - predicted)[usable] <= slack[usable]
    if (kept & active).sum() < max(LEAST, NEEDED[-1][1] * active.sum()) or not _each_used(terms, kept, active):
        return None
    share = float(kept[active].mean())
    by_chance = _by_chance(target[active], predicted[active], slack[active], _unit(equation, target[active]))
    if equation.rounded and _narrowly_missed(target[active], predicted[active], slack[active]) > NARROW * share:
        return None
    if share < max(_needed(target[active]), BEYOND * by_chance):
        return None
    if active.sum() * _divergence(share, by_chance) < np.log(max(tried, 1)) + SURELY:
        return None
    return replace(equation, share=round(float(kept[usable].mean()), 4), records=int(usable.sum()))


def _each_used(terms: list[np.ndarray], kept: np.ndarray, active: np.ndarray) -> bool:
    """Does each term differ from zero in some records that keep the equation?"""
    return all((kept & active & (term != 0)).sum() >= USED for term in terms)


def _needed(target: np.ndarray) -> float:
    counts = np.unique(target, return_counts=True)[1]
    different = 1 / float(((counts / counts.sum()) ** 2).sum())
    return next(share for most, share in NEEDED if different < most)


def _unit(equation: Equation, target: np.ndarray) -> float:
    """The size of an ordinary near miss."""
    return equation.target.step or 1e-3 * float(np.median(np.abs(target - np.median(target))))


def _by_chance(target: np.ndarray, predicted: np.ndarray, slack: np.ndarray, unit: float) -> float:
    """The share of records that would keep the equation by accident, at least one in eight times the records.

    Taken from other records' targets, and from how many records miss it narrowly: merely correlated columns miss an
    equation narrowly as often as they meet it.
    """
    shifted = np.mean([np.mean(np.abs(np.roll(target, by) - predicted) <= slack) for by in SHIFTS])
    off = np.abs(target - predicted)
    width = np.maximum(2 * slack, unit)
    near = (off > slack) & (off <= slack + 2 * np.maximum(slack, unit))
    beside = float(np.mean(near * width / (4 * np.maximum(slack, unit))))
    return max(float(shifted), beside, 1 / (8 * len(target)))


def _narrowly_missed(target: np.ndarray, predicted: np.ndarray, slack: np.ndarray) -> float:
    off = np.abs(target - predicted)
    return float(np.mean((off > slack) & (off <= 3 * slack)))


def _divergence(share: float, chance: float) -> float:
    """Kullback-Leibler divergence of two shares: the log odds that each record adds."""
    chance = min(chance, 0.999)
    left = share * np.log(share / chance) if share else 0.0
    right = (1 - share) * np.log((1 - share) / (1 - chance)) if share < 1 else 0.0
    return float(left + right)


def confined(kept: np.ndarray, marks: list[np.ndarray]) -> bool:
    """Do the records that break an equation stand together, so that it holds for a part of the table only?

    Parameters
    ----------
    kept : ndarray of bool, shape (n,)
        Which records keep it.
    marks : list of ndarray of int64, shape (n,)
        Codes of other columns, -1 where missing.
    """
    broken = float(1 - kept.mean())
    if not broken:
        return False
    for codes in marks:
        levels = np.bincount(codes[codes >= 0], minlength=1).astype(np.float64)
        breaks = np.bincount(codes[(codes >= 0) & ~kept], minlength=len(levels))
        share = breaks / np.maximum(levels, 1)
        surprise = levels * np.array([_divergence(s, broken) if s > 2 * broken or s > 0.9 else 0.0 for s in share])
        together = surprise > np.log(len(marks) * len(levels)) + SURELY
        if breaks[together].sum() >= 0.3 * breaks.sum() and np.any(share[together] >= 0.3):
            return True
    return False
