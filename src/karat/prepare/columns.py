"""Views of columns for learning, made once per block: float32 numbers, category codes, seconds.

Every record of a block is read here once; a fold is then a gather of positions. A view never depends on other
records, so that sharing it between training and test records leaks nothing.
"""

import numpy as np

from karat.core.block import Block

FLOAT32_MAX = float(np.finfo(np.float32).max)

Positions = np.ndarray | None


def picked(view: np.ndarray, positions: Positions) -> np.ndarray:
    """The view's entries at the positions, or all of them."""
    return np.asarray(view if positions is None else view[positions])


def numbers(block: Block, column: str) -> np.ndarray:
    """(n,) float32, NaN where missing or not a number; beyond the range of float32 the largest float32."""

    def make() -> np.ndarray:
        return np.asarray(np.clip(block.numbers(column), -FLOAT32_MAX, FLOAT32_MAX), np.float32)

    return block.memo(("prepare", "numbers", column), make)


def codes(block: Block, column: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes (n,) int32 with -1 for missing, and the texts they stand for.

    The order of the texts says nothing, and some may not occur: a changed block keeps the texts of the one it
    came from.
    """

    def make() -> tuple[np.ndarray, tuple[str, ...]]:
        coded, values = block.encoded(column)
        return np.where(block.missing(column), -1, coded).astype(np.int32), tuple(values)

    return block.memo(("prepare", "codes", column), make)


def seconds(block: Block, column: str) -> np.ndarray:
    """(n,) float64 seconds since 1970-01-01 UTC, NaN where missing or not a time."""

    def make() -> np.ndarray:
        times = block.times(column)
        whole = times.astype("datetime64[us]").astype(np.int64) / 1e6
        return np.where(np.isnat(times), np.nan, whole)

    return block.memo(("prepare", "seconds", column), make)
