"""Lines and passages that stand in many documents: cut from all but the first, after whole copies are gone."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.core.patch import LEDGER, changes
from karat.flow.document_verdicts import Verdicts
from karat.flow.folder import write_table
from karat.flow.part_store import Parts, mended_texts
from karat.quality.consistency.repeated_lines import RepeatedLines
from karat.quality.consistency.repeated_passages import RepeatedPassages

CUTS = pa.schema(
    [
        ("row", pa.int64()),
        ("span_start", pa.int64()),
        ("span_end", pa.int64()),
        ("check", pa.string()),
        ("measure", pa.float64()),
        ("limit", pa.float64()),
        ("keeper", pa.int64()),
    ]
)
FILE = "cuts.parquet"


def find(parts: Parts, text: str, verdicts: Verdicts, place: Path, *, lines: int, tokens: int) -> pa.Table:
    """Where the kept documents repeat what an earlier one says: lines in more than ``lines`` documents, and passages of
    at least ``tokens`` tokens; 0 leaves one out. Written to ``cuts.parquet``.
    """
    cuts = CUTS.empty_table()
    if lines or tokens:
        rows = np.flatnonzero(verdicts.kept)
        kept_texts = place / "kept.arrow"
        _write(parts, text, verdicts, kept_texts)
        with pa.memory_map(str(kept_texts)) as source:
            texts = pa.ipc.open_file(source).read_all().column(0)
            cuts = _cuts(texts, rows, lines, tokens)
        kept_texts.unlink()
    write_table(place / FILE, cuts)
    return cuts


def _write(parts: Parts, text: str, verdicts: Verdicts, path: Path) -> None:
    """The kept documents, uncompressed: they are looked at through a map, whatever their size."""
    schema = pa.schema([("text", pa.large_string())])
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as out:
        for at in range(len(parts)):
            kept = verdicts.kept[int(parts.first_rows[at]) : int(parts.first_rows[at + 1])]
            texts = mended_texts(parts.places[at], text).filter(pa.array(kept)).cast(pa.large_string())
            out.write_batch(pa.record_batch([texts], schema=schema))


def _cuts(texts: pa.ChunkedArray, rows: np.ndarray, lines: int, tokens: int) -> pa.Table:
    from karat.clean.repeated_lines import repeated_lines
    from karat.clean.repeated_substrings import repeated_substrings

    tables = []
    if lines:
        repeats = repeated_lines(texts, min_texts=lines + 1)
        tables.append(_table(repeats, rows, RepeatedLines.code(), repeats["texts"], lines))
    if tokens:
        repeats = repeated_substrings(texts, tokens)
        tables.append(_table(repeats, rows, RepeatedPassages.code(), repeats["tokens"], tokens))
    return _apart(pa.concat_tables(tables))


def _table(repeats: pa.Table, rows: np.ndarray, code: str, measure: pa.ChunkedArray, limit: int) -> pa.Table:
    count = repeats.num_rows
    columns = [
        rows[repeats["row"].to_numpy()],
        repeats["span_start"],
        repeats["span_end"],
        pa.repeat(pa.scalar(code), count),
        measure.cast(pa.float64()),
        pa.repeat(pa.scalar(float(limit)), count),
        rows[repeats["keeper"].to_numpy()],
    ]
    return pa.table(columns, schema=CUTS)


def _apart(cuts: pa.Table) -> pa.Table:
    """Cuts in order; one that begins inside another is left out."""
    ordered = cuts.sort_by([("row", "ascending"), ("span_start", "ascending"), ("span_end", "descending")])
    row, start, end = (ordered[name].to_numpy() for name in ("row", "span_start", "span_end"))
    keep = np.ones(len(row), bool)
    last_row, last_end = -1, 0
    for at in range(len(row)):
        if row[at] == last_row and start[at] < last_end:
            keep[at] = False
        else:
            last_row, last_end = row[at], end[at]
    return ordered.filter(pa.array(keep))


@dataclass(frozen=True)
class Cuts:
    """The cuts of a corpus, asked for a stretch of its documents at a time.

    Parameters
    ----------
    table : pyarrow.Table
        ``CUTS``, in the order of rows and spans.
    """

    table: pa.Table

    @classmethod
    def read(cls, place: Path) -> "Cuts":
        """Those that ``find`` left."""
        return cls(pq.read_table(place / FILE))

    def within(self, first: int, last: int) -> pa.Table:
        """Those of the documents from ``first`` to before ``last``, rows counted from ``first``."""
        rows = self.table["row"].to_numpy()
        low, high = np.searchsorted(rows, [first, last])
        some = self.table.slice(low, high - low)
        return some.set_column(0, "row", pc.subtract(some["row"], first))


def cut_out(texts: pa.Array, cuts: pa.Table, column: str) -> tuple[pa.Array, pa.Table]:
    """Texts with their cuts made, and the ledger rows of them."""
    if not cuts.num_rows:
        return texts, LEDGER.empty_table()
    rows = cuts["row"].to_numpy()
    places = np.unique(rows)
    edges = np.searchsorted(rows, [*places, places[-1] + 1])
    spans = list(zip(cuts["span_start"].to_pylist(), cuts["span_end"].to_pylist(), strict=True))
    left, before = [], []
    for text, begin, end in zip(texts.take(pa.array(places)).to_pylist(), edges[:-1], edges[1:], strict=True):
        rest, cut = _without(text, spans[begin:end])
        left.append(rest)
        before += cut
    where = np.zeros(len(texts), bool)
    where[places] = True
    names = ("row", "span_start", "span_end", "check", "measure", "limit", "keeper")
    about = {name: cuts[name] for name in names}
    ledger = changes(len(rows), column=column, action="edit", confidence=1.0, before=before, after="", **about)
    return pc.replace_with_mask(texts, pa.array(where), pa.array(left, texts.type)), ledger


def _without(text: str, spans: list[tuple[int, int]]) -> tuple[str, list[str]]:
    kept: list[str] = []
    last = 0
    for start, end in spans:
        kept.append(text[last:start])
        last = end
    return "".join([*kept, text[last:]]), [text[start:end] for start, end in spans]
