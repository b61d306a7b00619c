"""Parquet files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from karat.collect.apart import survives
from karat.collect.limits import MAX_RATIO, Expansion
from karat.collect.reading import BATCH_RECORDS, Reading, named
from karat.collect.stored import missing_file
from karat.collect.typed import BROKEN, SNIFFED, digest, picture_columns, text_batch, types_of, whole_file_wanted
from karat.core.errors import InputError
from karat.core.unit import Source


@dataclass(frozen=True)
class Parquet(Source):
    """Reads a Parquet file row group by row group.

    Types are taken from the file, so that nothing is guessed; memory holds one row group.
    Source: Apache Parquet format.

    Parameters
    ----------
    max_ratio : float
        Of the text to the bytes stored.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".parquet", ".pq")
    max_ratio: float = MAX_RATIO

    def read(self, path: Path) -> Reading:
        """The records of one file.

        Raises
        ------
        InputError
            The file is cut, broken, or holds no records.
        """
        import pyarrow.parquet as pq

        if not path.exists():
            raise missing_file(path)
        survives(_decoded, path, self.max_ratio)
        try:
            schema = pq.read_schema(path)
            columns = list(schema.names)
            records = pq.read_metadata(path).num_rows
            with pq.ParquetFile(path) as file:
                places, _ = picture_columns(schema, file.iter_batches(SNIFFED))
        except BROKEN as error:
            raise whole_file_wanted("Parquet file", path, error) from error
        if not records:
            raise InputError(f"{path} has {len(schema)} columns and no records", "Give a file with records")
        entry = digest(path)
        names = named(columns, str(path))
        pictures = {names[at] for at in places}

        def pull() -> Iterator[pa.RecordBatch]:
            text = Expansion(path, self.max_ratio)
            try:
                with pq.ParquetFile(path) as file:
                    for batch in file.iter_batches(BATCH_RECORDS):
                        entry["records"] += batch.num_rows
                        yield text.counted(text_batch(batch, names, pictures), entry["records"] / records)
            except BROKEN as error:
                raise whole_file_wanted("Parquet file", path, error) from error

        types, stored = types_of(names, schema, pictures)
        return Reading(names, pull, types, [entry], stored=stored)


def _decoded(path: Path) -> None:
    """All of a file, decoded and let go."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for _ in file.iter_batches(BATCH_RECORDS, use_threads=False):
            pass


def first_records(path: Path, count: int) -> pa.RecordBatch | None:
    """The first records of a file, None where it has none.

    Raises
    ------
    InputError
        They bring the reader down, or unpack to too much.
    """
    import pyarrow.parquet as pq

    def first(path: Path) -> pa.RecordBatch | None:
        with pq.ParquetFile(path) as file:
            return next(file.iter_batches(count, use_threads=False), None)

    survives(first, path)
    return first(path)


def group_survives(path: Path, group: int) -> None:
    """Raise an InputError where a row group brings the reader down, or unpacks to too much."""
    import pyarrow.parquet as pq

    def decoded(path: Path) -> None:
        with pq.ParquetFile(path) as file:
            for _ in file.iter_batches(BATCH_RECORDS, row_groups=[group], use_threads=False):
                pass

    survives(decoded, path)
