"""Pictures and labels in the IDX format of the handwritten digits of MNIST."""

import gzip
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.collect.reading import Reading
from karat.collect.typed import digest, whole_file_wanted
from karat.core.errors import InputError, MachineError
from karat.core.release import install
from karat.core.unit import Source

BATCH = 4096  # cost: pictures at a time
PICTURES, LABELS = 0x0803, 0x0801  # bytes in three dimensions, bytes in one
MAX_BYTES = 4 << 30  # cost: unpacked


def idx_pictures(path: Path) -> Path | None:
    """The file of pictures where a path is one, or a folder that holds nothing else but one and its labels."""
    if path.is_file():
        return path if "idx3" in path.name.lower() else None
    files = [file for file in sorted(path.iterdir()) if file.is_file()] if path.is_dir() else []
    pictures = [file for file in files if "idx3" in file.name.lower()]
    return (
        pictures[0] if len(pictures) == 1 and all("idx" in f.name.lower() or f.suffix == ".md" for f in files) else None
    )


@dataclass(frozen=True)
class IdxPictures(Source):
    """Reads a file of grey pictures in the IDX format, and the file of labels that lies beside it.

    Each picture becomes a PNG, so that it can be looked at like any other; its path is its number. Columns are
    ``path``, ``label`` (where there is a file of labels) and ``bytes``. Source: LeCun, Cortes & Burges, the MNIST
    database.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".idx3-ubyte", ".idx3")

    def read(self, path: Path) -> Reading:
        """The pictures in order.

        Raises
        ------
        InputError
            The file is cut or of another kind, or there are not as many labels as pictures.
        """
        shape, pixels = _values(path, PICTURES)
        beside = _labels_of(path)
        labels = _values(beside, LABELS)[1] if beside else None
        if labels is not None and len(labels) != shape[0]:
            raise InputError(
                f"{beside} has {len(labels)} labels for {shape[0]} pictures", "Name the labels of these pictures"
            )
        entry = {**digest(path), "records": shape[0]}
        names = ("path", "label", "bytes") if labels is not None else ("path", "bytes")
        kinds = {"path": pa.string(), "label": pa.string(), "bytes": pa.binary()}
        schema = pa.schema([(name, kinds[name]) for name in names])
        pictures = np.frombuffer(pixels, np.uint8).reshape(shape)

        def pull() -> Iterator[pa.RecordBatch]:
            for begin in range(0, shape[0], BATCH):
                some = range(begin, min(begin + BATCH, shape[0]))
                columns: dict[str, list[Any]] = {"path": [f"{at:06d}.png" for at in some]}
                if labels is not None:
                    columns["label"] = [str(labels[at]) for at in some]
                columns["bytes"] = [_png(pictures[at]) for at in some]
                yield pa.RecordBatch.from_pydict(columns, schema=schema)

        return Reading(names, pull, {"bytes": "binary"}, [entry], [])


def _labels_of(path: Path) -> Path | None:
    name = path.name.replace("idx3", "idx1").replace("images", "labels").replace("IDX3", "IDX1")
    return path.with_name(name) if name != path.name and path.with_name(name).exists() else None


def _values(path: Path, kind: int) -> tuple[tuple[int, ...], bytes]:
    """The dimensions and the values of an IDX file, plain or gzipped."""
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            data = file.read(MAX_BYTES)
    except (OSError, EOFError) as error:
        raise whole_file_wanted("IDX file", path, error) from error
    dimensions = kind & 0xFF
    if len(data) < 4 + 4 * dimensions or struct.unpack(">I", data[:4])[0] != kind:
        raise InputError(f"{path} is not an IDX file of bytes", "Name the file of pictures")
    shape = struct.unpack(f">{dimensions}I", data[4 : 4 + 4 * dimensions])
    values = data[4 + 4 * dimensions :]
    size = int(np.prod(shape, dtype=np.int64))
    if len(values) != size or not size:
        raise InputError(f"{path} has {len(values):,} values, and its header says {size:,}", "Fetch the file again")
    return shape, values


def _png(grey: np.ndarray) -> bytes:
    try:
        from PIL import Image
    except ImportError:
        raise MachineError("this demonstration needs Pillow, which is not installed", install("images")) from None
    sink = io.BytesIO()
    Image.fromarray(grey).save(sink, "PNG", compress_level=1)
    return sink.getvalue()
