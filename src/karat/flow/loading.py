"""A whole data set in memory, with its roles: for what compares data sets rather than walking one down the corridor."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from karat.collect.assumed import ReadingOptions
from karat.core.block import ROW, Block
from karat.core.errors import InputError, OptionError
from karat.core.schema import Schema
from karat.flow import collecting
from karat.flow.data_reference import resolved
from karat.flow.dataset import ROW_AT
from karat.flow.folder import read_json
from karat.flow.job import Job
from karat.flow.settings import Settings, made_settings


def load(data: Any, settings: Settings) -> Block:
    """All records of a data set as one block, with roles inferred as ``karat run`` infers them.

    Parameters
    ----------
    data : path, URL, ``RUN@N``, or anything with ``__arrow_c_stream__``
    settings : Settings
        ``[collect]`` names the target and overrules roles.
    """
    with tempfile.TemporaryDirectory(prefix="karat-") as scratch:
        place = Path(scratch)
        collecting.collect(Job(data, place, "assess", settings), place, numbered=True)
        with pa.OSFile(str(place / "raw.arrow")) as file:
            table = pa.ipc.open_file(file).read_all()
        schema = Schema.from_json(read_json(place / "schema.json"))
    rows = table.column(ROW_AT).to_numpy()
    return Block(np.array(rows), table.remove_column(ROW_AT).combine_chunks(), schema)


def load_alike(data: Any, like: Block, how: Mapping[str, str] | None = None) -> Block:
    """Another version of a data set, its text read with the roles of the first; its columns as they stand."""
    from karat.collect.read import open_data

    reading = open_data(resolved(data), options=ReadingOptions.of(plain_settings("", how).collect))
    table = pa.Table.from_batches(list(reading.batches()))
    return Block(np.arange(table.num_rows), table.combine_chunks(), like.schema)


def plain_settings(target: str, how: Mapping[str, str] | None = None, **options: Any) -> Settings:
    """Settings for a target, a seed, and how a file is read, alone."""
    return made_settings({"collect": {"target": target, **(how or {})}, **options}, "the options")


STRINGS = (pa.string(), pa.large_string(), pa.string_view())
LEDGER, DATA, RECORD, SETTINGS = "ledger.parquet", "data.parquet", "run.json", "karat.toml"


def documents(data: Any, text: str = "") -> tuple[pa.Array, np.ndarray, bool]:
    """Texts (n,) without blanks, their numbers (n,) int64, and whether the data itself names the numbers.

    Parameters
    ----------
    data : path, folder, glob, run folder, ``RUN@N``, list of texts, or anything with ``__arrow_c_stream__``
    text : str
        The column that holds the documents; found where empty.
    """
    table = pa.concat_tables(_tables(data, text), promote_options="default")
    numbered = ROW in table.column_names
    rows = table.column(ROW).cast(pa.int64()).to_numpy() if numbered else np.arange(table.num_rows)
    texts = table.column("text").cast(pa.large_string()).combine_chunks()
    filled = np.asarray(pc.fill_null(pc.greater(pc.binary_length(texts), 0), fill_value=False))
    return texts.filter(pa.array(filled)), np.asarray(rows)[filled], numbered


def alike(data: Any) -> np.ndarray:
    """(k, 2) int64: rows of documents that a run dropped as copies, and of the ones it kept for them."""
    folder = Path(str(data).rpartition("@")[0] or str(data)) if isinstance(data, (str, Path)) else None
    if folder is None or not (folder / RECORD).exists() or not (folder / LEDGER).exists():
        return np.zeros((0, 2), np.int64)
    ledger = pq.read_table(folder / LEDGER, columns=["row", "keeper"])
    ledger = ledger.filter(pc.and_(pc.is_valid(ledger["keeper"]), pc.is_valid(ledger["row"])))
    return np.stack([ledger["row"].to_numpy(), ledger["keeper"].to_numpy()], axis=1).astype(np.int64)


def masked_how(data: Any) -> str:
    """How personal data was treated in a run's documents: mask, hash, drop, or keep; keep for what is no run."""
    folder = Path(str(data).rpartition("@")[0] or str(data)) if isinstance(data, (str, Path)) else None
    if folder is None or not (folder / SETTINGS).exists():
        return "keep"
    from karat.flow.parameters import treatment
    from karat.flow.settings import read_settings

    return treatment(read_settings(folder / SETTINGS))


def _tables(data: Any, text: str) -> list[pa.Table]:
    content = resolved(data)
    if isinstance(content, (str, Path)):
        path = Path(content)
        content = path / DATA if (path / RECORD).exists() else path
        tables = list(_read(content, text))
        if not tables:
            raise InputError(f"{data} has no document that can be read", "Look at the file")
        return tables
    if isinstance(content, (list, tuple)):
        content = pa.table({"text": pa.array(content, pa.large_string())})
    return [_narrow(pa.table(content), text)]


def _read(path: Path, text: str) -> Iterator[pa.Table]:
    from karat.collect.file_pieces import pieces
    from karat.collect.piece_reader import stream

    if path.suffix == ".parquet" and path.is_file():
        yield _narrow(pq.read_table(path), text)
        return
    for piece in pieces(path):
        for part in stream(piece):
            yield _narrow(part.table, text or piece.text)


def _narrow(table: pa.Table, text: str) -> pa.Table:
    """The documents alone, as ``text``, and their numbers where there are some."""
    if text and text not in table.column_names:
        raise OptionError.unknown("column", text, table.column_names, "[collect] text")
    column = text or longest_column(table)
    columns = {"text": table.column(column).cast(pa.large_string())}
    return pa.table(columns | ({ROW: table.column(ROW)} if ROW in table.column_names else {}))


def longest_column(table: pa.Table) -> str:
    """The column with the longest texts, on average. Raises InputError where there is none."""
    names = [name for name, kind in zip(table.column_names, table.schema.types, strict=True) if kind in STRINGS]
    if not names:
        raise InputError("the data has no column of texts", "Name a column that holds text with [collect] text")
    lengths = {name: pc.mean(pc.utf8_length(table.column(name).slice(0, 1_000))).as_py() or 0.0 for name in names}
    longest: str = max(names, key=lambda name: lengths[name])
    return longest
