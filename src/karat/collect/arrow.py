"""Arrow files (IPC file and stream, Feather) and anything in memory that speaks Arrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from karat.collect.apart import survives
from karat.collect.limits import MAX_RATIO, Expansion
from karat.collect.reading import BATCH_RECORDS, Reading, named
from karat.collect.stored import missing_file, opened
from karat.collect.typed import BROKEN, picture_columns, text_batch, to_text, types_of, whole_file_wanted
from karat.core.errors import InputError
from karat.core.unit import Source


@dataclass(frozen=True)
class ArrowFile(Source):
    """Reads Arrow files, streams and Feather.

    Types are taken from the file, so that nothing is guessed. Source: Apache Arrow columnar format.

    Parameters
    ----------
    max_ratio : float
        Of the text to the bytes stored.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".arrow", ".arrows", ".feather", ".ipc")
    max_ratio: float = MAX_RATIO

    def read(self, path: Path) -> Reading:
        """The records of one file.

        Raises
        ------
        InputError
            The file is cut, broken, or two columns have one name.
        """
        if not path.exists():
            raise missing_file(path)
        survives(_decoded, path, self.max_ratio)
        entry: dict[str, Any] = {"path": str(path), "bytes": 0, "sha256": "", "records": 0}
        try:
            with opened(path) as file, _reader(file, path) as reader:
                schema, columns = reader.schema, list(reader.schema.names)
                places, _ = picture_columns(schema, iter(reader))
        except BROKEN as error:
            raise whole_file_wanted("Arrow file", path, error) from error
        names = named(columns, str(path))
        pictures = {names[at] for at in places}
        types, stored = types_of(names, schema, pictures)

        def pull() -> Iterator[pa.RecordBatch]:
            text = Expansion(path, self.max_ratio)
            try:
                with opened(path, entry) as file, _reader(file, path) as reader:
                    for batch in reader:
                        entry["records"] += batch.num_rows
                        yield from map(text.counted, _small(batch, names, pictures))
            except BROKEN as error:
                raise whole_file_wanted("Arrow file", path, error) from error

        return Reading(names, pull, types, [entry], stored=stored)


def _reader(file: Any, path: Path) -> Any:
    """A reader of batches; the file format is a stream behind eight bytes of magic."""
    head = file.read(8)
    if head.startswith(b"ARROW1"):
        pa.ipc.open_file(pa.memory_map(str(path))).schema  # noqa: B018  a cut file fails here, not half way
        return pa.ipc.open_stream(file)
    if head.startswith(b"FEA1"):
        from pyarrow import feather

        return feather.read_table(path).to_reader()
    return pa.ipc.open_stream(pa.PythonFile(_Again(head, file), "r"))


def _decoded(path: Path) -> None:
    """All of a file, unpacked, validated and let go."""
    with opened(path) as file, _reader(file, path) as reader:
        for batch in reader:
            batch.validate(full=True)


class _Again:
    """A file whose first bytes, already read, come once more."""

    closed = False

    def __init__(self, head: bytes, file: Any) -> None:
        self.head, self.file = head, file

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        part, self.head = (self.head, b"") if size < 0 else (self.head[:size], self.head[size:])
        return part + bytes(self.file.read(size - len(part) if size >= 0 else -1))

    def close(self) -> None:
        """Nothing to close; the file belongs to another."""


def _small(batch: pa.RecordBatch, names: tuple[str, ...], pictures: set[str]) -> Iterator[pa.RecordBatch]:
    for at in range(0, batch.num_rows, BATCH_RECORDS):
        yield text_batch(batch.slice(at, BATCH_RECORDS), names, pictures)


def read_frame(data: Any) -> Reading:
    """A frame in memory: anything with ``__arrow_c_stream__`` (pandas, Polars, PyArrow, DuckDB).

    Raises
    ------
    InputError
        Two columns have one name, or there is no record.
    """
    where = f"the {type(data).__name__}"
    if hasattr(data, "columns") and not hasattr(data, "column_names"):  # an Arrow table's columns are no names
        named([str(name) for name in data.columns] if not callable(data.columns) else [], where)
    reader = stream_of(data)
    keep = [at for at, name in enumerate(reader.schema.names) if not name.startswith("__index_level_")]
    schema = pa.schema([reader.schema.field(at) for at in keep])
    names = named(list(schema.names), where)
    entry: dict[str, Any] = {"path": "", "bytes": 0, "sha256": "", "records": 0}
    places, batches = picture_columns(schema, (batch.select(keep) for batch in reader))
    pictures = {names[at] for at in places}
    types, stored = types_of(names, schema, pictures)
    if hasattr(
        data, "select_dtypes"
    ):  # pandas keeps what it has not parsed as strings, so they say as little as a CSV's
        stored = {name: kind for name, kind in stored.items() if kind not in ("string", "large_string")}

    def pull() -> Iterator[pa.RecordBatch]:
        try:
            for batch in batches:
                entry["records"] += batch.num_rows
                entry["bytes"] += batch.nbytes
                yield from _small(batch, names, pictures)
        except pa.ArrowInvalid as error:
            raise whole_file_wanted("Arrow stream", where, error) from error
        if not entry["records"]:
            raise InputError(f"{where} has {len(names)} columns and no records", "Pass a frame with records")

    return Reading(names, pull, types, [entry], stored=stored)


def stream_of(data: Any) -> pa.RecordBatchReader:
    """The records of a frame; of pandas, a column of objects that mixes numbers and words is text.

    Raises
    ------
    InputError
        The stream is broken.
    """
    try:
        return pa.RecordBatchReader.from_stream(data)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        if not hasattr(data, "select_dtypes"):
            raise whole_file_wanted("Arrow stream", f"the {type(data).__name__}", error) from error
        mixed = [name for name, dtype in data.dtypes.items() if dtype.kind == "O" and dtype.name == "object"]
        return pa.RecordBatchReader.from_stream(data.assign(**{name: data[name].map(_scalar) for name in mixed}))


def array_of(values: Any) -> pa.Array:
    """A column of a NumPy array of objects; one that mixes numbers and words is text."""
    try:
        return pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array(list(map(_scalar, values)), pa.string())


def _scalar(value: Any) -> str | None:
    missing = value is None or value != value or type(value).__name__ in ("NAType", "NaTType")  # noqa: PLR0124
    return None if missing else to_text(value)
