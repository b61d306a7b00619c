"""Training shards: the same tokens as nanoGPT, Megatron, Parquet and Hugging Face ``datasets`` read them."""

import hashlib
import json
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.errors import OptionError

MEGATRON_MARK = b"MMIDIDX\x00\x00"
MEGATRON_CODES = {np.dtype(np.uint16): 8, np.dtype(np.int32): 4}
GROUP_SEQUENCES = 4_096  # cost: of one row group in memory
COLUMN = "input_ids"

Sequences = Callable[[], Iterator[np.ndarray]]


@dataclass(frozen=True)
class Shard:
    """One split, ready to be written.

    Parameters
    ----------
    name : str
        ``train`` or ``validation``.
    documents : callable
        Gives the documents in order, each (n,) with its end token.
    sequences : callable
        Gives the packed sequences, (k, length) each.
    length : int
        Tokens of a sequence.
    dtype : numpy dtype
        uint16 or uint32.
    """

    name: str
    documents: Sequences
    sequences: Sequences
    length: int
    dtype: Any


def write_bin(shard: Shard, folder: Path) -> dict[str, Any]:
    """``<split>.bin``: tokens and nothing else, read by ``numpy.memmap(path, dtype)`` as nanoGPT does."""
    place = folder / f"{shard.name}.bin"
    tokens = 0
    with _whole(place) as part, part.open("wb") as out:
        for document in shard.documents():
            out.write(np.ascontiguousarray(document, shard.dtype).tobytes())
            tokens += len(document)
    return {"file": place.name, "tokens": tokens, "dtype": np.dtype(shard.dtype).name}


def write_megatron(shard: Shard, folder: Path) -> dict[str, Any]:
    """``<split>_document.bin`` and ``.idx``: a sequence a document, as Megatron-LM's ``IndexedDataset`` reads them.

    Megatron knows no uint32: larger vocabularies are written as int32.
    Source: the index format of Megatron-LM's ``core/datasets/indexed_dataset.py``.
    """
    kind = np.dtype(np.uint16 if np.dtype(shard.dtype) == np.uint16 else np.int32)
    place = folder / f"{shard.name}_document.bin"
    lengths: list[int] = []
    with _whole(place) as part, part.open("wb") as out:
        for document in shard.documents():
            out.write(document.astype(kind).tobytes())
            lengths.append(len(document))
    sizes = np.array(lengths, np.int32)
    begins: Any = np.concatenate([[0], np.cumsum(sizes.astype(np.int64))[:-1]]) * kind.itemsize if lengths else []
    with _whole(place.with_suffix(".idx")) as part, part.open("wb") as out:
        out.write(MEGATRON_MARK + struct.pack("<QBQQ", 1, MEGATRON_CODES[kind], len(sizes), len(sizes) + 1))
        out.write(sizes.tobytes() + np.asarray(begins, np.int64).tobytes())
        out.write(np.arange(len(sizes) + 1, dtype=np.int64).tobytes())
    return {"file": place.name, "index": place.with_suffix(".idx").name, "documents": len(sizes)}


def write_parquet(shard: Shard, folder: Path) -> dict[str, Any]:
    """``<split>.parquet``: a row a packed sequence, in the column ``input_ids``."""
    place = folder / f"{shard.name}.parquet"
    schema = pa.schema([(COLUMN, pa.list_(pa.int32()))])
    rows = 0
    with _whole(place) as part, pq.ParquetWriter(part, schema, compression="zstd") as out:
        for batch in _batches(shard):
            out.write_batch(batch)
            rows += batch.num_rows
    return {"file": place.name, "sequences": rows}


def write_dataset(shard: Shard, folder: Path) -> dict[str, Any]:
    """``<split>/``: what ``datasets.load_from_disk`` opens: an Arrow stream, its features and its state."""
    home = folder / shard.name
    home.mkdir(parents=True, exist_ok=True)
    place = home / "data-00000-of-00001.arrow"
    schema = pa.schema([(COLUMN, pa.list_(pa.int32()))])
    digest, rows = hashlib.blake2b(digest_size=8), 0
    with _whole(place) as part, pa.OSFile(str(part), "wb") as file, pa.ipc.new_stream(file, schema) as out:
        for batch in _batches(shard):
            out.write_batch(batch)
            rows += batch.num_rows
            digest.update(batch.column(0).flatten().to_numpy().tobytes())
    features = {COLUMN: {"feature": {"dtype": "int32", "_type": "Value"}, "_type": "Sequence"}}
    info = {"citation": "", "description": "", "features": features, "homepage": "", "license": ""}
    state: dict[str, Any] = {
        "_data_files": [{"filename": place.name}],
        "_fingerprint": digest.hexdigest(),
        "_format_columns": None,
        "_format_kwargs": {},
        "_format_type": None,
        "_output_all_columns": False,
        "_split": shard.name,
    }
    (home / "dataset_info.json").write_text(json.dumps(info, indent=2) + "\n", encoding="utf-8")
    (home / "state.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
    return {"file": f"{home.name}/{place.name}", "sequences": rows}


FORMATS: dict[str, Callable[[Shard, Path], dict[str, Any]]] = {
    "bin": write_bin,
    "megatron": write_megatron,
    "parquet": write_parquet,
    "datasets": write_dataset,
}


def write(shard: Shard, folder: Path, form: str) -> dict[str, Any]:
    """Write a split in one of ``FORMATS``; returns what was written. Raises OptionError for an unknown format."""
    if form not in FORMATS:
        raise OptionError.unknown("format of shards", form, FORMATS, "[prepare] shard_formats")
    folder.mkdir(parents=True, exist_ok=True)
    return FORMATS[form](shard, folder)


def _batches(shard: Shard) -> Iterator[pa.RecordBatch]:
    for sequences in shard.sequences():
        for first in range(0, len(sequences), GROUP_SEQUENCES):
            some = sequences[first : first + GROUP_SEQUENCES]
            ends = pa.array(np.arange(len(some) + 1, dtype=np.int32) * shard.length)
            lists = pa.ListArray.from_arrays(ends, pa.array(some.ravel().astype(np.int32)))
            yield pa.RecordBatch.from_arrays([lists], [COLUMN])


@contextmanager
def _whole(place: Path) -> Iterator[Path]:
    """A path to write to that takes the name of the file once it is whole."""
    part = place.with_name(f".{place.name}.part")
    try:
        yield part
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
