"""Each number column modelled from the rest of its record: what a number should be, and how surprising it is."""

from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np

from karat.core.block import Block
from karat.core.degrees import FULL_CELL, SELDOM
from karat.core.schema import Role, Schema
from karat.quality.accuracy._tails import beyond

# fewer are no distribution; MIN_RECORDS 50 does as well, 200 worse; MIN_DISTINCT flat from 8 to 32
# (benchmarks/constants.md): more leave small tables unasked
MIN_RECORDS, MIN_DISTINCT = 100, 16
# cost: they bound time; columns beyond them are not modelled, or are no witnesses
MAX_NUMBERS, MAX_MARKS, LEVELS = 60, 60, 12  # columns modelled; category columns' values in all, and of one column
FIT = 4_000  # records that a model is fitted on; cost: drawn by hash; more cost time
FOLDS = 5  # flat from 2 to 10 (benchmarks/constants.md): more cost time, fewer leave less to fit on
# Iglewicz and Hoaglin (1993), for outliers: lower lets strong witnesses say less
CLIP = 3.5  # robust standard deviations at which a witness is heard no louder
# weight of the prior, in records; flat from 1.5 to 6 (benchmarks/constants.md): more holds small tables closer to
# the middle
RIDGE = 3.0
# Huber (1964): beyond, a record pulls with a constant force; flat from 1 to 4 (benchmarks/constants.md): 2 itself
HUBER = 2.0
PASSES = 4  # unproven: whether the weights have settled by then is not measured
# unproven: lower takes even columns for skewed ones
SKEW = 1.5  # one side of the middle against the other: logarithmic where all are positive
# cost: a coarse grid, heavy to near normal
FREEDOM = (2.0, 3.0, 4.0, 6.0, 10.0, 30.0)  # of Student's t, whose tail is the residuals' own
# flat from 0.143 to 0.4 (benchmarks/constants.md): higher models columns that are mostly one number
MOST_ALIKE = 0.25  # of a column's cells hold one number; more have a cause of their own
# flat from 0.818 to 0.947 (benchmarks/constants.md): higher believes weak witnesses
TELLING = 0.9  # of a column's usual distance from its middle is left where the rest of the record tells something
FARTHEST = 1e140  # definition: squares fit IEEE 754 (1.8e308), also over the narrowest width
# of a column's spread: equations leave no residual; flat from 0.0005 to 0.002 (benchmarks/constants.md): smaller
# makes every rounding a surprise
NARROW = 1e-3


