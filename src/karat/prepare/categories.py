"""Which categories a model knows: the shared half of the two ways to encode them."""

from dataclasses import dataclass

import numpy as np

from karat.core.block import Block
from karat.prepare.columns import Positions, codes, picked

UNKNOWN, MISSING = "(other)", "(missing)"


@dataclass(frozen=True)
class FrequentCategories:
    """The categories frequent enough to stand alone.

    Parameters
    ----------
    values : tuple of str
        By training count, falling, then by text.
    rare : bool
        Are there rarer ones among the training records, which share a bucket?
    gaps : bool
        Are some training records without a category?
    """

    values: tuple[str, ...]
    rare: bool
    gaps: bool


def known_categories(
    train: Block, column: str, positions: Positions, min_records: int, max_values: int
) -> FrequentCategories:
    """The categories of the training records that occur ``min_records`` times or more, at most ``max_values``."""
    coded, values = codes(train, column)
    at = picked(coded, positions)
    counts = np.bincount(at[at >= 0], minlength=len(values))
    present = np.flatnonzero(counts)
    ordered = sorted((-int(counts[code]), values[code]) for code in present)
    kept = tuple(value for count, value in ordered if -count >= min_records)[:max_values]
    return FrequentCategories(kept, rare=len(kept) < len(present), gaps=bool((at < 0).any()))


def slots_of(block: Block, column: str, positions: Positions, values: tuple[str, ...]) -> np.ndarray:
    """Place of each record's category in ``values`` (n,) int32; ``len(values)`` if unknown, one more if missing."""
    coded, texts = codes(block, column)
    place = {value: at for at, value in enumerate(values)}
    unknown = len(values)
    table = np.fromiter((place.get(text, unknown) for text in texts), np.int32, len(texts))
    # Code -1 (missing) reads the last entry.
    table = np.append(table, np.int32(unknown + 1))
    return np.asarray(table[picked(coded, positions)])
