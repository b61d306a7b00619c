"""Cells that hold nothing."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import ColumnCounts, RecordSample, ValueCounts
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import Measure
from karat.core.record_cells import Doubts, RecordCells
from karat.core.schema import Column, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.by_value import share

# below, one blank cell says nothing about the column; flat from 50 to 200 (benchmarks/constants.md): where that ends
# is a judgement
MIN_RECORDS = 100
# a column with fewer gaps is one that everybody fills in; flat from 0.000751 to 0.003 (benchmarks/constants.md):
# higher names gaps that are meant
REQUIRED = 0.0015
FEW_CATEGORIES = 30  # unproven: of a column that may decide who is asked; more fit by chance

ALMOST_FULL = 0.95  # 102 of 102 such gaps were gaps that should not be (benchmarks/generated_tables.md)


@dataclass(frozen=True)
class GapCounts:
    """Value counts, and whole records to see where gaps come from."""

    counts: ValueCounts
    sample: RecordSample

    def merge(self, other: "GapCounts") -> "GapCounts":
        """Both parts together."""
        return GapCounts(self.counts.merge(other.counts), self.sample.merge(other.sample))


@dataclass(frozen=True)
class MissingValues(Check):
    """Blank cells and texts that stand for blank, counted per column.

    A model must guess what is absent, and gaps are seldom spread by chance: what is missing biases what is left. Gaps
    that another column explains whole (no pregnancy count for men) are named as structural and not counted.
    A single cell is a finding where nearly every other record of the column has a value.

    Source: Little & Rubin (2019), Statistical Analysis with Missing Data; ISO/IEC 5259-2 value completeness.

    Parameters
    ----------
    max_required_gaps : float
        Share of gaps, in [0, 1], below which a column counts as one that must be filled.
    """

    dimension: ClassVar[Dimension] = Dimension.COMPLETENESS
    measure_name: ClassVar[str] = "value completeness"

    max_required_gaps: float = REQUIRED

    def learn(self, block: Block) -> GapCounts:
        """Value counts and a record sample."""
        return block.memo(GapCounts, lambda: GapCounts(ValueCounts.of(block), RecordSample.of(block)))

    def judge(self, state: GapCounts, block: Block, before: GapCounts | None = None) -> pa.Table | DoesNotApply:
        """Blank cells in columns that everybody fills in."""
        out = [self.found(0, confidence=0.0, message="")]
        for column in _columns(block.schema):
            counts = state.counts.columns.get(column.name)
            if counts is None or not self._required(counts):
                continue
            at = np.flatnonzero(block.encoded(column.name)[0] < 0)
            message = f"blank, though {share(counts.records - counts.blank, counts.records)} of the column hold a value"
            here = {"row": block.rows[at], "column": column.name}
            out.append(self.found(len(at), confidence=ALMOST_FULL, message=message, **here))
        return pa.concat_tables(out)

    def _required(self, counts: ColumnCounts) -> bool:
        """Is it a column that everybody fills in?"""
        few = max(1.0, self.max_required_gaps * counts.records)
        return counts.blank <= few and counts.records >= MIN_RECORDS

    def doubts(self, state: GapCounts, schema: Schema) -> Doubts:
        """Records with a blank in a column that everybody fills in."""
        known = state.counts.columns
        names = [c.name for c in _columns(schema) if c.name in known and self._required(known[c.name])]

        def look(cells: RecordCells) -> list[int]:
            blank = [name for name in names if None in cells.texts(name) and name in cells.sent]
            return sorted({at for name in blank for at, text in enumerate(cells.texts(name)) if text is None})

        return look

    def conclude(self, state: GapCounts, schema: Schema) -> pa.Table:
        """One finding for each column with gaps."""
        rows = [(column.name, *gaps) for column in _columns(schema) if (gaps := self._gaps(state, schema, column))]
        names, messages, values = (list(part) for part in zip(*rows, strict=True)) if rows else ([], [], [])
        return self.found(len(names), column=names, value=values, confidence=1.0, message=messages)

    def _gaps(self, state: GapCounts, schema: Schema, column: Column) -> tuple[str, str | None] | None:
        counts = state.counts.columns.get(column.name)
        if counts is None:
            return None
        written = gap_texts(counts, column)
        missing = counts.blank + sum(written.values())
        if not missing:
            return None
        ways = ([f"{counts.blank:,} blank"] if counts.blank else []) + [
            f"{n:,} as {text!r}" for text, n in written.items()
        ]
        because = structural(state.sample, schema).get(column.name)
        message = f"{share(missing, counts.records)} hold no value: {', '.join(ways)}"
        return message + (f"; structural: absent exactly where {because}" if because else ""), next(iter(written), None)

    def measures(self, state: GapCounts, schema: Schema, findings: pa.Table) -> list[Measure]:
        """Gaps among all cells, structural ones left out."""
        explained = structural(state.sample, schema)
        bad = total = 0
        for column in _columns(schema):
            counts = state.counts.columns.get(column.name)
            if counts is not None and column.name not in explained:
                bad += counts.blank + sum(gap_texts(counts, column).values())
                total += counts.records
        return [Measure(self.measure_name, self.standard, bad, total)] if total else []

    def measures_after(self, state: GapCounts, schema: Schema, findings: pa.Table, ledger: pa.Table) -> list[Measure]:
        """Gaps that were filled no longer count; a gap written in another way is one still."""
        filled, explained = 0, structural(state.sample, schema)
        for column in _columns(schema):
            if column.name in explained:
                continue
            cells = ledger.filter(pc.and_(pc.equal(ledger["column"], column.name), pc.is_valid(ledger["after"])))
            gaps = pa.array(["", *column.nulls], pa.string())
            filled += sum(pc.is_in(pc.fill_null(cells["before"], ""), gaps).to_pylist())
            filled -= sum(pc.is_in(cells["after"], gaps).to_pylist())
        return [replace(m, bad=max(0, m.bad - filled)) for m in self.measures(state, schema, findings)]


def gap_texts(counts: ColumnCounts, column: Column) -> dict[str, int]:
    """How often each of the column's texts for missing occurs, where it does."""
    if not column.nulls:
        return {}
    nulls = set(column.nulls)
    return {text: int(n) for text, n in zip(counts.values, counts.counts, strict=True) if text in nulls}


