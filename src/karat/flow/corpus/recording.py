"""Writes data, ledger and findings of a corpus in one pass over its parts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import FINDINGS, findings
from karat.core.patch import LEDGER, changes, record_text
from karat.core.schema import Schema
from karat.flow.corpus import passages, rules
from karat.flow.corpus.passages import Cuts
from karat.flow.corpus.shelf import Parts
from karat.flow.corpus.steps import Step
from karat.flow.corpus.verdicts import Verdicts
from karat.flow.corpus.writing import GroupedParquet
from karat.flow.typed import typed, typed_empty

Tick = Callable[[int, int], None]


@dataclass(frozen=True)
class Recorder:
    """What is known when a corpus is written.

    Parameters
    ----------
    parts : Parts
    schema : Schema
    text : str
        The column that holds the documents.
    verdicts : Verdicts
    steps : dict of str to Step
        What each check is about, by its code.
    profile : str
    limits : mapping of str to float
    cuts : Cuts
        What is cut because an earlier document says it.
    """

    parts: Parts
    schema: Schema
    text: str
    verdicts: Verdicts
    steps: Mapping[str, Step]
    profile: str
    limits: Mapping[str, float]
    cuts: Cuts

    def findings(self, place: Path, tick: Tick) -> dict[str, int]:
        """Write ``findings.parquet``; returns how many findings each check has."""
        counts: dict[str, int] = {}
        with GroupedParquet(place / "findings.parquet", FINDINGS, "message") as out:
            for at in range(len(self.parts)):
                found = self._found(at)
                for code, count in _counted(found["check"]):
                    counts[code] = counts.get(code, 0) + count
                out.write(found)
                tick(at + 1, len(self.parts))
        return counts

    def refined(self, place: Path, tick: Tick) -> tuple[int, int]:
        """Write ``data.parquet`` and ``ledger.parquet``; how many documents stay, and how many edits were made."""
        edits = 0
        with (
            GroupedParquet(place / "data.parquet", typed_empty(self.schema), self.text) as data,
            GroupedParquet(place / "ledger.parquet", LEDGER, "before") as ledger,
        ):
            for at in range(len(self.parts)):
                docs, mended = self.parts.documents_of(at)
                kept = self.verdicts.kept[self._span(at)]
                changed = self.parts.edits(at)
                changed = changed.filter(pa.array(kept[changed["row"].to_numpy()]))
                text = pc.coalesce(mended, docs.column(self.text).combine_chunks())
                text, cut = passages.made(text, self._cuts(at), self.text)
                changed = pa.concat_tables([changed, cut])
                edits += changed.num_rows
                ledger.write(self._ledger(at, docs, kept, changed))
                data.write(self._data(at, docs, text, kept))
                tick(at + 1, len(self.parts))
            return data.records, edits

    def _span(self, at: int) -> slice:
        return slice(int(self.parts.first_rows[at]), int(self.parts.first_rows[at + 1]))

    def _cuts(self, at: int) -> pa.Table:
        return self.cuts.within(int(self.parts.first_rows[at]), int(self.parts.first_rows[at + 1]))

    def _data(self, at: int, docs: pa.Table, text: pa.Array, kept: np.ndarray) -> pa.Table:
        place = docs.schema.get_field_index(self.text)
        whole = docs.set_column(place, self.text, text).filter(pa.array(kept))
        return typed(whole, np.flatnonzero(kept) + self.parts.first_rows[at], self.schema)

    def _ledger(self, at: int, docs: pa.Table, kept: np.ndarray, edits: pa.Table) -> pa.Table:
        """Removals and edits in the order of the documents."""
        first = int(self.parts.first_rows[at])
        gone = np.flatnonzero(~kept)
        verdicts, span = self.verdicts, gone + first
        keeper = verdicts.keeper[span]
        drops = changes(
            len(gone),
            row=span,
            action="drop",
            before=record_text(docs, gone) if len(gone) else [],
            check=_codes(verdicts, span),
            confidence=1.0,
            measure=_numbers(verdicts.measure[span]),
            limit=_numbers(verdicts.limit[span]),
            keeper=pa.array(keeper, pa.int64(), mask=keeper < 0),
        )
        moved = edits.set_column(0, "row", pc.add(edits["row"], first))
        both = pa.concat_tables([drops, moved.cast(LEDGER)])
        order = np.argsort(both["row"].to_numpy(), kind="stable")
        return both.take(pa.array(order))

    def _found(self, at: int) -> pa.Table:
        """Every rule a document breaks, its duplicates, and what is mended in it; in the order of the documents."""
        first, facts = int(self.parts.first_rows[at]), self.parts.facts(at)
        made = [FINDINGS.empty_table()]
        told: set[str] = set()
        for code, rows, measure, limit in rules.failing(facts, self.profile, self.limits):
            told.add(code)
            made.append(self._findings(code, rows + first, measure, np.full(len(rows), limit)))
        span = self._span(at)
        for place, code in enumerate(self.verdicts.steps):
            rows = np.flatnonzero(self.verdicts.step[span] == place) + first
            if len(rows) and code not in told:
                made.append(self._findings(code, rows, self.verdicts.measure[rows], self.verdicts.limit[rows]))
        places = [table.select(["row", "check", "span_start"]) for table in (self.parts.edits(at), self._cuts(at))]
        edits = pa.concat_tables(places).group_by(["row", "check"], use_threads=False).aggregate([("check", "count")])
        for code in sorted(set(edits["check"].to_pylist())):
            mine = edits.filter(pc.equal(edits["check"], code))
            counts = mine["check_count"].to_numpy().astype(float)
            made.append(self._findings(code, mine["row"].to_numpy() + first, counts, np.zeros(len(counts))))
        whole = pa.concat_tables(made)
        return whole.take(pa.array(np.argsort(whole["row"].to_numpy(), kind="stable")))

    def _findings(self, code: str, rows: np.ndarray, measure: np.ndarray, limit: np.ndarray) -> pa.Table:
        step = self.steps[code]
        keeper = self.verdicts.keeper[rows].tolist()
        cells = zip(measure.tolist(), limit.tolist(), keeper, strict=True)
        said = [step.message(value, bound, beside) for value, bound, beside in cells]
        column = self.text if step.column else None
        about: dict[str, Any] = {"row": rows, "column": column, "confidence": step.confidence, "message": said}
        return findings(code, step.dimension, len(rows), **about)


def _codes(verdicts: Verdicts, rows: np.ndarray) -> pa.Array:
    return pa.array(verdicts.steps, pa.string()).take(pa.array(verdicts.step[rows]))


def _numbers(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _counted(codes: pa.ChunkedArray) -> list[tuple[str, int]]:
    held = pc.value_counts(codes.combine_chunks())
    return [(entry["values"], entry["counts"]) for entry in held.to_pylist()]
