"""Annotations of a data set: measured once, a block at a time, and stored beside the data."""

from dataclasses import astuple
from pathlib import Path

import pyarrow as pa

from karat.core.block import Block
from karat.core.unit import Annotation
from karat.flow.dataset import Dataset
from karat.flow.folder import digest, is_unaltered, write_digest
from karat.quality.annotating import Annotations, columns_of, measured

Tables = dict[str, pa.Table]


def annotated_block(data: Dataset, at: int, annotations: Annotations) -> Block:
    """Block number ``at`` with the measurements of annotations: those stored beside the data, or made now."""
    block = data.block(at)
    lacking = {code: unit for code, unit in annotations.items() if code not in block.extra}
    if not lacking:
        return block
    extra = {code: _stored(data, at, unit, block) for code, unit in lacking.items()}
    return data.keep(at, block.with_extra({**block.extra, **extra}))


def place_of(data: Dataset, annotation: Annotation) -> Path | None:
    """The folder in which its measurements are stored, a file a block; None for data in memory.

    The name holds all that the measurements depend on: the unit, its version and parameters, and the data file.
    """
    if data.source is not None:
        home, about = data.source.annotations, [0, 0]  # the name of its folder says what it holds
    elif data.path is not None:
        home, file = data.path.with_suffix(".annotations"), data.path.stat()
        about = [file.st_size, file.st_mtime_ns]
    else:
        return None
    key = digest(annotation.version, astuple(annotation), data.schema.to_json(), *about)
    return home / f"{annotation.code()}-{annotation.version}-{key[:16]}"


def _stored(data: Dataset, at: int, annotation: Annotation, block: Block) -> Tables:
    place = place_of(data, annotation)
    columns = columns_of(annotation, data.schema)
    if place is None:
        known = data.measured.setdefault((annotation, at), {})
        if not known:
            known.update(measured(block, annotation))
        return known
    files = {name: place / f"{at:06}.{order}.arrow" for order, name in enumerate(columns)}
    if not all(is_unaltered(path) for path in files.values()):
        place.mkdir(parents=True, exist_ok=True)
        for name, table in measured(block, annotation).items():
            _write(files[name], table)
    return {name: pa.ipc.open_file(pa.memory_map(str(path))).read_all() for name, path in files.items()}


def _write(path: Path, table: pa.Table) -> None:
    """A file of measurements, whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    with pa.ipc.new_file(str(beside), table.schema) as writer:
        writer.write_table(table)
    beside.chmod(0o600)
    write_digest(path, beside)
    beside.replace(path)
