"""What kind of data a job is about: as told, else from a look at its beginning."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from karat.collect.instructions import LISTS, holds_turns
from karat.collect.roles import DOCUMENTS
from karat.collect.tables import is_table
from karat.core.errors import KaratError
from karat.flow.job import Job
from karat.flow.resolving import resolved

if TYPE_CHECKING:
    from karat.collect.corpus import Piece

LONG_TEXT = 200  # characters on average: a document, not a remark
FULL = 0.8
SAMPLE = 200
LOOK_BYTES = 1 << 20
LOOSE = (".txt", ".text")  # a table or a document, as the content tells
ARCHIVES = (".warc", ".wet", ".arc", ".html", ".htm", ".xhtml")
TURNS = frozenset(
    [
        "messages",
        "conversations",
        "conversation",
        "instruction",
        "output",
        "prompt",
        "response",
        "completion",
        "chosen",
        "rejected",
        "question",
        "answer",
    ]
)


def kind_of(job: Job) -> str:
    """``corpus``, or ``table`` for all else that the tables' corridor takes.

    A corpus is only inferred without a target and with one column of long texts, which is alone or has the name of
    documents, or where a text profile is named; a
    text file whose lines fall into fields is a table.
    """
    wants = job.settings.collect
    if wants.kind is not None:
        return wants.kind
    if job.settings.clean.profile or wants.text:
        return "corpus"
    if wants.target or wants.query or wants.delimiter or wants.header_row or wants.sheet:
        return "table"
    return "corpus" if _is_corpus(resolved(job.data)) else "table"


def _is_corpus(data: Any) -> bool:
    if isinstance(data, (str, Path)):
        text = str(data).lower()
        if "://" in text or any(ending in Path(text).name for ending in ARCHIVES):
            return any(ending in text for ending in ARCHIVES[:3])
        if Path(data).suffix.lower() in LOOSE and Path(data).is_file() and is_table(Path(data)):
            return False
        return _has_one_text(_first_records(data))
    if isinstance(data, pa.Table):
        return _has_one_text(data.slice(0, SAMPLE))
    return False


def _first_records(data: str | Path) -> pa.Table | None:
    """The first records of what stands at a path; None where they cannot be read that way."""
    from karat.collect.corpus import pieces, stream

    try:
        part = next(stream(_beginning(data) or pieces(data)[0], LOOK_BYTES), None)
    except (KaratError, OSError, ValueError, pa.ArrowException):
        return None
    return None if part is None else part.table.slice(0, SAMPLE)


def _beginning(data: str | Path) -> "Piece | None":
    """The beginning of the first file, where it is a large one of lines: to cut all of it is to look at all of it."""
    from karat.collect.corpus import Piece
    from karat.collect.corpus.pieces import _files, _is_document, _looked_at

    first = min(_files(data), key=lambda file: file.path.as_posix())
    if first.form != "json lines" or first.packed or first.path.stat().st_size <= LOOK_BYTES or _is_document(first):
        return None
    codec, columns, text = _looked_at(first)
    with first.path.open("rb") as file:
        end = file.read(LOOK_BYTES).rfind(b"\n") + 1
    return Piece(first.form, (str(first.path),), (first.name,), columns, text, end=end, codec=codec) if end else None


def _has_one_text(table: pa.Table | None) -> bool:
    if table is None or not table.num_rows or len(TURNS.intersection(map(str.casefold, table.column_names))) > 1:
        return False
    if any(holds_turns(table.column(name).to_pylist()) for name in set(table.column_names) & set(LISTS)):
        return False
    sizes = _mean_lengths(table)
    long = [name for name, size in sizes.items() if size >= LONG_TEXT]
    return len(long) == 1 and _filled(table.column(long[0])) >= FULL and _holds_documents(table, long[0])


def _holds_documents(table: pa.Table, name: str) -> bool:
    """Records that have a long note, whatever its name, are not documents: as a corpus they would be removed."""
    return table.num_columns == 1 or name.casefold() in DOCUMENTS


def _mean_lengths(table: pa.Table) -> Mapping[str, float]:
    kinds = (pa.string(), pa.large_string(), pa.string_view())
    columns = {name: table.column(name) for name, kind in zip(table.column_names, table.schema.types, strict=True)}
    return {name: pc.mean(pc.utf8_length(held)).as_py() or 0.0 for name, held in columns.items() if held.type in kinds}


def _filled(column: pa.ChunkedArray) -> float:
    return 1.0 - int(column.null_count) / max(1, len(column))
