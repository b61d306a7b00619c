"""Codes that no code book is likely to list, and what their records are like."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import ColumnCounts, RecordSample, ValueCounts
from karat.core.finding import Dimension, DoesNotApply
from karat.core.measure import wilson
from karat.core.schema import Column, Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.accuracy._code_lists import MAX_CODES, Odd, odd_codes
from karat.quality.distinct import Distinct

MIN_TOLD = 5  # records of a code in the sample before its outcome or company is told; display: fewer tell chance
MAX_LISTED = 12  # classes of an outcome; display: of more, none is told


@dataclass(frozen=True)
class CodedRecords:
    """How often each code occurs, and whole records to see its company by."""

    counts: ValueCounts
    sample: RecordSample

    def merge(self, other: "CodedRecords") -> "CodedRecords":
        return CodedRecords(self.counts.merge(other.counts), self.sample.merge(other.sample))


@dataclass(frozen=True)
class UndocumentedCodes(Check):
    """Whole-number codes that do not look like members of their column's list.

    A 0 before a list that counts from 1, codes behind a hole or behind the list's last rare entry, several negative
    codes before a scale of steps: somebody meant something by them, and a model reads them as a quantity. Each is
    told with its share, with how the outcome differs in its records, and with the column in which they differ most,
    so that a person can say what it means: recode it, name it, or blank it. Nothing is changed by itself.

    Source: ISO/IEC 5259-2, value occurrence completeness; Loshin (2010), The practitioner's guide to data quality.
    """

    dimension: ClassVar[Dimension] = Dimension.ACCURACY
    at_the_door: ClassVar[bool] = False
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if _coded(schema) else DoesNotApply("no column of numbers or categories")

    def learn(self, block: Block) -> CodedRecords:
        return CodedRecords(ValueCounts.of(block), RecordSample.of(block))

    def conclude(self, state: CodedRecords, schema: Schema) -> pa.Table:
        """One finding for each odd code, with what is known of its records."""
        rows, sample = [], state.sample.block(schema)
        for column in _coded(schema):
            counts = state.counts.columns.get(column.name)
            for odd in odd_in(counts, column) if counts is not None else ():
                parts = [f"{odd.code} occurs in {odd.records:,} records: {odd.reason}"]
                parts += _company(sample, column, odd.code)
                rows.append((column.name, str(odd.code), odd.confidence, "; ".join(parts)))
        names, values, sure, messages = (list(part) for part in zip(*rows, strict=True)) if rows else ([], [], [], [])
        return self.found(len(names), column=names, value=values, confidence=sure, message=messages)


def _coded(schema: Schema) -> tuple[Column, ...]:
    return schema.with_role(Role.NUMBER, Role.CATEGORY)


def odd_in(counts: ColumnCounts, column: Column) -> list[Odd]:
    """The odd codes of a column; none where its values are not a short list of whole numbers."""

    def make() -> list[Odd]:
        if not counts.whole or not 3 <= len(counts.counts) <= 2 * MAX_CODES:
            return []
        numbers = Distinct.learned(counts, column).numbers
        number = np.isfinite(numbers)
        if counts.counts[number].sum() < 0.99 * counts.counts.sum() or (np.abs(numbers[number]) > 10_000).any():
            return []
        if (numbers[number] != np.round(numbers[number])).any():
            return []
        codes, at = np.unique(numbers[number].astype(np.int64), return_inverse=True)
        return odd_codes(codes, np.bincount(at, counts.counts[number]).astype(np.int64))

    return derived(counts, f"odd codes {column.key}", make)


def _company(block: Block, column: Column, code: int) -> list[str]:
    """How records of a code differ from the others: in the outcome, and in the column that parts them best."""
    here = block.numbers(column.name) == code
    if here.sum() < MIN_TOLD:
        return []
    return [*_outcome(block, here), *_parted(block, column, here)]


def _outcome(block: Block, here: np.ndarray) -> list[str]:
    target = block.schema.target
    if target is None:
        return []
    if block.schema.task == "regression":
        values = block.numbers(target.name)
        mine, others = np.nanmean(values[here]), np.nanmean(values[~here])
        return [f"mean {target.name!r} {mine:.4g} there, {others:.4g} elsewhere"] if np.isfinite(mine) else []
    codes, classes = block.encoded(target.name)
    if not 2 <= len(classes) <= MAX_LISTED:
        return []
    known = codes >= 0
    rare = int(np.bincount(codes[known]).argmin()) if len(classes) == 2 else int(np.bincount(codes[known]).argmax())
    hits, size = int((codes[here & known] == rare).sum()), int((here & known).sum())
    if not size:
        return []
    low, high = wilson(hits, size)
    others = float((codes[~here & known] == rare).mean())
    unlike = "unlike" if not low <= others <= high else "not surely unlike"
    said = f"{target.name!r} is {classes[rare]} in {hits / size:.1%} of them [{low:.1%}, {high:.1%}]"
    return [f"{said}, {unlike} the {others:.1%} elsewhere"]


def _parted(block: Block, column: Column, here: np.ndarray) -> list[str]:
    """The quantity in which the records lie furthest from the others (Kolmogorov and Smirnov's distance)."""
    best = (0.0, "", 0.0, 0.0)
    for other in block.schema.with_role(Role.NUMBER):
        ranks, order = _ranked(block, other)
        if other.name == column.name or not len(order):
            continue
        inside = here[order]
        n, m = int(inside.sum()), int((~inside).sum())
        if n < MIN_TOLD or not m:
            continue
        gap = np.abs(np.cumsum(inside) / n - np.cumsum(~inside) / m)[ranks]
        chance = 1.95 * np.sqrt(1 / n + 1 / m)  # one in a thousand
        if gap.max() > max(chance, best[0]):
            values = block.numbers(other.name)[order]
            best = (float(gap.max()), other.name, float(np.median(values[inside])), float(np.median(values[~inside])))
    _, name, mine_middle, other_middle = best
    return [f"they differ most in {name!r}: median {mine_middle:g} against {other_middle:g}"] if name else []


def _ranked(block: Block, column: Column) -> tuple[np.ndarray, np.ndarray]:
    """Last places of equal values, and the records in order; nothing for another short list of codes."""

    def make() -> tuple[np.ndarray, np.ndarray]:
        values = block.numbers(column.name)
        order = np.argsort(values, kind="stable")[: int(np.isfinite(values).sum())]
        last = np.flatnonzero(np.append(np.diff(values[order]) != 0, True)[: len(order)])
        return (last, order) if len(last) > MAX_CODES else (last[:0], order[:0])

    return block.memo(("ranked", column.name), make)
