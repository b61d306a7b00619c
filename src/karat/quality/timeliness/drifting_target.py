"""A target that changes with the age of the records."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.timeliness.timeline import TimeLine, dated, needs_dates, spoken

MIN_BIN = 50  # flat from 25 to 100 (benchmarks/constants.md): smaller bins differ by chance, larger ones hide when


@dataclass(frozen=True)
class Aged:
    """Whole records, and the times they are aged by."""

    line: TimeLine
    sample: RecordSample

    def merge(self, other: "Aged") -> "Aged":
        return Aged(self.line.merge(other.line), self.sample.merge(other.sample))


@dataclass(frozen=True)
class TargetDrift:
    """How the target differs from its newest part, by age.

    Parameters
    ----------
    starts : ndarray of int64, shape (b,)
        When each bin begins, µs since 1970, oldest first.
    distance : ndarray of float64, shape (b,)
        Total variation distance between the bin's target and the newest bin's, in [0, 1].
    limit : float
        What chance alone reaches once in 1,000.
    sizes : ndarray of int64, shape (b,)
    """

    starts: np.ndarray
    distance: np.ndarray
    limit: float
    sizes: np.ndarray

    @property
    def drifted(self) -> np.ndarray:
        """(b,) bool: bins whose target is not the newest one's."""
        return self.distance > self.limit


@dataclass(frozen=True)
class DriftingTarget(Check):
    """How far the target of old records is from that of the newest ones.

    The records are cut into bins of equal size by their time; each bin's target (classes, or tenths of the numbers'
    range by rank) is compared with the newest bin's. Where it has drifted, old records teach a world that is gone:
    weigh them by age, or split by time before believing a score.

    Parameters
    ----------
    bins : int
        Number of bins by age.
    min_distance : float
        Total variation distance below which a drift is not worth a word, however certain.

    Source: Gama et al. (2014), A survey on concept drift adaptation; ISO/IEC 5259-2, feature currentness.
    """

    dimension: ClassVar[Dimension] = Dimension.TIMELINESS
    measure_name: ClassVar[str] = "feature currentness"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    bins: int = 10
    min_distance: float = 0.1

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return needs_dates(schema) if schema.target else DoesNotApply("no target")

    def learn(self, block: Block) -> Aged:
        return Aged(TimeLine.of(block), RecordSample.of(block))

    def conclude(self, state: Aged, schema: Schema) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        for column in dated(schema):
            drift = self._drift(state, schema, column.name)
            if drift is None or not drift.drifted.any() or schema.target is None:
                continue
            distances = ", ".join(
                f"{distance:.2f} from {spoken(int(start))}"
                for start, distance in zip(drift.starts, drift.distance, strict=True)
            )
            parts.append(
                self.found(
                    1,
                    column=schema.target.name,
                    confidence=0.9,
                    message=f"the target drifts with {column.name!r}: distance from the newest {drift.sizes[-1]} "
                    f"records {distances}; chance reaches {drift.limit:.2f}",
                )
            )
        return pa.concat_tables(parts)

    def measures(self, state: Aged, schema: Schema, findings: pa.Table) -> list[Measure]:
        drifts = [self._drift(state, schema, column.name) for column in dated(schema)]
        kept = [drift for drift in drifts if drift is not None]
        total = sum(int(drift.sizes.sum()) for drift in kept)
        bad = sum(int(drift.sizes[drift.drifted].sum()) for drift in kept)
        return [Measure(self.measure_name, self.standard, bad, total, self.unit)] if total else []

    def _drift(self, state: Aged, schema: Schema, name: str) -> TargetDrift | None:
        return derived(state, f"drift {name} {self.bins} {self.min_distance}", lambda: self._find(state, schema, name))

    def _find(self, state: Aged, schema: Schema, name: str) -> TargetDrift | None:
        block = state.sample.block(schema)
        times = block.times(name).astype("datetime64[us]").view(np.int64)
        codes = _target_codes(block, schema)
        usable = state.line.series(name).inside(times) & (codes >= 0)
        times, codes = times[usable], codes[usable]
        bins = min(self.bins, len(times) // MIN_BIN)
        if bins < 2 or times.min() == times.max():
            return None
        order = np.argsort(times, kind="stable")
        parts = np.array_split(order, bins)
        sizes = np.array([len(part) for part in parts], np.int64)
        shares = np.stack([np.bincount(codes[part], minlength=codes.max() + 1) / len(part) for part in parts])
        distance = np.abs(shares - shares[-1]).sum(axis=1) / 2
        return TargetDrift(np.array([times[part[0]] for part in parts]), distance, self._limit(codes, sizes), sizes)

    def _limit(self, codes: np.ndarray, sizes: np.ndarray) -> float:
        """What the largest distance reaches by chance once in 1,000, by drawing bins without regard to time."""
        rng = np.random.default_rng(0)
        share = np.bincount(codes) / len(codes)
        drawn = rng.multinomial(int(sizes.min()), share, size=(2, 1_000 * (len(sizes) - 1))) / sizes.min()
        apart = np.abs(drawn[0] - drawn[1]).sum(axis=1).reshape(1_000, -1).max(axis=1) / 2
        return max(self.min_distance, float(apart.max()))


def _target_codes(block: Block, schema: Schema) -> np.ndarray:
    """(n,) codes of the target's classes, or tenths of its numbers by rank; -1 where missing."""
    target = schema.target
    if target is None:
        return np.full(len(block), -1)
    if schema.task != "regression":
        return np.where(block.missing(target.name), -1, block.encoded(target.name)[0])
    values = block.numbers(target.name)
    known = ~np.isnan(values)
    edges = np.quantile(values[known], np.linspace(0.1, 0.9, 9)) if known.any() else np.zeros(0)
    return np.where(known, np.searchsorted(edges, values), -1)
