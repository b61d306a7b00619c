"""Drift weighed by impact: a column has drifted where evidence over windows says so; it alarms where that costs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.evaluate import drift_impact as impact
from karat.evaluate import drift_tests as tests
from karat.evaluate.drift_impact import Cost
from karat.evaluate.drift_tests import Shift
from karat.flow.drift_reference import ANSWER, DriftReference, as_window

MOST_POOLED = 16_384  # cost: records of undrifted windows and the reference that the next window is compared with
WINDOWS_PER_DAY = 24.0  # definition: where records have no times, a window counts as an hour
DAY = 86_400.0  # definition: seconds
ONE_SIDED = 1.644854 / 1.959964  # definition: one-sided 95 % to two-sided 95 %, of normal errors
MOST_EXAMPLES = 5  # display: records of an alarm
Mask = Callable[[str | None], str | None]


@dataclass(frozen=True)
class ColumnDrift:
    """One drifted column in one window.

    Parameters
    ----------
    column : str
        Or ``ANSWER``.
    since : int
        The window in which it was first seen to drift.
    shift : Shift
        Against the reference.
    cost : Cost or None
        Change of the expected loss a record through this column alone; None where it cannot be said.
    alarm : bool
        It costs enough to alarm.
    rows : list of int
        Records that show it.
    """

    column: str
    since: int
    shift: Shift
    cost: Cost | None
    alarm: bool
    rows: list[int]


@dataclass(frozen=True)
class WindowDrift:
    """What one window says.

    Parameters
    ----------
    window, records : int
        Its number from 0, and its size.
    first, last : int
        Rows of its first and last record.
    at : float or None
        Time of its last record, in seconds since 1970.
    loss : float or None
        Expected loss of the model on the reference.
    cost : Cost or None
        Change of it through all drifted columns together.
    drifted : list of ColumnDrift
    """

    window: int
    records: int
    first: int
    last: int
    at: float | None
    loss: float | None
    cost: Cost | None
    drifted: list[ColumnDrift]

    @property
    def alarms(self) -> list[ColumnDrift]:
        """Drifted columns that cost."""
        return [column for column in self.drifted if column.alarm]

    def to_json(self, mask: Mask) -> dict[str, Any]:
        """Plain values; texts of cells masked."""
        values = asdict(self)
        for column in values["drifted"]:
            at = column["shift"]["at"]
            column["shift"]["at"] = mask(at) if isinstance(at, str) else at
        return values


@dataclass
class DriftMonitor:
    """Follows windows of records that come after a run.

    Parameters
    ----------
    reference : DriftReference
    alarms_per_day : float
        False alarms a day, over all columns, that are put up with.
    least_cost : float
        Rise of the expected loss that alarms, as a share of it.
    seed : int
    windows : int
        Windows so far.
    sums : dict of str to float
        Evidence so far, by column.
    since : dict of str to int
        Drifted columns, and since which window.
    """

    reference: DriftReference
    alarms_per_day: float = 0.1
    least_cost: float = 0.05
    seed: int = 0
    windows: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    _pool: dict[str, np.ndarray] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._pool = dict(self.reference.views)
        if self._classes:
            self._pool[ANSWER] = _sureness(self.reference.own_answers)

    @property
    def _classes(self) -> bool:
        """Are the answers probabilities?"""
        return bool(self.reference.models) and self.reference.own_answers.ndim == 2

    def window(self, records: Block, times: Sequence[float] = ()) -> WindowDrift:
        """Judge the next window.

        Parameters
        ----------
        records : Block
            At least 2, with the columns of the run as text.
        times : sequence of float
            When its records came, in seconds since 1970; empty where that is not known.
        """
        block = as_window(records, self.reference.block.schema)
        views = self.reference.seen(block)
        answers = self.reference.answers_to(block) if self._classes else None
        if answers is not None:
            views[ANSWER] = _sureness(answers)
        self._evidence(views, times)
        drifted = [name for name in views if name in self.since]
        costs, total = self._costs(drifted, views, block, answers)
        found = self._told([self._column(name, views, costs.get(name), block) for name in drifted], total)
        self._absorb(views)
        loss = float(self.reference.own_losses.mean()) if self.reference.models else None
        rows, at = block.rows, max(times, default=None)
        out = WindowDrift(self.windows, len(block), int(rows[0]), int(rows[-1]), at, loss, total, found)
        self.windows += 1
        return out

    def _evidence(self, views: Mapping[str, np.ndarray], times: Sequence[float]) -> None:
        if len(times) > 1 and max(times) > min(times):
            self.seconds.append(max(times) - min(times))
        a_day = DAY / float(np.median(self.seconds)) if self.seconds else WINDOWS_PER_DAY
        limit = tests.threshold(len(views), a_day, self.alarms_per_day)
        for name, values in views.items():
            before = self._pool[name]
            if values.dtype.kind == "f":
                p = tests.numbers_p(tests.ordered(before), tests.ordered(values))
            else:
                p = tests.categories_p(before, values)
            if name in self.since and tests.evidence(p) < 1.0:  # this window is like those before the drift
                del self.since[name]
                self.sums[name] = 0.0
                continue
            self.sums[name] = tests.detected(self.sums.get(name, 0.0), p, limit)
            if self.sums[name] >= limit:
                self.since.setdefault(name, self.windows)

    def _absorb(self, views: Mapping[str, np.ndarray]) -> None:
        """Columns that have not drifted are known better from now on: the next window is compared with more."""
        chance = np.random.default_rng((self.seed, self.windows))
        for name, values in views.items():
            if name in self.since:
                continue
            pool = np.concatenate([self._pool[name], values])
            self._pool[name] = pool if len(pool) <= MOST_POOLED else chance.permutation(pool)[:MOST_POOLED]

    def _costs(
        self, drifted: Sequence[str], views: Mapping[str, np.ndarray], block: Block, answers: np.ndarray | None
    ) -> tuple[dict[str, Cost | None], Cost | None]:
        """By column, and of all together.

        The answers cost what the changes of the columns cost that explain them; where none does, what answers as sure
        as these have cost.
        """
        if not drifted or not self.reference.models:
            return {}, None
        carry = _Carry(self.reference, block, views, (self.seed, self.windows))
        columns = [name for name in drifted if name != ANSWER and name in carry.possible]
        costs = {name: carry.cost([name]) for name in columns}
        total = carry.cost(columns) if len(columns) > 1 else next(iter(costs.values()), None)
        if total is None and answers is not None:
            total = impact.without_labels(self.reference.own_answers, self.reference.own_losses, answers)
        return costs | ({ANSWER: total} if ANSWER in drifted else {}), total

    def _column(self, name: str, views: Mapping[str, np.ndarray], cost: Cost | None, block: Block) -> ColumnDrift:
        values, own = views[name], self._own(name)
        if values.dtype.kind == "f":
            shift = tests.numbers_shift(tests.ordered(own), tests.ordered(values))
        else:
            shift = tests.categories_shift(own, values)
        rows = _examples(shift, values, block.rows)
        return ColumnDrift(name, self.since[name], shift, cost, self._matters(cost), rows)

    def _matters(self, cost: Cost | None) -> bool:
        if cost is None:
            return False
        least = self.least_cost * float(self.reference.own_losses.mean())
        return cost.mean - ONE_SIDED * (cost.mean - cost.low) > 0 and cost.mean >= least

    def _told(self, found: list[ColumnDrift], total: Cost | None) -> list[ColumnDrift]:
        """Where only all columns together cost enough, the one that costs most alarms."""
        priced = [column for column in found if column.cost is not None]
        if not self._matters(total) or not priced or any(column.alarm for column in found):
            return found
        worst = max(priced, key=lambda column: column.cost.mean if column.cost else 0.0)
        return [replace(column, alarm=True) if column is worst else column for column in found]

    def _own(self, name: str) -> np.ndarray:
        return _sureness(self.reference.own_answers) if name == ANSWER else self.reference.views[name]


def _sureness(answers: np.ndarray) -> np.ndarray:
    """(n,) one number of each answer: the probability of the last class, which of two says all."""
    return answers[:, -1] if answers.shape[1] == 2 else answers.max(axis=1)


def _examples(shift: Shift, values: np.ndarray, rows: np.ndarray) -> list[int]:
    """Records on the side of the difference that has grown."""
    if shift.at is None:
        missing = np.isnan(values) if values.dtype.kind == "f" else values == ""
        side = missing if shift.after > shift.before else ~missing
    elif isinstance(shift.at, str):
        side = values == shift.at if shift.after > shift.before else values != shift.at
    else:
        below = values <= shift.at
        side = below if shift.after > shift.before else ~below & ~np.isnan(values)
    return [int(row) for row in rows[np.flatnonzero(side)[:MOST_EXAMPLES]]]


class _Carry:
    """Carries changes of columns of one window through the model.

    Parameters
    ----------
    reference : DriftReference
    block : Block
        The window.
    views : mapping of str to ndarray
    seed : tuple of int
    """

    def __init__(
        self, reference: DriftReference, block: Block, views: Mapping[str, np.ndarray], seed: tuple[int, int]
    ) -> None:
        self.reference, self.block, self.views, self.seed = reference, block, views, seed
        self.possible = [column.name for column in reference.columns if column.role is not Role.TEXT]

    @cached_property
    def _scores(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Every column as numbers in reference and window: a category is the mean answer of the reference."""
        answers = self.reference.own_answers
        level = answers if answers.ndim == 1 else _sureness(answers)
        out = {}
        for name in self.possible:
            own, other = self.reference.views[name], self.views[name]
            if own.dtype.kind != "f":
                values, codes = np.unique(own, return_inverse=True)
                means = np.bincount(codes, level) / np.bincount(codes)
                places = np.minimum(np.searchsorted(values, other), len(values) - 1)
                own, other = means[codes], np.where(values[places] == other, means[places], np.nan)
            out[name] = (own, other)
        return out

    def weights(self, names: Sequence[str]) -> np.ndarray | None:
        """Of reference records, where a change of population explains these columns; None where it does not."""
        pairs = [(self.reference.views[name], self.views[name]) for name in names]
        return impact.raked([impact.binned(*pair) for pair in pairs], len(self.reference.block))

    def of_population(self, name: str) -> bool:
        """Is the column changed because other cases came?"""
        others = [pair for other, pair in self._scores.items() if other != name]
        weights = self.weights([name])
        return weights is not None and impact.explains(weights, others)

    def cost(self, names: Sequence[str]) -> Cost | None:
        """Of the changes of some columns together; None for none."""
        if not names:
            return None
        population = [name for name in names if self.of_population(name)]
        weights = self.weights(population) if population else None
        chosen = {name: self._chosen(name) for name in names if name not in population or weights is None}
        answers = self.reference.own_answers
        if chosen:
            answers = self.reference.answers(self.reference.with_cells(self.block, chosen))
        return impact.carried(self.reference.own_losses, self.reference.losses(answers), weights)

    def _chosen(self, name: str) -> np.ndarray:
        chance = np.random.default_rng((*self.seed, self.possible.index(name)))
        loose = 0.0
        if self.views[name].dtype.kind == "f":
            own, other = self._scores[name]
            loose = impact.mixing(own, other, [pair for key, pair in self._scores.items() if key != name])
        return impact.coupled(self.reference.views[name], self.views[name], loose, chance)
