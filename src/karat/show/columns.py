"""The columns of a data set for a reader: role, type, gaps, shape, and what was found in each."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.finding import SURE
from karat.core.schema import Column, Role, Schema
from karat.show.charts import histogram
from karat.show.language import plain
from karat.show.masking import masked
from karat.show.run_files import Facts
from karat.show.words import plain as number
from karat.show.words import short, value

MAX_COLUMNS = 80  # display: of a data set
MAX_RECORDS = 100_000  # cost: that a column's shape is drawn from
MAX_LEVELS = 4  # display: values of a column
MAX_WRONG = 12  # display: values of a column that were reported
MAX_SAMPLES = 5  # display: records of a column, evenly over the data
MAX_TEXT = 60  # display: characters of a value


class Before:
    """What the cells of each column were before the run changed them, and those of removed records."""

    def __init__(self, ledger: pa.Table) -> None:
        self._by_column: dict[str, list[tuple[str | None, str | None]]] = {}
        names = ("column", "action", "before", "after")
        for column, action, before, after in zip(*(ledger[name].to_pylist() for name in names), strict=True):
            if action in ("set", "edit") and column is not None:
                self._by_column.setdefault(column, []).append((before, after))

    def of(self, column: str) -> list[tuple[str | None, str | None]]:
        """Texts before and after, one pair a change."""
        return self._by_column.get(column, [])


def column_table(facts: Facts) -> tuple[list[dict[str, Any]], int]:
    """One entry per column, and how many columns were left out of a very wide table."""
    if facts.schema is None:
        return [], 0
    shown = list(facts.schema)[:MAX_COLUMNS]
    records = _records(facts.data, ["_row", *(c.name for c in shown)]) if facts.data else None
    cells = facts.findings.filter(pc.is_valid(facts.findings["row"]))
    undone = Before(facts.ledger)
    sure = cells.filter(pc.fill_null(pc.greater_equal(cells["confidence"], SURE), fill_value=False))
    sure_counts = Counter(sure["column"].to_pylist())
    noted = _notes(facts.findings)
    changed = Counter(facts.ledger.filter(pc.is_valid(facts.ledger["column"]))["column"].to_pylist())
    rows = [
        _entry(c, records, sure, undone)
        | {"found": sure_counts[c.name], "changed": changed[c.name], "notes": noted.get(c.name, [])}
        for c in shown
    ]
    return rows, len(facts.schema.columns) - len(shown)


def _records(path: Path, names: list[str]) -> pa.Table | None:
    import pyarrow.parquet as pq

    if path.is_dir():  # a corpus is written in parts; its columns are told by the schema alone
        return None
    file = pq.ParquetFile(path)
    wanted = [name for name in names if name in file.schema_arrow.names]
    batches, seen = [], 0
    for batch in file.iter_batches(columns=wanted):
        batches.append(batch)
        seen += batch.num_rows
        if seen >= MAX_RECORDS:
            break
    return pa.Table.from_batches(batches) if batches else None


def _notes(findings: pa.Table) -> dict[str, list[str]]:
    notes: dict[str, list[str]] = {}
    whole = findings.filter(pc.and_(pc.is_null(findings["row"]), pc.is_valid(findings["column"])))
    for column, message in zip(whole["column"].to_pylist(), whole["message"].to_pylist(), strict=True):
        lines = notes.setdefault(column, [])
        if len(lines) < 3:
            lines.append(short(masked(message) or "", 220))
    return notes


def _entry(column: Column, records: pa.Table | None, cells: pa.Table, undone: Before) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": column.name,
        "role": str(column.role),
        "type": column.type,
        "nulls": column.nulls,
        "missing": None,
        "chart": "",
        "levels": [],
        "levels_before": [],
        "said": "",
        "wrong": _wrong(cells.filter(pc.equal(cells["column"], column.name))["value"]),
        "samples": [],
    }
    if records is None or column.name not in records.column_names:
        return entry
    values = records[column.name]
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    entry["missing"] = values.null_count / max(1, len(values))
    entry["samples"] = _samples(records, values)
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        entry |= _numbers(column, values, cells, undone)
    elif pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        ends = pc.min_max(values)
        entry["said"] = f"{_day(ends['min'])} … {_day(ends['max'])}" if ends["min"].is_valid else ""
    elif pa.types.is_string(values.type) or pa.types.is_boolean(values.type) or pa.types.is_large_string(values.type):
        entry |= _levels(values.cast(pa.string()), undone.of(column.name))
    return entry


def _day(value: pa.Scalar) -> str:
    return str(value.cast(pa.timestamp("s"), safe=False).as_py())[:16]


def _numbers(column: Column, values: pa.ChunkedArray, cells: pa.Table, undone: Before) -> dict[str, Any]:
    numbers = values.drop_null().cast(pa.float64(), safe=False).to_numpy()
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return {}
    if len(np.unique(numbers)) <= MAX_LEVELS:
        return _levels(values.cast(pa.string()), [])
    texts = cells.filter(pc.equal(cells["column"], column.name))["value"].to_pylist()[:2000]
    low, middle, high = np.percentile(numbers, [0, 50, 100])
    marked = np.array([n for n in map(_number, texts) if n is not None])
    earlier = _earlier_numbers(numbers, undone.of(column.name))
    shape = "" if column.role is Role.ID else histogram(numbers, marked, earlier)
    return {"chart": shape, "said": " … ".join(number(float(end)) for end in (low, middle, high))}


def _wrong(texts: pa.ChunkedArray) -> list[tuple[str, int]]:
    """The values reported as wrong, the most frequent first, blanks left out."""
    counted_ = Counter(text for text in texts.to_pylist() if text)
    ranked = sorted(counted_.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_WRONG]
    return [(short(masked(text) or "", MAX_TEXT), n) for text, n in ranked]


def _samples(records: pa.Table, values: pa.ChunkedArray) -> list[tuple[int, Any]]:
    """Some records of a column, evenly over the data: number and value."""
    at: np.ndarray = np.unique(np.linspace(0, len(values) - 1, min(MAX_SAMPLES, len(values))).astype(int))
    at = at[: len(values)]
    rows = records["_row"] if "_row" in records.column_names else None
    return [
        (
            int(rows[int(i)].as_py()) if rows is not None else int(i),
            value(masked(str(text)) if (text := values[int(i)].as_py()) is not None else None, MAX_TEXT),
        )
        for i in at
    ]


def _number(text: str | None) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and np.isfinite(value) else None


def _earlier_numbers(numbers: np.ndarray, undone: list[tuple[str | None, str | None]]) -> np.ndarray | None:
    """The numbers of a column before its changes; None where none was changed."""
    if not undone:
        return None
    known = Counter(numbers.tolist())
    known.subtract(n for n in (_number(after) for _, after in undone) if n is not None)
    known.update(n for n in (_number(before) for before, _ in undone) if n is not None)
    return np.array([n for n, times in known.items() for _ in range(max(0, times))])


def _levels(values: pa.ChunkedArray, undone: list[tuple[str | None, str | None]]) -> dict[str, Any]:
    counts = pc.value_counts(values.drop_null())
    if not len(counts):
        return {}
    names, times = counts.field("values").to_pylist(), counts.field("counts").to_numpy(zero_copy_only=False)
    if len(names) > 0.5 * times.sum() and len(names) > 20:
        lengths = pc.utf8_length(values.drop_null())
        middle = pc.quantile(lengths, 0.5)[0].as_py()
        return {
            "said": plain(
                "{n} different · median length {middle} characters", n=f"{len(names):,}", middle=f"{middle:.0f}"
            )
        }
    order = np.lexsort((np.array(names), -times))[:MAX_LEVELS]
    total = int(times.sum())
    before = Counter(dict(zip(names, times.tolist(), strict=True)))
    before.subtract(after for _, after in undone if after)
    before.update(text for text, _ in undone if text)
    whole = max(1, sum(before.values()))
    levels = [
        (
            short(masked(names[at]) or "", 24),
            round(100 * int(times[at]) / total, 1),
        )
        for at in order
    ]
    earlier = [round(100 * before[names[at]] / whole, 1) for at in order] if undone else [None] * len(order)
    return {
        "levels": levels,
        "levels_before": earlier,
        "said": plain("{n} different", n=f"{len(names):,}") if len(names) > MAX_LEVELS else "",
    }


def roles(schema: Schema) -> str:
    """How many columns of each role, in words."""
    counted = Counter(str(column.role) for column in schema)
    return plain(", ").join(
        f"{n} {plain(role)}" for role, n in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    )
