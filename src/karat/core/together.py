"""Many short columns as one array: what is asked of each text is then asked of all at once.

A call of an Arrow function takes longer than its work on the few texts of a short column, and wide tables have
thousands of those.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.parsing import ISO, parse_numbers, parse_times
from karat.core.schema import Column, Role, Schema

SHORT = 1_024  # cost: texts of a column; beyond, the work itself takes longer than the call
SHORT_BYTES = 1 << 16  # cost: bytes of a column's texts; more are not copied to lie beside others
FEW = 64  # cost: columns; fewer are asked one by one


class Together:
    """Texts of several columns, one behind the other, with answers about all of them that are kept.

    Parameters
    ----------
    texts : pyarrow.Array of string, length k
    starts : ndarray of int64, shape (c + 1,)
        Where the texts of each column begin, and where the last ends.
    """

    def __init__(self, texts: pa.Array, starts: np.ndarray) -> None:
        self.texts, self.starts = texts, starts
        self._ends = starts.tolist()
        self._kept: dict[Any, np.ndarray] = {}
        self._shown: dict[str, np.ndarray] = {}
        self._showing: dict[tuple[str, ...], list[list[bool]]] = {}

    @classmethod
    def of(cls, arrays: Sequence[pa.Array]) -> "Together":
        """The texts of some columns."""
        texts = pa.concat_arrays([array.cast(pa.string()) for array in arrays]) if arrays else pa.array([], pa.string())
        return cls(texts, np.cumsum([0, *map(len, arrays)]))

    def kept(self, key: Any, make: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
        """(..., k) what ``make`` says of each text by itself; made once per key, to be read only."""
        if key not in self._kept:
            self._kept[key] = make(self.texts)
        return self._kept[key]

    def span(self, at: int) -> tuple[int, int]:
        """Where the texts of one column begin and end."""
        return self._ends[at], self._ends[at + 1]

    @cached_property
    def iso(self) -> bool:
        """Can all that looks like a time in ISO 8601 be read at once: without a zone, and a day that there is?"""
        fits = self.kept(ISO, lambda texts: np.asarray(pc.match_substring_regex(pc.utf8_trim_whitespace(texts), ISO)))
        try:
            pc.cast(pc.utf8_trim_whitespace(self.texts.filter(pa.array(fits))), pa.timestamp("us"))
        except pa.ArrowInvalid:
            return False
        return True

    def shown(self, pattern: str) -> np.ndarray:
        """(c,) bool: which columns hold a text that matches."""
        if pattern not in self._shown:
            matching = self.kept(pattern, lambda texts: np.asarray(pc.match_substring_regex(texts, pattern)))
            hits = np.concatenate([[0], np.cumsum(matching)])
            self._shown[pattern] = hits[self.starts[1:]] > hits[self.starts[:-1]]
        return self._shown[pattern]

    def showing(self, patterns: tuple[str, ...]) -> list[list[bool]]:
        """For each column, which patterns a text of it matches."""
        if patterns not in self._showing:
            self._showing[patterns] = np.stack([self.shown(pattern) for pattern in patterns], axis=1).tolist()
        return self._showing[patterns]


@dataclass(frozen=True)
class Place:
    """One column of several that stand together.

    Parameters
    ----------
    together : Together
    at : int
        Which of them.
    """

    together: Together
    at: int

    @property
    def texts(self) -> pa.Array:
        """(n,) string array: the texts of the column."""
        begin, end = self.together.span(self.at)
        return self.together.texts.slice(begin, end - begin)

    def answers(self, key: Any, make: Callable[[pa.Array], np.ndarray]) -> np.ndarray:
        """(..., n) what ``make`` says of each of its texts; asked of all columns at once."""
        begin, end = self.together.span(self.at)
        return self.together.kept(key, make)[..., begin:end]

    def matching(self, pattern: str) -> np.ndarray:
        """(n,) bool: which of its texts match."""
        return self.answers(pattern, lambda texts: np.asarray(pc.match_substring_regex(texts, pattern)))

    def numbers(self, decimal: str, thousands: str) -> np.ndarray:
        """(n,) float64: its texts as numbers written so, NaN for those that are none."""
        column = Column("", Role.NUMBER, "float64", (), "", decimal, thousands)
        return self.answers(("numbers", decimal, thousands), lambda texts: parse_numbers(texts, column))

    def times(self, style: str, century: int = 0) -> np.ndarray | None:
        """(n,) datetime64[us]: its texts as times in a format, NaT for those that are none.

        None in ISO 8601 where a text of some column has a zone or is a day that is not there: it must be asked alone.
        """
        if not style and not self.together.iso:
            return None
        column = Column("", Role.TIME, "timestamp", (), style, century=century)
        return self.answers(("times", style, century), lambda texts: parse_times(texts, column))

    def shows(self, pattern: str) -> bool:
        """Does one of its texts match?"""
        return bool(self.together.shown(pattern)[self.at])

    def showing(self, patterns: tuple[str, ...]) -> list[bool]:
        """Which of some patterns does one of its texts match?"""
        return self.together.showing(patterns)[self.at]


def short(columns: Sequence[pa.Array]) -> list[int]:
    """Which columns, by their texts' number and bytes, are better asked together; none of a few."""
    if len(columns) < FEW:
        return []
    some = [at for at, texts in enumerate(columns) if len(texts) <= SHORT and texts.nbytes <= SHORT_BYTES]
    return some if len(some) >= FEW else []


@dataclass(frozen=True)
class CodedPlace(Place):
    """The place of a block's column.

    Parameters
    ----------
    codes : ndarray of int32, shape (n,)
        As ``Block.coded`` gives them.
    """

    codes: np.ndarray

    def times_of_records(self, column: Column) -> np.ndarray | None:
        """(n,) datetime64[us]: ``times`` of the records, NaT where blank."""
        times = self.times(column.format, column.century)
        return None if times is None else np.append(times, np.datetime64("NaT"))[self.codes]


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def places_of(table: pa.Table, schema: Schema) -> dict[str, CodedPlace]:
    """The places of a block's columns, by name, where it is short and has many; none else."""
    size, known = table.num_rows, set(table.column_names)
    strings = [c.name for c in schema.by_name if c.type != "binary" and c.name in known]
    if len(strings) < FEW or not 0 < size <= SHORT:
        return {}
    texts = dict(zip(table.column_names, map(_whole, table.columns), strict=True))
    names = [name for name in strings if texts[name].type == pa.string() and texts[name].nbytes <= SHORT_BYTES]
    if len(names) < FEW:
        return {}
    coded = pc.dictionary_encode(pa.concat_arrays([texts[name] for name in names]))
    codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    filled = np.flatnonzero(codes >= 0)
    wide = max(1, len(coded.dictionary))
    _, first, place = np.unique(filled // size * wide + codes[filled], return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[order := np.argsort(first)] = np.arange(len(first))
    firsts = filled[first[order]]  # in order of appearance, column by column
    starts = np.searchsorted(firsts, size * np.arange(len(names) + 1))
    out = np.full(len(codes), -1, np.int32)
    out[filled] = rank[place] - starts[filled // size]
    together = Together(coded.dictionary.take(pa.array(codes[firsts])), starts)
    return {name: CodedPlace(together, at, out[at * size : (at + 1) * size]) for at, name in enumerate(names)}
