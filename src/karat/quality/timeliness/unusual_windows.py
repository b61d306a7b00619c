"""Stretches of a series that are unlike its rest."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Column, Role, Schema
from karat.core.scoring_check import ScoringCheck
from karat.core.state import derived
from karat.quality.timeliness._window_scores import WORDS, SeriesScores
from karat.quality.timeliness.timeline import dated, spoken

MAX_CELLS = 1_000_000  # cost: numbers in the state; longer or wider data is not scored
EVEN = 0.8  # definition: share of the steps that are the usual one; below, neighbours are not a step apart
EXPECTED = 0.1  # benchmarks/unusual_windows.md: windows of the usual tail that may be named
MOST = 3  # display: windows of a data set that are named
SUSPICIOUS = 0.3  # definition: below the half that counts: unusual is not wrong
NAT = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Moments:
    """The numbers of all records and when each was measured.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
    times : ndarray of int64, shape (n,)
        Microseconds since 1970.
    values : ndarray of float64, shape (n, k)
        Empty where there are too many.
    """

    keys: np.ndarray
    times: np.ndarray
    values: np.ndarray
    records: int

    def merge(self, other: "Moments") -> "Moments":
        keys, times = np.concatenate([self.keys, other.keys]), np.concatenate([self.times, other.times])
        values = np.concatenate([self.values, other.values])
        full = len(self.keys) == self.records and len(other.keys) == other.records
        return Moments(keys, times, values, self.records + other.records)._bounded(full)

    def _bounded(self, full: bool = True) -> "Moments":
        if full and self.values.size <= MAX_CELLS:
            return self
        return Moments(self.keys[:0], self.times[:0], self.values[:0], self.records)


@dataclass(frozen=True)
class UnusualWindows(ScoringCheck):
    """Stretches of a series in time that its other stretches do not look like.

    A level that shifts, a sensor that stands still or grows noisy, an hour that nothing foretold: each may be a fault,
    or the very event that is looked for. A stretch is named as suspicious, with what is unusual about it, and never
    changed; every record has a score. The parts of the score are the residual of a simple forecast (the two values
    before, and a season before), the shift of the median, the change of the spread, how long a value is kept, and the
    distance to the nearest other window, of the values and of their shape. One series with even steps; tables of
    several series are not judged.

    Sources: Yeh et al. (2016), Matrix profile I; Sharma et al. (2010), Sensor faults; Basseville & Nikiforov (1993),
    Detection of abrupt changes.

    Parameters
    ----------
    expected : float
        How many windows of the scores' own tail may be named in the whole data set.
    most : int
        How many windows of the whole data set are named at most.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})
    score_name: ClassVar[str] = "window_score"

    expected: float = EXPECTED
    most: int = MOST

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """One column of dates and a column of numbers."""
        if not _numbers(schema):
            return DoesNotApply("no column of numbers")
        return None if len(dated(schema)) == 1 else DoesNotApply("not one column of dates")

    def learn(self, block: Block) -> Moments:
        """All numbers and their times, up to a limit."""
        names = [column.name for column in _numbers(block.schema)]
        values = np.column_stack([block.numbers(name) for name in names])
        times = block.times(dated(block.schema)[0].name).astype("datetime64[us]").view(np.int64)
        return Moments(block.keys, times, values, len(block))._bounded()

    def judge(self, state: Moments, block: Block, before: Moments | None = None) -> pa.Table | DoesNotApply:
        """The peak of each window that stands apart, with its span and what is unusual."""
        scores = self.record_scores(state, block)
        if isinstance(scores, DoesNotApply):
            return scores
        order, parts = np.argsort(block.keys, kind="stable"), [self.found(0, confidence=[], message=[])]
        keys = block.keys[order]
        columns, at = _numbers(block.schema), self._order(state)
        for where, first, peak, last in self._peaks(state, len(columns)):
            own, column = self._series(state)[where], columns[where]
            place = int(np.searchsorted(keys, state.keys[at[peak]]))
            if own is None or place == len(keys) or keys[place] != state.keys[at[peak]]:
                continue
            span = f"{spoken(int(state.times[at[first]]))} to {spoken(int(state.times[at[last]]))}"
            row = int(order[place])
            parts.append(
                self.found(
                    1,
                    row=[int(block.rows[row])],
                    column=column.name,
                    value=[block.text(column.name)[row].as_py()],
                    confidence=SUSPICIOUS,
                    message=f"{column.name!r} is unusual around {span} ({last - first + 1} records): "
                    f"{_what(own, peak)}; score {own.score[peak]:.1f}",
                )
            )
        return pa.concat_tables(parts)

    def _peaks(self, state: Moments, columns: int) -> list[tuple[int, int, int, int]]:
        """The windows to name, strongest first: number of the column; first, peak and last record in order of time."""
        each = [
            (-float(own.score[peak]), where, first, peak, last)
            for where, own in enumerate(self._series(state))
            if own is not None
            for first, peak, last in own.peaks(self.expected / columns, self.most)
        ]
        return [window for _, *window in sorted(each)[: self.most]]  # type: ignore[misc]

    def record_scores(self, state: Moments, block: Block) -> np.ndarray | DoesNotApply:
        """(n,) float64: the highest score of a record's numbers, NaN where none is known, or why none."""
        if len(state.keys) < state.records:
            return DoesNotApply(f"more than {MAX_CELLS:,} numbers")
        if not any(self._series(state)):
            return DoesNotApply("no long series with even steps in time")
        own = derived(state, "window scores", lambda: self._by_key(state))
        place = np.minimum(np.searchsorted(own[0], block.keys), len(own[0]) - 1)
        return np.where(own[0][place] == block.keys, own[1][place], np.nan)

    def _by_key(self, state: Moments) -> tuple[np.ndarray, np.ndarray]:
        """The keys, rising, and the highest score of each record's columns."""
        keys = state.keys[self._order(state)]
        each = np.stack([own.score for own in self._series(state) if own])
        highest = np.max(np.where(np.isfinite(each), each, -np.inf), axis=0)
        rising = np.argsort(keys, kind="stable")
        return keys[rising], np.where(np.isfinite(highest), highest, np.nan)[rising]

    def _order(self, state: Moments) -> np.ndarray:
        return derived(state, "order in time", lambda: np.lexsort((state.keys, state.times)))

    def _series(self, state: Moments) -> list[SeriesScores | None]:
        """The scores of each column, None where it has none."""

        def make() -> list[SeriesScores | None]:
            order = self._order(state)
            steps = np.diff(state.times[order])
            even = len(steps) and state.times[order[0]] != NAT and steps.min() > 0
            if not even or np.mean(np.abs(steps - np.median(steps)) <= 0.1 * np.median(steps)) < EVEN:
                return [None] * state.values.shape[1]
            return [SeriesScores.of(column) for column in state.values[order].T]

        return derived(state, "series", make)


def _what(own: SeriesScores, peak: int) -> str:
    """The one or two parts that make the score."""
    strong = np.argsort(-own.parts[:, peak], kind="stable")[:2]
    return " and ".join(WORDS[part] for part in strong if own.parts[part, peak] >= 1) or WORDS[strong[0]]


def _numbers(schema: Schema) -> list[Column]:
    return [column for column in schema.by_name if column.numeric and column.role in (Role.NUMBER, Role.TARGET)]
