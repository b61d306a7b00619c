"""``karat look``: how a file is read, before anything is done with it."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat import kinds
from karat.collect.assumed import Assumption, ReadingOptions, reading_of
from karat.collect.files import TEXTS
from karat.collect.read import known_endings, open_data
from karat.core.block import Block
from karat.core.errors import InputError, KaratError
from karat.core.finding import SURE
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Check
from karat.core.words import many
from karat.flow import collecting
from karat.flow.data_reference import resolved
from karat.flow.dataset import ROW_AT
from karat.flow.folder import read_json
from karat.flow.job import Job
from karat.flow.kinds import kind_of
from karat.flow.loading import longest_column
from karat.flow.settings import CollectSettings, Settings
from karat.kinds import Layout, Recognised
from karat.quality.consistency.ambiguous_writings import AmbiguousWritings
from karat.quality.consistency.inconsistent_formats import InconsistentFormats
from karat.quality.consistency.total_rows import TotalRows
from karat.quality.consistency.units_in_numbers import UnitsInNumbers

MOST_RECORDS = 20_000  # cost: records that are read, about a second; of more, the run reads the rest
MOST_DOCUMENTS = 500  # cost: documents that are read
EXAMPLES = 3  # definition: values shown of each column
ENDINGS = 5  # display: endings of files that a line names
LONGEST_VALUE = 200  # display: characters of a value that are kept
ELSEWHERE = 0.5  # display: how clear a decimal mark is that other columns of the source decide
MARKS = {",": ".", ".": ","}  # definition: the decimal marks, each with the other
# What the checks of writing say of whole columns tells how a column is read
OF_COLUMNS: tuple[type[Check], ...] = (AmbiguousWritings, InconsistentFormats, UnitsInNumbers)


@dataclass(frozen=True)
class SeenColumn:
    """A column as it is read.

    Parameters
    ----------
    values : tuple of str
        The first distinct values, at most ``EXAMPLES``.
    blank : int
        Cells without a value.
    notes : tuple of str
        What is written in several ways, or can be read in two.
    """

    column: Column
    values: tuple[str, ...]
    blank: int
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        own = self.column
        optional = {name: getattr(own, name) for name in ("format", "thousands", "unit") if getattr(own, name)}
        nulls = {"nulls": list(own.nulls)} if own.nulls else {}
        decimal = {"decimal": own.decimal} if own.type == "float64" else {}
        return {
            "name": own.name,
            "role": str(own.role),
            "type": own.type,
            "meanings": list(own.meanings),
            "values": list(self.values),
            "blank": self.blank,
            **optional,
            **decimal,
            **nulls,
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Look:
    """How a source is read.

    Parameters
    ----------
    source : str
        The path or address.
    kind, kind_reason : str
        The kind of data, and what it was recognised by.
    facts : tuple of (str, str)
        What the kind of data says of the records, by name.
    records : int
        Records read.
    whole : bool
        Are they all there are?
    assumed : tuple of Assumption
        What was assumed in order to read it, each with its runner-up.
    notes : tuple of str
        Rows of totals, stretches that could not be read, files that were passed over.
    files : int
        Files read.
    """

    source: str
    kind: str
    kind_reason: str
    facts: tuple[tuple[str, str], ...]
    records: int
    whole: bool
    assumed: tuple[Assumption, ...]
    columns: tuple[SeenColumn, ...]
    notes: tuple[str, ...]
    files: int
    _block: Block | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Plain values, as ``karat look --json`` prints them."""
        return {
            "source": self.source,
            "files": self.files,
            "kind": self.kind,
            "kind_reason": self.kind_reason,
            "facts": dict(self.facts),
            "records": self.records,
            "all_records": self.whole,
            "reading": reading_of(self.assumed),
            "columns": [column.to_json() for column in self.columns],
            "notes": list(self.notes),
        }

    def same_as(self, other: "Look") -> bool:
        """Were the same columns and cells read?"""
        if self._block is None or other._block is None:
            return self._block is other._block
        return self._block.schema == other._block.schema and self._block.table.equals(other._block.table)


def look(data: Any, settings: Settings) -> Look:
    """Read the beginning of a source, and say how it was read.

    Parameters
    ----------
    data : path, folder, glob, URL, ``RUN@N``, or anything with ``__arrow_c_stream__``
    settings : Settings
        ``[collect]`` sets what is not to be found out.

    Raises
    ------
    InputError, OptionError
        As ``karat assess`` would.
    """
    with tempfile.TemporaryDirectory(prefix="karat-") as scratch:
        job = Job(data, Path(scratch), "assess", settings)
        recognised = kind_of(job)
        return LOOKS[recognised.kind.layout](job, recognised)


