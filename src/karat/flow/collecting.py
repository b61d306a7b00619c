"""Room 1: read what is there, quarantine what cannot be read, and say what the columns are."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.counts import RecordSample, ValueCounts
from karat.core.errors import InputError
from karat.core.schema import Schema
from karat.flow.dataset import Dataset
from karat.flow.engine import in_order
from karat.flow.folder import read_json, write_json, write_table
from karat.flow.job import Job

QUARANTINE = pa.schema(
    [
        ("source", pa.string()),
        ("line", pa.int64()),
        ("offset", pa.int64()),
        ("length", pa.int64()),
        ("row", pa.int64()),
        ("error", pa.string()),
        ("raw", pa.binary()),
    ]
)


def collect(job: Job, place: Path) -> Mapping[str, Any]:
    """Read the input into ``raw.arrow``, ``quarantine.parquet`` and ``schema.json``."""
    from karat.collect.read import open_data
    from karat.collect.write import write_blocks

    wants = job.settings.collect
    reading = open_data(resolved(job.data), query=wants.query or None, kind=wants.kind)
    count = write_blocks(reading, place / "raw.arrow")
    quarantined = pa.Table.from_pylist(reading.quarantine, schema=QUARANTINE)
    if not count:
        raise InputError("at least one record wanted", "none that could be read", job.name, "look at the file")
    write_table(place / "quarantine.parquet", quarantined)
    schema = infer(place / "raw.arrow", reading.names, dict(reading.types), job)
    write_json(place / "schema.json", schema.to_json())
    sources = [dict(source) for source in reading.sources]
    return {
        "records": count,
        "columns": len(schema),
        "quarantined": quarantined.num_rows,
        "sources": sources,
        "first_errors": [f"line {q['line']}: {q['error']}" for q in reading.quarantine[:2]],
    }


def infer(path: Path, names: tuple[str, ...], types: dict[str, str], job: Job) -> Schema:
    """The columns' roles and types, from one pass over the blocks."""
    from karat.collect.roles import infer_schema
    from karat.core.schema import Column, Role

    binary = {name for name, kind in types.items() if kind == "binary"}
    plain = Schema(
        tuple(
            Column(name, Role.IMAGE if name in binary else Role.TEXT, "binary" if name in binary else "string")
            for name in names
        )
    )
    data = Dataset(plain, path=path)
    counts, sample = None, None
    for one, some in in_order(lambda block: (ValueCounts.of(block), RecordSample.of(block)), data, job.workers):
        counts = one if counts is None else counts.merge(one)
        sample = some if sample is None else sample.merge(some)
    assert counts is not None
    assert sample is not None
    wants = job.settings.collect
    return infer_schema(counts, sample, target=wants.target or None, overrides=wants.columns, types=types)


def raw_data(place: Path, now: Any = None) -> Dataset:
    """What ``collect`` left behind, as a data set."""
    extra = {} if now is None else {"now": now}
    return Dataset(Schema.from_json(read_json(place / "schema.json")), path=place / "raw.arrow", extra=extra)


def resolved(data: Any) -> Any:
    """``RUN@N`` as the table of that version; anything else as it is."""
    if not isinstance(data, (str, Path)) or "@" not in str(data):
        return data
    folder, _, version = str(data).rpartition("@")
    if not (Path(folder) / "store").is_dir():
        return data
    from karat.store.versions import Store

    table, _ = Store(Path(folder) / "store").read(int(version) if version.isdigit() else version)
    return table


def quarantine_count(place: Path) -> int:
    """How many stretches could not be read."""
    return int(pq.read_metadata(place / "quarantine.parquet").num_rows)


def in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    quarantined = (
        f" · {summary['quarantined']:,} quarantined ({'; '.join(summary['first_errors'])})"
        if summary["quarantined"]
        else ""
    )
    total = summary["records"] + summary["quarantined"]
    return f"{total:,} lines → {summary['records']:,} records × {summary['columns']} columns{quarantined}"
