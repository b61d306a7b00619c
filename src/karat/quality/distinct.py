"""The distinct values of a column, with the views that checks share."""

from dataclasses import replace
from functools import cached_property

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import ColumnCounts
from karat.core.parsing import parse_numbers
from karat.core.schema import Column
from karat.core.state import derived
from karat.core.together import Place
from karat.quality.null_words import GapMasks, gap_masks


class Distinct:
    """The distinct values of one column, with views made on first use; those of short columns together.

    Parameters
    ----------
    texts : sequence of str or pyarrow.Array of string, length k
    column : Column
        How its numbers are written.
    counts : ndarray of int64, shape (k,)
        Occurrences of each.
    place : Place or None
        Where the texts stand among those of other columns.
    """

    def __init__(
        self,
        texts: list[str] | tuple[str, ...] | pa.Array,
        column: Column,
        counts: np.ndarray,
        place: Place | None = None,
    ) -> None:
        self._source, self.column, self.counts, self._place = texts, column, counts, place

    @cached_property
    def texts(self) -> list[str] | tuple[str, ...]:
        """The values as Python strings."""
        return self._source if isinstance(self._source, (list, tuple)) else list(self._source.to_pylist())

    @cached_property
    def array(self) -> pa.Array:
        """(k,) string array."""
        values = self._source
        if self._place:
            return self._place.texts
        return values.cast(pa.string()) if isinstance(values, pa.Array) else pa.array(values, pa.string())

    @cached_property
    def numbers(self) -> np.ndarray:
        """(k,) float64, NaN where a value is not a number; texts that mean missing are read like any other."""
        if self._place:
            return self._place.numbers(self.column.decimal, self.column.thousands)
        return parse_numbers(self.array, replace(self.column, nulls=()))

    @cached_property
    def gaps(self) -> GapMasks:
        """Which texts mean that nothing is known, always, perhaps, or as a day."""
        if self._place:
            return GapMasks(*self._place.answers("gaps", _gaps))
        # no number is a gap word, so a column of numbers is soon looked through
        return gap_masks(self.array, ~np.isfinite(self.numbers) if self.column.numeric else None)

    def shows(self, pattern: str) -> bool:
        """Does a value hold something that matches? May say so where none does: it is asked to save a look."""
        return self._place is None or self._place.shows(pattern)

    @classmethod
    def plain(cls, text: str, column: Column) -> "Distinct":
        """One plainly written number of a column of such, without a parser."""
        seen = cls([text], column, np.ones(1, np.int64))
        none = np.zeros(1, bool)
        seen.__dict__ |= {"numbers": np.array([float(text)]), "gaps": GapMasks(none, none, none)}
        return seen

    @classmethod
    def of(cls, block: Block, column: Column) -> "Distinct":
        """The distinct values of a block's column, kept with the block."""

        def make() -> Distinct:
            codes, texts = block.coded(column.name)
            counts = np.bincount(codes[codes >= 0], minlength=len(texts))
            return cls(texts, column, counts, block.place(column.name))

        return block.memo((Distinct, column.name), make)

    @classmethod
    def learned(cls, counts: ColumnCounts, column: Column) -> "Distinct":
        """The distinct values of a state's column, kept with the state."""
        key = f"distinct {column.decimal}{column.thousands}"
        return derived(counts, key, lambda: cls(counts.texts, column, counts.counts, counts.place))


def _gaps(texts: pa.Array) -> np.ndarray:
    masks = gap_masks(texts)
    return np.stack([masks.strong, masks.weak, masks.day])