def structural(sample: RecordSample, schema: Schema) -> dict[str, str]:
    """Columns whose gaps are exactly the records with one value of another column, and that value, in words."""
    key = "structural " + ",".join(f"{column.name}{column.nulls}" for column in schema)
    return derived(sample, key, lambda: _structural(sample, schema))


def _structural(sample: RecordSample, schema: Schema) -> dict[str, str]:
    block = sample.block(schema)
    gaps = {column.name: block.missing(column.name) for column in _columns(schema)}
    gappy = {name: gap for name, gap in gaps.items() if 5 <= gap.sum() <= 0.95 * len(gap)}
    out: dict[str, str] = {}
    for column in _columns(schema) if gappy else ():
        codes, values = block.encoded(column.name)
        if not 2 <= len(values) <= FEW_CATEGORIES or (codes < 0).any():
            continue
        size = np.bincount(codes, minlength=len(values))
        for name, gap in gappy.items():
            if name == column.name or name in out:
                continue
            missing = np.bincount(codes[gap], minlength=len(values))
            whole = missing == size
            if (whole | (missing == 0)).all():
                condition = " or ".join(repr(values[at]) for at in np.flatnonzero(whole)[:3])
                out[name] = f"{column.name} is {condition}"
    return out


def _columns(schema: Schema) -> list[Column]:
    """All columns but pictures: one that is blank throughout is told too, though nothing else can be made of it."""
    return [column for column in schema if column.type != "binary"]
