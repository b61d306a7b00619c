"""What lies outside the support of a column: beyond its tails, or scattered around the one number that it holds."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from karat.quality.accuracy._tails import beyond
from karat.quality.accuracy.number_shape import Shape
from karat.quality.by_value import ValueVerdict

# of the cells hold one number; flat from 0.538 to 0.824 (benchmarks/constants.md): lower judges columns that hold
# many numbers
DOMINANT = 0.7
SCATTERED, EVEN = 4, 8  # cells beside it: to say so, and to be sure; unproven: fewer say little
BOTH_SIDES = 0.15  # of them lie on either side of it; unproven: lower takes a skewed column for a scattered one
# unproven: lower names peaks
FLAT = 0.2  # their median distance from it against the farthest; a peak around it is the column's own way
# unproven: lower names repeated numbers, which have a cause
DIFFERENT = 0.3  # effective number of different ones, against how many they are or could be
# unproven: lower names groups of true numbers
TOGETHER = 0.5  # of a gap that numbers beyond it span at most: a group of its own
GROUP = 3  # unproven: numbers beyond a gap, and cells of one of them, that are no accident
REPEATED = 3  # 1 does worse, 6 as well (benchmarks/constants.md): see GROUP
# flat from 10 to 40 (benchmarks/constants.md): lower takes strays for a group
DENSE = 20  # so many numbers beyond a gap, at so small a part of its width from each other, are a group too
# fewer different numbers are levels, not a distribution; flat from 4 to 16 (benchmarks/constants.md): higher leaves
# short scales unasked
LEVELS = 8
LEAST = 15  # flat from 7 to 30 (benchmarks/constants.md): cells; fewer have no tail to fit
# cells that the column's own tail puts beyond the gap, as a power of ten, and confidence; set with all lakes and all
# untouched tables in sight, and no table left out; flat from half to double (benchmarks/constants.md): nothing was
# held out
SURE_BY_EXPECTED = ((-9.0, 0.93), (-5.0, 0.8), (-3.0, 0.6), (-2.0, 0.5), (-1.3, 0.35))
# cells that the tail puts there; more are no suspicion; flat from 0.0256 to 0.0952 (benchmarks/constants.md): higher
# names more true extremes
SUSPICIOUS = 0.05


@dataclass(frozen=True)
class End:
    """One end of a column's support.

    Parameters
    ----------
    edge : float
        Its last number.
    side : int
        1 above, -1 below.
    expected : float
        Cells that its own tail puts there.
    usual : float
        The number that half of the cells hold: never a finding; NaN for none.
    """

    edge: float
    side: int
    expected: float
    confidence: float
    usual: float

    def verdicts(self, numbers: np.ndarray, first: int = 0) -> Iterable[ValueVerdict]:
        """Findings on the distinct numbers (k,) beyond the end; the first of them has the place ``first``."""
        with np.errstate(invalid="ignore"):
            outside = np.flatnonzero((self.side * numbers > self.side * self.edge) & (numbers != self.usual))
        where = "above" if self.side > 0 else "below"
        for at in outside.tolist():
            message = f"{numbers[at]:g} is far {where} {self.edge:g}, the {'highest' if self.side > 0 else 'lowest'}"
            message += (
                f" of the other numbers; with their spread, {self.expected:.1g} values this extreme would be expected"
            )
            yield ValueVerdict(first + at, self.confidence, message)


def ends(shape: Shape) -> list[End]:
    """The ends of a column's support beyond which numbers lie that it does not explain."""
    values, counts, usual = _distributed(shape)
    out: list[End] = []
    if len(values) < LEVELS or counts.sum() < LEAST:
        return out
    for side in (1, -1):
        scaled = side * shape.scaled(values)
        gap = beyond(np.sort(np.repeat(scaled, counts)))
        if gap is None or gap.expected >= SUSPICIOUS:
            continue
        outer = scaled > gap.edge
        if _grouped(scaled[outer], counts[outer], gap.edge):
            continue
        sure = float(np.interp(np.log10(max(gap.expected, 1e-12)), *np.array(SURE_BY_EXPECTED).T))
        last = float(values[~outer].max() if side > 0 else values[~outer].min())
        if side * last < side * usual < (side * values[outer]).min():
            last = usual
        out.append(End(last, side, gap.expected, round(sure, 3), usual))
    return out


