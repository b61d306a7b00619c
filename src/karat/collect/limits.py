"""What a source may ask for at most, so that a stranger's file takes neither the memory nor the day.

Every limit has a key of its name in ``[collect]`` of ``karat.toml``.
"""

from pathlib import Path

import pyarrow as pa

from karat.core.errors import InputError

MAX_QUERY_SECONDS = 60.0  # cost: of a query or a view: a choice, not a measurement; plain tables are not timed
MAX_CELL_BYTES = 64 << 20  # cost: of a picture or a value in a database: 100 megapixels at 4 bits each take 50 MB
MAX_LINE_BYTES = 192 << 20  # of a record: as long as an open quote may be (`karat.collect.chunks`)
# of unpacked to packed size: the default of Apache POI (ZipSecureFile, minimum inflate ratio 0.01)
MAX_RATIO = 100.0
RATIO_FROM = 32 << 20  # cost: bytes; below, no ratio does harm
COLUMNS_RATIO_FROM = 1 << 30  # cost: the same for files of columns, where equal values take no room at all
AT_ONCE_FROM = 256 << 20  # cost: the same for what a file of columns unpacks at once: a page, a batch
MAX_MEMORY_MB = 1000.0  # cost: of a workbook's reader: 32 bytes a cell, so 1,048,576 rows of 16 columns fit

LIMITS = {
    "max_query_seconds": MAX_QUERY_SECONDS,
    "max_cell_bytes": MAX_CELL_BYTES,
    "max_ratio": MAX_RATIO,
    "max_memory_mb": MAX_MEMORY_MB,
}


class LimitError(InputError):
    """The data asks for more than a limit allows."""


def set_higher(key: str) -> str:
    """What to do about a limit."""
    return f"if you trust the file, set {key} higher in [collect] of karat.toml"


def ratio_error(path: Path, max_ratio: float) -> LimitError:
    """The error of a file that unpacks to too much."""
    return LimitError(f"{path} unpacks to more than {max_ratio:g} times its size", set_higher("max_ratio"))


def most_unpacked(path: Path, max_ratio: float) -> float:
    """Bytes that a file of columns may unpack to at once."""
    return max(AT_ONCE_FROM, max_ratio * path.stat().st_size)


class Expansion:
    """Counts the text that comes out of a file of columns, and raises an error where it is too much.

    Parameters
    ----------
    max_ratio : float
        Of the text to the bytes stored.
    """

    def __init__(self, path: Path, max_ratio: float) -> None:
        self.path, self.max_ratio, self.size, self.stored = path, max_ratio, 0, path.stat().st_size

    def counted(self, batch: pa.RecordBatch, share: float = 1.0) -> pa.RecordBatch:
        """The batch, counted; ``share`` of the file, in [0, 1], is read with it. Raises LimitError."""
        self.size += batch.nbytes
        if self.size > max(COLUMNS_RATIO_FROM, self.max_ratio * share * self.stored):
            raise ratio_error(self.path, self.max_ratio)
        return batch
