"""Columns that say nothing, or nothing new."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import RecordSample, ValueCounts
from karat.core.degrees import SAMPLE
from karat.core.finding import Dimension
from karat.core.measure import Measure
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.core.words import many


@dataclass(frozen=True)
class Variety:
    """How often each value occurs, and whole records to compare columns by."""

    counts: ValueCounts
    sample: RecordSample

    def merge(self, other: "Variety") -> "Variety":
        return Variety(self.counts.merge(other.counts), self.sample.merge(other.sample))


@dataclass(frozen=True)
class LowDiversity(Check):
    """Columns that hold one value in (nearly) every record, and columns that repeat another one.

    A constant teaches nothing, and where it should vary, the data was filtered or a default never overwritten; a
    repeated column counts double in every distance and importance. One finding per column.

    Parameters
    ----------
    constant_share : float
        A value with at least this share of the column's filled cells makes it nearly constant.

    Source: ISO/IEC 5259-2, feature completeness (diversity).
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "feature completeness"
    unit: ClassVar[str] = "columns"
    at_the_door: ClassVar[bool] = False

    constant_share: float = 0.999

    def learn(self, block: Block) -> Variety:
        return Variety(ValueCounts.of(block), RecordSample.of(block))

    def conclude(self, state: Variety, schema: Schema) -> pa.Table:
        parts = [self.found(0, confidence=[], message=[])]
        for name, (value, message) in self._poor(state, schema).items():
            parts.append(self.found(1, column=name, value=value, confidence=0.9, message=message))
        return pa.concat_tables(parts)

    def measures(self, state: Variety, schema: Schema, findings: pa.Table) -> list[Measure]:
        total = len(_judged(schema))
        return (
            [Measure(self.measure_name, self.standard, len(self._poor(state, schema)), total, self.unit)]
            if total and state.sample.records >= SAMPLE
            else []
        )

    def _poor(self, state: Variety, schema: Schema) -> dict[str, tuple[str | None, str]]:
        """Value and message of each column that says nothing new, in the columns' order."""
        return derived(state, f"poor {self.constant_share}", lambda: self._find(state, schema))

    def _find(self, state: Variety, schema: Schema) -> dict[str, tuple[str | None, str]]:
        out: dict[str, tuple[str | None, str]] = {}
        if state.sample.records < SAMPLE:
            return out
        for column in _judged(schema):
            counts = state.counts.columns[column.name]
            full = ~np.asarray(pc.is_in(counts.texts, pa.array(column.nulls, pa.large_string())))
            times = counts.counts[full]
            total, most = int(times.sum()), int(times.max(initial=0))
            if total and counts.whole and most >= self.constant_share * total:
                top = max(counts.texts.filter(pa.array(full)).filter(pa.array(times == most)).to_pylist())
                others = many(len(times) - 1, "other value") if len(times) > 1 else "no other value"
                out[column.name] = (top, f"{most:,} of {total:,} filled cells hold {top!r}; {others}")
        varied = [column.name for column in _judged(schema) if column.name not in out]
        for name, twin in _twins(state.sample.block(schema), varied).items():
            out[name] = (None, f"equals column {twin!r} in all {len(state.sample.rows)} records compared")
        return {column.name: out[column.name] for column in schema if column.name in out}


def _judged(schema: Schema) -> list[Column]:
    return [column for column in schema if column.type != "binary" and column.role not in (Role.IGNORE, Role.TARGET)]


def _twins(block: Block, names: Sequence[str]) -> dict[str, str]:
    """Columns that hold, record by record, the same text as an earlier one."""
    seen: dict[tuple[int, int, str], list[str]] = {}
    out: dict[str, str] = {}
    for name in names:
        codes, values = block.encoded(name)
        if len(values) < 2:
            continue
        key = (len(values), int((codes < 0).sum()), values[0])
        for earlier in seen.setdefault(key, []):
            theirs, texts = block.encoded(earlier)
            if texts == values and np.array_equal(theirs, codes):
                out[name] = earlier
                break
        else:
            seen[key].append(name)
    return out
