"""Room 1: read what is there, quarantine what cannot be read, and say what the columns are."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from karat import kinds
from karat.collect.assumed import Assumption, ReadingOptions, reading_of, value_assumptions
from karat.collect.assumed import in_words as assumed_in_words
from karat.collect.piece import QUARANTINE
from karat.collect.reading import Reading, named
from karat.core.block import ROW
from karat.core.counts import RecordSample, ValueCounts
from karat.core.errors import InputError, OptionError
from karat.core.schema import Role, Schema
from karat.core.words import many
from karat.flow.data_reference import resolved
from karat.flow.dataset import Dataset
from karat.flow.engine import each_block
from karat.flow.folder import read_json, write_json, write_table
from karat.flow.job import Job, read_now
from karat.flow.masking import HELD, Masking, without_personal_data
from karat.kinds import Kind, Sample

INPUT_ROW = f"{ROW}_input"  # a user's own column of the name that Karat's record numbers have
MOST_ENDINGS = 5  # display: endings of files that were passed over
LABEL_WIDTH = 10  # display: of the names of the modules beside it


def collect(job: Job, place: Path, *, numbered: bool = False) -> Mapping[str, Any]:
    """Read the input into ``raw.arrow``, ``quarantine.parquet`` and ``schema.json``.

    Records are numbered anew; with ``numbered`` the input's own column ``_row`` stays beside that.
    """
    return read_into(job, place, numbered=numbered)[0]


def read_into(
    job: Job, place: Path, *, numbered: bool = False, most: int | None = None
) -> tuple[dict[str, Any], list[Assumption]]:
    """As ``collect``, of the first ``most`` records alone where that is set; and what was assumed in order to read."""
    from karat.collect.read import ANYTHING, open_data
    from karat.collect.write import write_blocks

    wants = job.settings.collect
    options = ReadingOptions.of(wants)
    contents = kinds.of(wants.kind).contents if wants.kind else ANYTHING
    reading = open_data(resolved(job.data), query=wants.query or None, contents=contents, options=options)
    reading = reading if most is None else reading.first(most)
    reading = reading if numbered else unnumbered(reading)
    masking = Masking() if job.settings.clean.mask else None
    reading = masking.reading(reading) if masking else reading
    count = write_blocks(reading, place / "raw.arrow")
    quarantined = pa.Table.from_pylist(reading.quarantine, schema=QUARANTINE)
    if masking:
        quarantined = without_personal_data(quarantined)
        write_table(place / HELD, masking.keep(job.out / "vault"))
    if not count:
        raise InputError(f"{job.name} has no record that can be read", "Look at the file and at quarantine.parquet")
    write_table(place / "quarantine.parquet", quarantined)
    schema, reason, mixed = infer(place / "raw.arrow", reading.names, dict(reading.types), job, stored=reading.stored)
    write_json(place / "schema.json", schema.to_json())
    sources = [dict(source) for source in reading.sources]
    assumed = [*reading.assumed, *value_assumptions(schema, options, mixed)]
    return {
        "records": count,
        "columns": len(schema),
        "quarantined": quarantined.num_rows,
        "kind": schema.kind,
        "kind_reason": reason,
        "sources": sources,
        **passed_over_in(job, sources, pictures=bool(schema.with_role(Role.IMAGE))),
        "reading": reading_of(assumed),
        "assumed": assumed_in_words(assumed),
        "first_errors": [_where(q) for q in reading.quarantine[:2]],
    }, assumed


def passed_over_in(job: Job, sources: list[dict[str, Any]], *, pictures: bool = False) -> dict[str, Any]:
    """Of a folder that was read: how many files it holds, and how many were passed over, by ending; else nothing."""
    from karat.collect.files import files_below, passed_over
    from karat.collect.images_idx import idx_pictures

    data = resolved(job.data)
    folder = Path(data).expanduser() if isinstance(data, (str, Path)) else None
    if folder is None or not folder.is_dir() or idx_pictures(folder) is not None:
        return {}
    others = passed_over(folder, [source["path"] for source in sources], pictures=pictures)
    return {"files": len(files_below(folder)), "files_passed": others} if others else {}


def infer(
    path: Path, names: tuple[str, ...], types: dict[str, str], job: Job, stored: Mapping[str, str] | None = None
) -> tuple[Schema, str, dict[str, tuple[str, str]]]:
    """The columns' roles and types, from one pass over the blocks, what the kind of data was recognised by, and the
    commoner and the rarer decimal mark of columns of numbers that hold both.
    """
    from karat.collect.roles import infer_schema
    from karat.core.schema import Column
    from karat.quality.consistency.ambiguous_writings import mixed_marks

    binary = {name for name, kind in types.items() if kind == "binary"}
    plain = Schema(
        tuple(
            Column(name, Role.IMAGE if name in binary else Role.TEXT, "binary" if name in binary else "string")
            for name in names
        )
    )
    data = Dataset(plain, path=path)
    counts, sample = None, None
    for block_counts, some in each_block(
        lambda block: (ValueCounts.of(block), RecordSample.of(block)), data, job.workers
    ):
        counts = block_counts if counts is None else counts.merge(block_counts)
        sample = some if sample is None else sample.merge(some)
    assert counts is not None
    assert sample is not None
    wants = job.settings.collect
    now = read_now(job.settings.now)
    year = None if now is None else int(str(now.astype("datetime64[Y]")))
    said: dict[str, Any] = {"decimal": wants.decimal, "date_order": wants.date_order, "year": year}
    wished: dict[str, Any] = {"target": wants.target or None, "overrides": wants.columns}
    schema = infer_schema(counts, sample, names=names, types=types, **wished, **said)
    schema = with_stored(schema, stored or {}, wants.columns)
    target = schema.target.name if schema.target else ""
    first = data.block(0).table
    seen = Sample(sample.table.select(list(names)), types, "", target, schema, counts, first, tuple(wants.columns))
    kind, reason = _kind(seen, wants.kind)
    mixed = mixed_marks(counts, schema)
    return as_ordered(kind.roles(seen), job.settings.train.monotone, job.settings.train.learner), reason, mixed


def _kind(sample: Sample, wanted: str | None) -> tuple[Kind, str]:
    if wanted:
        return kinds.of(wanted), "as set with --kind"
    known = kinds.recognised(sample)
    return known.kind, known.reason


def with_stored(schema: Schema, stored: Mapping[str, str], chosen: Mapping[str, Mapping[str, object]]) -> Schema:
    """The schema with the exact types of a typed source, but where the user has chosen another type."""
    free = [column for column in schema if column.name in stored and "type" not in chosen.get(column.name, {})]
    return schema.replacing(*(replace(column, stored=stored[column.name]) for column in free))


def as_ordered(schema: Schema, monotone: Mapping[str, str], learner: str) -> Schema:
    """The schema with what the user orders of the model: directions along columns of numbers, and who leads.

    Raises
    ------
    OptionError
        An unknown column or learner, or a column that holds no numbers.
    """
    from karat.train.recipes import led_by

    for name in monotone:
        if name not in schema:
            raise OptionError.unknown("column", name, schema.names, "[train] monotone")
        if schema[name].role is not Role.NUMBER:
            actual = f"a column of role {schema[name].role}"
            raise OptionError(f"[train] monotone names {name!r}, {actual}, not of numbers", "Leave it out")
    ordered = [replace(schema[name], monotone=way) for name, way in monotone.items()]
    return led_by(schema.replacing(*ordered), learner)


def kind_in_words(summary: Mapping[str, Any]) -> str:
    """The line that says what kind of data it is, and by what it was recognised."""
    reason = summary["kind_reason"]
    change = "" if "--kind" in reason else " (change with --kind)"
    return f"\n{'kind':<{LABEL_WIDTH}} {summary['kind']}: {reason}{change}"


def _where(entry: Mapping[str, Any]) -> str:
    """What could not be read, in words: by its line, or by its source where it has none."""
    place = f"line {entry['line']}" if entry["line"] is not None else Path(str(entry["source"])).name
    return f"{place}: {entry['error']}"


def _passed_in_words(summary: Mapping[str, Any]) -> str:
    """The line about files that were not read; nothing where all were."""
    others = summary.get("files_passed") or {}
    if not others:
        return ""
    count = sum(others.values())
    ways = [f"{number:,} {ending or 'without an ending'}" for ending, number in others.items()]
    more = sum(list(others.values())[MOST_ENDINGS:])
    listed = ", ".join(ways[:MOST_ENDINGS]) + (f", {more:,} others" if more else "")
    verb = "was" if count == 1 else "were"
    return f"\n{'files':<{LABEL_WIDTH}} {count:,} of {many(summary['files'], 'file')} {verb} skipped: {listed}"


def raw_data(place: Path, now: Any = None) -> Dataset:
    """What ``collect`` left behind, as a data set."""
    extra = {} if now is None else {"now": now}
    return Dataset(Schema.from_json(read_json(place / "schema.json")), path=place / "raw.arrow", extra=extra)


def unnumbered(reading: Reading) -> Reading:
    """The reading without the record numbers that Karat wrote into it, which are no column of the data.

    Those are whole numbers that a typed source declares, in the first column; another column of their name is the
    user's and becomes ``_row_input``.

    Raises
    ------
    InputError
        While it is read: something among Karat's numbers that is no whole number.
    """
    if ROW not in reading.names:
        return reading
    if reading.types.get(ROW) != "int64" or reading.names[0] != ROW or len(reading.names) == 1:
        return _with_input_row(reading)
    names = tuple(name for name in reading.names if name != ROW)
    odd = InputError(f"column {ROW} does not hold Karat's record numbers", "Give the column another name")

    def pull() -> Iterator[pa.RecordBatch]:
        for batch in reading.batches():
            numbers = batch.column(batch.schema.get_field_index(ROW))
            if not pc.all(pc.match_substring_regex(pc.fill_null(numbers, ""), r"^\d+$"), min_count=0).as_py():
                raise odd
            yield batch.select(list(names))

    return replace(reading, names=names, types={k: v for k, v in reading.types.items() if k != ROW}, pull=pull)


def _with_input_row(reading: Reading) -> Reading:
    """The reading with the user's own column ``_row`` under another name. Raises InputError where that is taken."""
    names = named([INPUT_ROW if name == ROW else name for name in reading.names], f"column {ROW}")
    types = {INPUT_ROW if name == ROW else name: kind for name, kind in reading.types.items()}
    note = Assumption("row_column", INPUT_ROW, words=f"column {ROW!r} is kept as {INPUT_ROW!r}")

    def pull() -> Iterator[pa.RecordBatch]:
        for batch in reading.batches():
            yield batch.rename_columns(list(names))

    return replace(reading, names=names, types=types, pull=pull, assumed=[*reading.assumed, note])


def in_words(summary: Mapping[str, Any]) -> str:
    """The room's line of the summary."""
    quarantined = (
        f" · {summary['quarantined']:,} quarantined ({'; '.join(summary['first_errors'])})"
        if summary["quarantined"]
        else ""
    )
    total = summary["records"] + summary["quarantined"]
    empty = ", ".join(Path(s["path"]).name for s in summary["sources"] if s.get("empty"))
    empty = f" · no picture in the folder {empty}" if empty else ""
    text, passed = summary.get("text"), sum(summary.get("passed", {}).values())
    shape = f"documents in column {text!r}" if text else f"records × {many(summary['columns'], 'column')}"
    passed = f" · {passed:,} records without a document passed over" if passed else ""
    line = f"{total:,} in → {summary['records']:,} {shape}{quarantined}{empty}{passed}"
    line += _passed_in_words(summary) + kind_in_words(summary)
    return line + (f"\n{'read as':<{LABEL_WIDTH}} {summary['assumed']}" if summary.get("assumed") else "")