def _at_records(job: Job, _: Recognised) -> Look:
    summary, assumed = collecting.read_into(job, job.out, most=MOST_RECORDS)
    schema = Schema.from_json(read_json(job.out / "schema.json"))
    with pa.OSFile(str(job.out / "raw.arrow")) as file:
        table = pa.ipc.open_file(file).read_all()
    rows = np.array(table.column(ROW_AT).to_numpy())
    block = Block(rows, table.remove_column(ROW_AT).combine_chunks(), schema)
    notes = [*_unread(summary), *_totals(block), *_empty_folders(summary), *others_in_words(job, summary)]
    return Look(
        job.source,
        summary["kind"],
        summary["kind_reason"],
        tuple(kinds.of(summary["kind"]).facts(block)),
        len(block),
        len(block) < MOST_RECORDS,
        with_doubts(assumed, block, job.settings.collect),
        _columns(block),
        tuple(notes),
        len(summary["sources"]),
        block,
    )


def _at_documents(job: Job, recognised: Recognised) -> Look:
    """Of documents: the first of them, and how the text they lie in is read."""
    from karat.collect.document_columns import joint_schema, types_of

    wants = job.settings.collect
    options = ReadingOptions.of(wants)
    data = resolved(job.data)
    table, text, sources = _documents(data, recognised, options, wants)
    if not table.num_rows:
        raise InputError(f"{job.name} has no document that can be read", "Look at the file")
    schema = replace(joint_schema(table.column_names, text, [types_of(table, text)]), kind=recognised.kind.name)
    block = Block(np.arange(table.num_rows), table.combine_chunks(), schema)
    summary = collecting.passed_over_in(job, [{"path": path} for path in sources])
    return Look(
        job.source,
        recognised.kind.name,
        recognised.reason,
        tuple(recognised.kind.facts(block)),
        table.num_rows,
        table.num_rows < MOST_DOCUMENTS,
        _assumed_of_documents(data, recognised, options),
        _columns(block),
        tuple(others_in_words(job, summary)),
        len(sources) or 1,
        block,
    )


def _documents(
    data: Any, recognised: Recognised, options: ReadingOptions, wants: CollectSettings
) -> tuple[pa.Table, str, list[str]]:
    """The first documents as text, the column they lie in, and the files they come from."""
    from karat.collect.file_pieces import cuttable, pieces
    from karat.collect.piece_reader import stream

    stored = isinstance(data, (str, Path, list, tuple)) and "://" not in str(data)
    set_by_user = wants.query or options.encoding or options.delimiter or options.header_row or options.sheet
    if stored and not set_by_user and cuttable(data):
        cut = [replace(piece, text=wants.text) if wants.text in piece.columns else piece for piece in pieces(data)]
        parts = _enough(part.table for piece in cut for part in stream(piece))
        table = pa.concat_tables(parts, promote_options="default") if parts else pa.table({})
        return table, wants.text or cut[0].text, sorted({path for piece in cut for path in piece.paths})
    reading = open_data(data, query=wants.query or None, contents=recognised.kind.contents, options=options)
    table = pa.Table.from_batches(list(reading.first(MOST_DOCUMENTS).batches()), reading.schema)
    return table, wants.text or longest_column(table), [str(source["path"]) for source in reading.sources]


def _enough(tables: Iterable[pa.Table]) -> list[pa.Table]:
    """The first documents of some tables, ``MOST_DOCUMENTS`` at most."""
    parts: list[pa.Table] = []
    left = MOST_DOCUMENTS
    for table in tables:
        parts.append(table.slice(0, left))
        left -= len(parts[-1])
        if left <= 0:
            break
    return parts


def _assumed_of_documents(data: Any, recognised: Recognised, options: ReadingOptions) -> tuple[Assumption, ...]:
    """How the text is read that documents lie in; nothing for what has no such form, as archives of pages."""
    try:
        return tuple(open_data(data, contents=recognised.kind.contents, options=options).assumed)
    except KaratError:
        return ()


def with_doubts(assumed: Sequence[Assumption], block: Block, wants: CollectSettings) -> tuple[Assumption, ...]:
    """What was assumed, marked unclear where nothing in a column decides between two ways to read it."""
    check = AmbiguousWritings()
    if not block.schema.suits(check.kinds):
        return tuple(assumed)
    open_ = check.conclude(check.learn(block), block.schema)
    open_ = open_.filter(pc.less(open_["confidence"], SURE))
    out = {entry.what: entry for entry in assumed if entry.what in ("decimal", "date_order")}
    for what, wanted in (("decimal", wants.decimal), ("date_order", wants.date_order)):
        out |= {what: Assumption(what, wanted)} if wanted and what not in out else {}
    names = open_["column"].to_pylist()
    for name, text in zip(names, open_["value"].to_pylist(), strict=True):
        column = block.schema[name]
        if wants.decimal if column.numeric else wants.date_order:
            continue  # the user has decided
        if not column.numeric:
            out.setdefault("date_order", Assumption("date_order", "", "dmy", 0.0))
            continue
        mark = next(char for char in text if char in MARKS)
        value, other = (MARKS[mark], mark) if column.thousands else (mark, MARKS[mark])
        known = out.get("decimal")
        if known is None or known.value == value:
            decided = any(c.type == "float64" and c.decimal == value and c.name not in names for c in block.schema)
            out["decimal"] = Assumption("decimal", value, other, ELSEWHERE if decided else 0.0)
    kept = [out.pop(entry.what, entry) if entry.what in out else entry for entry in assumed]
    return (*kept, *out.values())


