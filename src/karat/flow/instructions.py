"""Chat and instruction files on the corridor: the user's test sets come in, records go back in their own shape."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.collect.instructions import originals, rebuilt, written_back
from karat.flow.cleaning import refined_data
from karat.flow.dataset import Dataset

SHAPED = (".jsonl", ".ndjson", ".json")
LINES, DOCUMENT = "data.jsonl", "data.json"


def with_test_sets(data: Dataset, test_sets: Sequence[str]) -> Dataset:
    """The records with the index of the questions they must not hold, where the user named test sets.

    Raises
    ------
    InputError
        A test set cannot be read, or has no question or text in it.
    """
    if not test_sets:
        return data
    from karat.collect.read import open_data
    from karat.quality.contamination import TestSet
    from karat.quality.questions import RUN, listed

    questions: list[str] = []
    for place in test_sets:
        reading = open_data(place)
        for batch in reading.batches():
            questions += listed(batch, place)
    return data.with_extra(test_sets=TestSet.of(questions, RUN), test_questions=questions)


def write_chat(data: Dataset, sources: Sequence[Mapping[str, Any]], place: Path) -> None:
    """Write the records kept as ``data.jsonl``, each in the shape it came in; from a JSON document ``data.json`` too.

    Parameters
    ----------
    data : Dataset
        The raw records.
    sources : sequence of mapping
        The files they were read from, in order, by ``path``.
    place : Path
        Where ``refined.arrow`` and ``ledger.parquet`` lie; the files are written there.
    """
    kept = refined_data(place, data)
    paths = [Path(str(source["path"])) for source in sources]
    shaped = bool(paths) and all(_suffix(path) in SHAPED and path.is_file() for path in paths)
    lines = _edited(paths, place, _rows(kept)) if shaped else _remade(kept)
    document = shaped and all(_suffix(path) == ".json" for path in paths)
    with ExitStack() as stack:
        out = stack.enter_context(_fresh(place / LINES).open("w", encoding="utf-8", newline="\n"))
        whole = stack.enter_context(_fresh(place / DOCUMENT).open("w", encoding="utf-8")) if document else None
        for at, line in enumerate(lines):
            out.write(line + "\n")
            if whole:
                whole.write((",\n" if at else "[\n") + line)
        if whole:
            whole.write("\n]\n" if len(kept) else "[]\n")


WRITERS = {LINES: write_chat}


def _suffix(path: Path) -> str:
    return next((s.lower() for s in reversed(path.suffixes) if s.lower() not in (".gz", ".zst")), "")


def _fresh(path: Path) -> Path:
    path.touch(mode=0o600)
    return path


def _rows(kept: Dataset) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.int64), *(block.rows for block in kept.blocks())])


def _edited(paths: Sequence[Path], place: Path, rows: np.ndarray) -> Iterator[str]:
    """The kept records from their files; what the ledger does not touch stays as it was written there."""
    ledger = pq.read_table(place / "ledger.parquet", columns=["row", "column", "action", "after"])
    cells = ledger.filter(pc.is_in(ledger["action"], pc.cast(["set", "edit"], "string")))
    edits: dict[int, dict[str, str | None]] = {}
    for row, column, after in zip(*(cells[name].to_pylist() for name in ("row", "column", "after")), strict=True):
        edits.setdefault(row, {})[column] = after
    kept = set(rows.tolist())
    records = (original for path in paths for original in originals(path))
    for row, (record, line) in enumerate(records):
        if row in kept:
            if row in edits:
                yield json.dumps(written_back(record, edits[row]), ensure_ascii=False)
            else:
                yield line.decode() if line is not None else json.dumps(record, ensure_ascii=False)


def _remade(kept: Dataset) -> Iterator[str]:
    """The kept records from their columns: what came as a table or from memory has no shape of its own."""
    for block in kept.blocks():
        for record in block.table.to_pylist():
            yield json.dumps(rebuilt(record), ensure_ascii=False)
