"""What a source may ask for at most, so that a stranger's file takes neither the memory nor the day.

Every limit has a key of its name in ``[collect]`` of ``karat.toml``.
"""

from karat.core.errors import InputError

MAX_QUERY_SECONDS = 60.0  # cost: of a query or a view: a choice, not a measurement; plain tables are not timed
MAX_CELL_BYTES = 64 << 20  # cost: of a picture or a value in a database: 100 megapixels at 4 bits each take 50 MB
MAX_LINE_BYTES = 192 << 20  # of a record: as long as an open quote may be (`karat.collect.chunks`)
# of unpacked to packed size: the default of Apache POI (ZipSecureFile, minimum inflate ratio 0.01)
MAX_RATIO = 100.0
RATIO_FROM = 32 << 20  # cost: bytes; below, no ratio does harm
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
