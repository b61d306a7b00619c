"""What a source may ask for at most, so that a stranger's file takes neither the memory nor the day.

Every limit has a key of its name in ``[collect]`` of ``karat.toml``.
"""

from karat.core.errors import InputError

MAX_QUERY_SECONDS = 60.0  # of a query or a view; a table of 10 million records is read in 20 s on two cores
MAX_CELL_BYTES = 64 << 20  # of one value in a database: above the largest picture of `karat.kernels.pixels_decoded`

LIMITS = {"max_query_seconds": MAX_QUERY_SECONDS}


class LimitError(InputError):
    """The data asks for more than a limit allows."""


def set_higher(key: str) -> str:
    """What to do about a limit."""
    return f"if you trust the file, set {key} higher in [collect] of karat.toml"