def _columns(block: Block) -> tuple[SeenColumn, ...]:
    notes = _notes_of_columns(block)
    return tuple(
        SeenColumn(column, *_values(block, column), tuple(notes.get(column.name, ()))) for column in block.schema
    )


def _values(block: Block, column: Column) -> tuple[tuple[str, ...], int]:
    """The first distinct values of a column, and how many of its cells are blank."""
    cells = block.table[column.name]
    blank = int(cells.null_count)
    if column.role is Role.IMAGE:
        sizes = pc.binary_length(cells.drop_null().slice(0, EXAMPLES)).to_pylist()
        return tuple(f"{size:,} bytes" for size in sizes), blank
    distinct = pc.unique(cells.drop_null())
    kept = (str(text)[:LONGEST_VALUE] for text in distinct.slice(0, EXAMPLES).to_pylist())
    return tuple(" ".join(text.split()) or text for text in kept), blank


def _notes_of_columns(block: Block) -> dict[str, list[str]]:
    """What is written in several ways, by column: of a whole column, else of its cells."""
    notes: dict[str, list[str]] = {}
    for unit in OF_COLUMNS:
        check = unit()
        if not block.schema.suits(check.kinds) or check.applies(block.schema) is not None:
            continue
        state = check.learn(block)
        whole = check.conclude(state, block.schema)
        for column, message in zip(whole["column"].to_pylist(), whole["message"].to_pylist(), strict=True):
            notes.setdefault(column, []).append(message)
        cells = check.judge(state, block)
        told = set(whole["column"].to_pylist())
        for column, line in _of_cells(cells).items():
            notes.setdefault(column, []).extend([] if column in told else [line])
    return notes


def _of_cells(findings: pa.Table) -> dict[str, str]:
    """One line for the cells of each column that are written in another way than the rest."""
    if not isinstance(findings, pa.Table):
        return {}
    lines: dict[str, str] = {}
    sure = findings.filter(pc.greater_equal(findings["confidence"], SURE))
    for column in pc.unique(sure["column"]).to_pylist():
        own = sure.filter(pc.equal(sure["column"], column))
        first = own.slice(0, 1).to_pylist()[0]
        lines[column] = f"{many(own.num_rows, 'cell')} like {first['value']!r}: {first['message']}"
    return lines


def _totals(block: Block) -> list[str]:
    """Rows that sum up the others."""
    check = TotalRows()
    if not block.schema.suits(check.kinds) or check.applies(block.schema) is not None:
        return []
    found = check.judge(check.learn(block), block)
    sure = found.filter(pc.greater_equal(found["confidence"], SURE)).to_pylist()
    return [f"record {row['row']}: {row['message']}" for row in sure[:EXAMPLES]]


def _unread(summary: Mapping[str, Any]) -> list[str]:
    """What could not be read as records."""
    if not summary["quarantined"]:
        return []
    lines = many(summary["quarantined"], "line")
    more = "" if summary["quarantined"] <= len(summary["first_errors"]) else "; …"
    return [f"{lines} set aside, not read as records: {'; '.join(summary['first_errors'])}{more}"]


def others_in_words(job: Job, summary: Mapping[str, Any]) -> list[str]:
    """What else lies in a folder, by ending, and how it is looked at."""
    others = summary.get("files_passed") or {}
    if not others:
        return []
    ways = ", ".join(f"{number:,} {ending or 'without an ending'}" for ending, number in list(others.items())[:ENDINGS])
    read = summary["files"] - sum(others.values())
    line = (
        f"the folder holds {many(summary['files'], 'file')}; {read:,} {'is' if read == 1 else 'are'} read, not {ways}"
    )
    known = [ending for ending in others if ending in known_endings() and ending not in TEXTS]
    return [f"{line}; to read those: karat look '{job.source.rstrip('/')}/*{known[0]}'" if known else line]


def _empty_folders(summary: Mapping[str, Any]) -> list[str]:
    return [f"no picture in the folder {source['path']}" for source in summary["sources"] if source.get("empty")]


LOOKS: Mapping[Layout, Callable[[Job, Recognised], Look]] = {Layout.BLOCKS: _at_records, Layout.PARTS: _at_documents}
