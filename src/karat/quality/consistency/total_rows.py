"""Rows of totals among the records."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check

# "Total" and "sum" as the first cell of a row, in the languages of the ten largest spreadsheet locales.
TOTAL = re.compile(
    r"(?i)\W*((grand|sub|gesamt)[ -]?)?(totals?|totale|totaal|sum|summe|suma|somme|soma|итого|всего|σύνολο|toplam|"
    r"gesamt|razem|合计|总计|小计|总和|共计|合計|總計|小計|합계|총계)\b\W*"
)
EXACT = 1e-6  # relative: the sum itself, but for rounding; print of R shows seven digits (R manual, options: digits)
NEAR = 0.1  # the sum of what the column held before some of its cells were damaged; unproven
SURE_SUM, NEAR_SUM, WORD_ALONE = 0.97, 0.75, 0.4  # unproven: confidences
SCALE = 10**6  # definition: sums are of whole millionths, so that they do not depend on the order of addition
MAX_CANDIDATES = 100  # cost: further totals are not judged
LEAST = -1e300  # definition: no number yet


@dataclass(frozen=True)
class Candidate:
    """A record whose words are words for a total."""

    row: int
    label: str
    blank: int
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Sums:
    """Sums, counts and largest values of the numeric columns, without the candidates; and the candidates.

    ``filled`` counts the cells with content, some of which may hold a number that is not read.
    """

    sums: tuple[int, ...]
    counts: tuple[int, ...]
    filled: tuple[int, ...]
    most: tuple[float, ...]
    records: int
    candidates: tuple[Candidate, ...]

    def merge(self, other: "Sums") -> "Sums":
        return Sums(
            tuple(a + b for a, b in zip(self.sums, other.sums, strict=True)),
            tuple(a + b for a, b in zip(self.counts, other.counts, strict=True)),
            tuple(a + b for a, b in zip(self.filled, other.filled, strict=True)),
            tuple(max(a, b) for a, b in zip(self.most, other.most, strict=True)),
            self.records + other.records,
            _bounded((*self.candidates, *other.candidates)),
        )


@dataclass(frozen=True)
class TotalRows(Check):
    """Rows that sum up the records above them, as spreadsheets have them at the end.

    A model takes such a row for one more record, far larger than all others. Its words are words for a total, most of
    its cells are blank, and its numbers are the sums of their columns.

    Source: Christodoulakis et al. (2020), Pytheas: pattern-based table discovery in CSV files, VLDB 13(12).
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "records that are none"
    unit: ClassVar[str] = "records"
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})
    at_the_door: ClassVar[bool] = False

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return (
            None
            if any(column.numeric for column in schema) and len(schema) > 1
            else DoesNotApply("no column of numbers beside another")
        )

    def learn(self, block: Block) -> Sums:
        numeric = [column.name for column in block.schema if column.numeric]
        values = np.array([block.numbers(name) for name in numeric]).reshape(len(numeric), len(block))
        candidates = _candidates(block, values)
        values[:, [at for at, _ in candidates]] = np.nan
        others = np.isin(np.arange(len(block)), [at for at, _ in candidates], invert=True)
        present = [others & ~np.asarray(block.text(name).is_null()) for name in numeric]
        full = np.isfinite(values) & (np.abs(values) < 1e12)
        whole = np.where(full, np.rint(np.where(full, values, 0.0) * SCALE), 0.0)
        return Sums(
            tuple(sum(map(int, row.tolist())) for row in whole),
            tuple(map(int, full.sum(axis=1))),
            tuple(int(keep.sum()) for keep in present),
            tuple(float(row[keep].max()) if keep.any() else LEAST for row, keep in zip(values, full, strict=True)),
            len(block),
            _bounded(tuple(candidate for _, candidate in candidates)),
        )

    def judge(self, state: Sums, block: Block, before: Any = None) -> pa.Table:
        inside = set(block.rows.tolist())
        numeric = [column.name for column in block.schema if column.numeric]
        judged = [
            (candidate.row, *_verdict(candidate, state, numeric, len(block.schema)))
            for candidate in state.candidates
            if candidate.row in inside
        ]
        rows, sure, said = zip(*judged, strict=True) if judged else ((), (), ())
        return self.found(len(rows), row=list(rows), confidence=list(sure), message=list(said))

    def total(self, state: Sums, schema: Schema) -> int:
        return state.records


def _bounded(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """No more than ``MAX_CANDIDATES``, the same for any order of the records."""
    ranked = sorted(candidates, key=lambda candidate: (candidate.label, candidate.blank, str(candidate.values)))
    return tuple(ranked[:MAX_CANDIDATES])


def _candidates(block: Block, values: np.ndarray) -> list[tuple[int, Candidate]]:
    """Place and record of rows whose only words are words for a total, and at most half full."""
    out = []
    texts = {column.name: block.text(column.name) for column in block.schema if column.type != "binary"}
    unread = {column.name: ~np.isfinite(block.numbers(column.name)) for column in block.schema if column.numeric}
    named = np.zeros(len(block), bool)
    for name, text in texts.items():
        # a column of numbers holds the word where its first column is a number of the record
        distinct = text.filter(pa.array(unread[name])).unique() if name in unread else block.coded(name)[1]
        wordy_texts = distinct.filter(pc.invert(pc.match_substring_regex(distinct, "[0-9]"))).to_pylist()
        words = {text for text in wordy_texts if text and TOTAL.fullmatch(text)}
        if words:
            named |= np.array([cell in words for cell in text.to_pylist()])
    for at in np.flatnonzero(named).tolist():
        filled = sum(bool((text[at].as_py() or "").strip()) for text in texts.values())
        wordy = [name for name in texts if name not in unread or unread[name][at]]
        said = [cell for name in wordy if (cell := texts[name][at].as_py() or "").strip()]
        numbers = tuple(float(value) if np.isfinite(value) else None for value in values[:, at])
        blank = len(texts) - filled
        if all(map(TOTAL.fullmatch, said)) and 2 * blank >= len(texts) - 1 and any(n is not None for n in numbers):
            out.append((at, Candidate(int(block.rows[at]), said[0], blank, numbers)))
    return out


def _verdict(candidate: Candidate, state: Sums, names: list[str], width: int) -> tuple[float, str]:
    """Confidence and evidence that a record is a row of totals."""
    said = f"the row says {candidate.label!r} and {candidate.blank} of its {width} cells are blank"
    exact, near = [], []
    columns = zip(names, candidate.values, state.sums, state.counts, state.filled, state.most, strict=True)
    for name, value, total, count, filled, most in columns:
        if value is None or count < 2:
            continue
        words = f"{value:,.10g} in {name!r} is {{}} the sum of the other {count:,} numbers, {total / SCALE:,.10g}"
        if _off(value, total / SCALE) <= EXACT:
            exact.append(words.format("equal to"))
        elif _off(value, total / SCALE * filled / count) <= NEAR and value > most:
            unread = f", and {filled - count:,} cells are not read as numbers" if filled > count else ""
            near.append(words.format("close to" if not unread else "more than") + unread)
    present = sum(value is not None for value in candidate.values)
    if exact and len(exact) + len(near) == present:
        return SURE_SUM, f"{said}; {exact[0]}: a row of totals"
    if exact or near:
        return NEAR_SUM, f"{said}; {(exact or near)[0]}: a row of totals"
    return WORD_ALONE, f"{said}, but none of its numbers is the sum of a column"


def _off(value: float, total: float) -> float:
    return abs(value - total) / max(abs(total), 1.0)