@dataclass(frozen=True, eq=False)
class Scale:
    """How a column's numbers are measured: linear or logarithmic, from the middle, in robust standard deviations."""

    log: bool
    middle: float
    spread: float

    def of(self, numbers: np.ndarray) -> np.ndarray:
        """Numbers (...,) on the scale; NaN where there are none on it."""
        with np.errstate(invalid="ignore", divide="ignore"):
            out = np.log(numbers) if self.log else np.asarray(numbers, np.float64)
        return np.where(np.isfinite(out), (out - self.middle) / self.spread, np.nan)

    def stretch(self, numbers: np.ndarray) -> np.ndarray:
        """Logarithm of how much the scale stretches at numbers (...,): a density there times this is one of them."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return -np.log(self.spread) - (np.log(np.abs(numbers)) if self.log else 0.0)


@dataclass(frozen=True, eq=False)
class Conditional:
    """Linear models of every number column from the others and the categories, by fold.

    Parameters
    ----------
    names : tuple of str, length p
    scales : tuple of Scale, length p
    marks : tuple of (str, str)
        Category columns and the values that count, length q.
    weights : ndarray of float64, shape (FOLDS, p, p + q + 1)
        A column's own weight is 0; the last is the constant.
    width, freedom : ndarray of float64, shape (p,)
        Of Student's t that the residuals follow.
    edge : ndarray of float64, shape (p,)
        Widths beyond which the residuals' own tail puts hardly a number; infinite where it reaches all of them.
    """

    names: tuple[str, ...]
    scales: tuple[Scale, ...]
    marks: tuple[tuple[str, str], ...]
    weights: np.ndarray
    width: np.ndarray
    freedom: np.ndarray
    edge: np.ndarray

    def log_density(self, residual: np.ndarray, column: int) -> np.ndarray:
        """Logarithm of the density of residuals (...,), up to a constant."""
        free = self.freedom[column]
        far = np.clip(residual, -FARTHEST, FARTHEST) / self.width[column]
        return -(free + 1) / 2 * np.log1p(far**2 / free) - np.log(self.width[column])

    def scaled(self, block: Block) -> np.ndarray:
        """The block's numbers (n, p), each on its column's scale."""
        return np.stack([s.of(block.numbers(n)) for n, s in zip(self.names, self.scales, strict=True)], axis=1)

    def expected(self, block: Block, scaled: np.ndarray) -> np.ndarray:
        """What each number should be, by the models of the other folds: (n, p)."""
        witnesses = _witnesses(scaled, _marked(block, self.marks))
        fold = folds(block.keys)
        out = np.empty_like(scaled)
        for k in range(FOLDS):
            out[fold == k] = witnesses[fold == k] @ self.weights[k].T
        return out


def folds(keys: np.ndarray) -> np.ndarray:
    """The fold of each record (n,), by its key."""
    return (keys % np.uint64(FOLDS)).astype(np.int64)


def heard(scaled: np.ndarray) -> np.ndarray:
    """Numbers on their scale as witnesses: none speaks too loudly, a missing one says nothing."""
    return np.clip(np.nan_to_num(scaled), -CLIP, CLIP)


def conditional(block: Block, schema: Schema) -> Conditional | None:
    """The models of a table, or None where it is too small or has too few number columns."""
    if len(block) > FIT:
        block = block.take(np.argsort(block.keys, kind="stable")[:FIT])
    if len(block) < MIN_RECORDS:
        return None
    scales = _scales(block, schema)
    if len(scales) < 2:
        return None
    marks = _marks(block, schema)
    scaled = np.stack([scale.of(block.numbers(name)) for name, scale in scales.items()], axis=1)
    witnesses = _witnesses(scaled, _marked(block, marks))
    fold, p = folds(block.keys), len(scales)
    weights = np.zeros((FOLDS, p, witnesses.shape[1]))
    residual = np.full_like(scaled, np.nan)
    for at in range(p):
        others = np.delete(np.arange(witnesses.shape[1]), at)
        for k in range(FOLDS):
            use = (fold != k) & np.isfinite(scaled[:, at])
            weights[k, at, others] = _huber(witnesses[use][:, others], scaled[use, at])
        for k in range(FOLDS):
            here = fold == k
            residual[here, at] = scaled[here, at] - witnesses[here] @ weights[k, at]
    width, freedom = np.array([_student(residual[np.isfinite(residual[:, at]), at]) for at in range(p)]).T
    edge = np.array([_edge(scaled[:, at], residual[:, at], width[at]) for at in range(p)])
    return Conditional(tuple(scales), tuple(scales.values()), marks, weights, width, freedom, edge)


def _edge(scaled: np.ndarray, residual: np.ndarray, width: float) -> float:
    use = np.isfinite(residual)
    if np.median(np.abs(residual[use])) > TELLING * np.median(np.abs(scaled[use])):
        return np.inf  # the record says nothing about this column
    gap = beyond(np.sort(np.abs(residual[use]) / width))
    return gap.edge if gap is not None and gap.expected < SELDOM else np.inf


def _scales(block: Block, schema: Schema) -> dict[str, Scale]:
    out: dict[str, Scale] = {}
    for column in schema:
        if not column.numeric or column.role not in (Role.NUMBER, Role.TARGET) or len(out) == MAX_NUMBERS:
            continue
        numbers = block.numbers(column.name)
        numbers = numbers[np.isfinite(numbers)]
        counts = np.unique(numbers, return_counts=True)[1]
        if len(numbers) < MIN_RECORDS or len(counts) < MIN_DISTINCT or counts.max() > MOST_ALIKE * len(numbers):
            continue
        low, middle, high = np.quantile(numbers, (0.05, 0.5, 0.95))
        log = bool((numbers > 0).all() and high - middle > SKEW * (middle - low))
        numbers = np.log(numbers) if log else numbers
        low, q1, middle, q3, high = np.quantile(numbers, (0.01, 0.25, 0.5, 0.75, 0.99))
        spread = max((q3 - q1) / 1.349, (high - low) / 4.653)
        if spread > 0:
            out[column.name] = Scale(log, float(middle), float(spread))
    return out


def _marks(block: Block, schema: Schema) -> tuple[tuple[str, str], ...]:
    """Values of the columns that have few, the likeliest of each left out."""
    out: list[tuple[str, str]] = []
    for column in schema:
        if column.role in (Role.IGNORE, Role.ID, Role.TIME):
            continue
        values, counts = np.unique(
            block.text(column.name).drop_null().to_numpy(zero_copy_only=False).astype(str), return_counts=True
        )
        often = np.flatnonzero(counts >= FULL_CELL)
        if 2 <= len(often) <= LEVELS and len(out) + len(often) <= MAX_MARKS:
            order = often[np.argsort(-counts[often], kind="stable")][1:]
            out += [(column.name, str(values[at])) for at in order]
    return tuple(out)


def _marked(block: Block, marks: tuple[tuple[str, str], ...]) -> np.ndarray:
    columns = []
    for name, value in marks:
        codes, texts = block.encoded(name)
        columns.append((codes == texts.index(value)).astype(np.float64) if value in texts else np.zeros(len(block)))
    return np.stack(columns, axis=1) if columns else np.empty((len(block), 0))


def _witnesses(scaled: np.ndarray, marked: np.ndarray) -> np.ndarray:
    return np.hstack([heard(scaled), marked, np.ones((len(scaled), 1))])


def _huber(witnesses: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Weights (m,) of a ridge regression in which far records pull with a constant force."""
    prior = np.eye(witnesses.shape[1]) * RIDGE
    prior[-1, -1] = 0
    trust = np.ones(len(numbers))
    for _ in range(PASSES):
        left = (witnesses * trust[:, None]).T
        weights: np.ndarray = np.linalg.solve(left @ witnesses + prior, left @ numbers)
        off = np.abs(numbers - witnesses @ weights)
        width = max(1.4826 * float(np.median(off)), NARROW)
        trust = np.minimum(1.0, HUBER * width / np.maximum(off, 1e-12))
    return weights


def _student(residual: np.ndarray) -> tuple[float, float]:
    """Width and degrees of freedom of the Student's t that is likeliest to leave the residuals."""
    usual = max(1.4826 * float(np.median(np.abs(residual))), NARROW)
    best, out = -np.inf, (usual, FREEDOM[0])
    for free in FREEDOM:
        for width in usual * np.geomspace(0.5, 2.0, 13):
            fit = -(free + 1) / 2 * np.log1p((residual / width) ** 2 / free).mean() - np.log(width) + _constant(free)
            if fit > best:
                best, out = fit, (max(float(width), NARROW), free)
    return out


def _constant(free: float) -> float:
    return lgamma((free + 1) / 2) - lgamma(free / 2) - 0.5 * log(free * pi)