def unseen(shape: Shape, numbers: np.ndarray) -> list[ValueVerdict]:
    """Findings on numbers (k,) outside all that the column held when it was learned, as at request time.

    Each is judged as if it had been the one number beyond a gap.
    """
    least, most = float(shape.values[0]), float(shape.values[-1])
    if not ((numbers < least) | (numbers > most)).any():  # the common case, and the one that must be quick
        return []
    values, counts, usual = _distributed(shape)
    if len(values) < LEVELS or counts.sum() < LEAST:
        return []
    out: list[ValueVerdict] = []
    for side, last in ((1, most), (-1, least)):
        learned = np.sort(np.repeat(side * shape.scaled(values), counts))
        with np.errstate(invalid="ignore"):
            outside = np.flatnonzero(side * numbers > side * last)
        for at in outside.tolist():
            gap = beyond(np.append(learned, side * shape.scaled(numbers[at : at + 1])))
            if gap is not None and gap.cells == 1 and gap.expected < SUSPICIOUS:
                sure = float(np.interp(np.log10(max(gap.expected, 1e-12)), *np.array(SURE_BY_EXPECTED).T))
                out += End(last, side, gap.expected, round(sure, 3), usual).verdicts(numbers[at : at + 1], at)
    return out


def _distributed(shape: Shape) -> tuple[np.ndarray, np.ndarray, float]:
    """Values and counts without the one number that half of the cells hold (no visits, the usual price), and it."""
    top = int(np.argmax(shape.counts))
    if shape.counts[top] < shape.cells / 2:
        return shape.values, shape.counts, float("nan")
    return np.delete(shape.values, top), np.delete(shape.counts, top), float(shape.values[top])


def _grouped(outer: np.ndarray, cells: np.ndarray, edge: float) -> bool:
    """Do numbers beyond a gap repeat, or lie closer together than the gap is wide: a code, or another population?"""
    gap = float(np.abs(outer - edge).min())
    close = cells.sum() >= GROUP and float(np.ptp(outer)) < TOGETHER * gap
    dense = len(outer) >= DENSE and float(np.median(np.diff(np.sort(outer)))) < gap / DENSE
    return bool(close or dense or cells[cells >= REPEATED].sum() > cells.sum() / 2)


@dataclass(frozen=True)
class Scatter:
    """A column of one number, and a few that scatter around it.

    Parameters
    ----------
    cells, others : int
        Cells that hold it, and that hold another number.
    even : bool
        Many scatter, to both sides alike.
    """

    number: float
    cells: int
    others: int
    even: bool

    def verdicts(self, numbers: np.ndarray, text: str) -> Iterable[ValueVerdict]:
        """Findings on the distinct numbers (k,) that are not the column's, which is written as ``text``."""
        sure = 0.92 if self.even else 0.75
        message = (
            f"{self.cells:,} of {self.cells + self.others:,} cells hold {self.number:g}; the others scatter around it"
        )
        for at in np.flatnonzero(np.isfinite(numbers) & (numbers != self.number)).tolist():
            yield ValueVerdict(at, sure, message, text)


def scatter(shape: Shape) -> Scatter | None:
    """The one number of a column whose other numbers scatter around it as errors do, each at its own place.

    Other habits look otherwise: they heap on few numbers, thin out from the one number, or lie on one side of it (a
    scale that ends there, no purchase at all).
    """
    top = int(np.argmax(shape.counts))
    number = float(shape.values[top])
    rest, cells = np.delete(shape.values, top), np.delete(shape.counts, top)
    others = int(cells.sum())
    if number == 0 or others < SCATTERED or shape.counts[top] < DOMINANT * shape.cells:
        return None
    off = np.abs(rest - number)
    fewer = int(min(cells[rest > number].sum(), cells[rest < number].sum()))
    if fewer < BOTH_SIDES * others:
        return None
    order = np.argsort(off, kind="stable")
    middle = off[order][np.searchsorted(np.cumsum(cells[order]), others / 2)]
    whole = bool((shape.values == np.round(shape.values)).all())
    room = float(np.ptp(rest)) if whole else np.inf
    different = others**2 / float((cells.astype(np.float64) ** 2).sum())
    if middle < FLAT * off.max() or different < DIFFERENT * min(others, room):
        return None
    even = others >= EVEN and fewer >= 2 * BOTH_SIDES * others
    return Scatter(number, int(shape.counts[top]), others, even)
