"""A language model in seconds: n-grams with interpolated Kneser-Ney smoothing, judged in bits per byte."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from karat.core.errors import OptionError
from karat.train.cost import measured

Unit = Literal["bytes", "characters", "words"]
UNITS: tuple[Unit, ...] = ("bytes", "characters", "words")
# bytes: beside 7 and 10 on newsgroups (benchmarks/text_proof.md); others unproven
ORDERS = {"bytes": 6, "characters": 6, "words": 4}
MAX_ORDER = 24  # cost: each length adds its own counts to the table
FIRST_SLOTS = 1 << 16  # cost: the table doubles when it is full
STRETCH = 1 << 16  # units: a longer document is taken in stretches, each with a beginning of its own; cost: memory
BEGIN, END = 0, 1  # units that are no text: those of the text are counted from 2; definition: codes
MARKS = np.array([BEGIN, END], np.uint64)


@dataclass(frozen=True)
class NgramLanguageModel:
    """Predicts each unit of a text from the ones before it.

    A proxy for a large model: it learns in seconds, on one core, and what makes text easier to predict for it makes
    it easier for larger models too; how often the two agree is measured in ``benchmarks/gpt_proof.md``.
    Source: Kneser & Ney (1995); Chen & Goodman (1999), interpolated, one discount per length,
    ``n1 / (n1 + 2 * n2)``.

    Parameters
    ----------
    unit : str
        ``bytes`` of UTF-8, ``characters``, or ``words`` with what stands between them. Chinese is well served by
        characters.
    order : int
        Length of the longest runs, 1 to 24; 0: 6 bytes, 6 characters, 4 words.

    Bits are always given per byte of UTF-8, so that models of all units can be compared.
    """

    unit: Unit = "bytes"
    order: int = 0

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise OptionError.unknown("unit of a language model", self.unit, UNITS)
        if not 0 <= self.order <= MAX_ORDER:
            raise OptionError(f"order is {self.order}", f"Use 1 to {MAX_ORDER}, or 0")

    def fit(self, texts: Sequence[str] | pa.Array) -> "FittedNgramModel":
        """Learn from texts: strings, or an Arrow string array; blanks are left out."""
        from karat.kernels import ngram_counts

        order = self.order or ORDERS[self.unit]
        cost: dict[str, float] = {}
        with measured(cost):
            units, bounds, _ = spelled(texts, self.unit)
            keys, values = _table(FIRST_SLOTS)
            rare = np.zeros((order + 1, 5), np.int64)
            at = used = 0
            while at < len(bounds) - 1:
                at, used = ngram_counts.count(units, bounds, at, order, keys, values, used, rare)
                if at < len(bounds) - 1:
                    old = keys, values
                    keys, values = _table(2 * len(keys))
                    ngram_counts.moved(*old, keys, values)
            ones, twos = rare[:, 1].astype(np.float64), rare[:, 2].astype(np.float64)
            discounts = np.where(ones > 0, ones / np.maximum(ones + 2 * twos, 1), 0.5)
        return FittedNgramModel(self.unit, order, keys, values, discounts, cost)


@dataclass(frozen=True)
class FittedNgramModel:
    """The counts, and what is taken from them; ``cost`` as of any model."""

    unit: Unit
    order: int
    keys: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    discounts: np.ndarray = field(repr=False)
    cost: dict[str, float] = field(default_factory=dict, repr=False)

    def bits(self, texts: Sequence[str] | pa.Array) -> np.ndarray:
        """(texts,) float64: how many bits the model needs for each text, its end included; 0 for a blank one."""
        from karat.kernels import ngram_counts

        units, bounds, homes = spelled(texts, self.unit)
        spent = np.zeros(len(bounds) - 1)
        floor = _floors(units, self.unit)
        table = (self.keys, self.values, self.discounts)
        ngram_counts.bits(units, bounds, floor, self.order, *table, spent)
        return np.bincount(homes, spent, len(texts))

    def bits_per_byte(self, texts: Sequence[str] | pa.Array) -> float:
        """Bits over all texts, per byte of UTF-8."""
        return float(self.bits(texts).sum() / max(1, sizes(texts).sum()))


def sizes(texts: Sequence[str] | pa.Array) -> np.ndarray:
    """(texts,) int64: bytes of UTF-8; 0 for a blank one."""
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(pc.binary_length(_array(texts)), 0)).astype(np.int64)


def spelled(texts: Sequence[str] | pa.Array, unit: Unit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Texts as units: (n,) uint64, where each stretch begins (stretches + 1,), and the text it is of (stretches,)."""
    parts: list[np.ndarray] = []
    homes: list[int] = []
    lengths: list[int] = []
    for at, text in enumerate(_array(texts).to_pylist()):
        if not text:
            continue
        units = _units(text, unit)
        for begin in range(0, len(units), STRETCH):
            last = begin + STRETCH >= len(units)
            piece = units[begin : begin + STRETCH]
            parts += [MARKS[:1], piece, MARKS[1:] if last else MARKS[:0]]
            lengths.append(1 + len(piece) + last)
            homes.append(at)
    bounds = np.cumsum([0, *lengths]).astype(np.int64)
    return np.concatenate([np.zeros(0, np.uint64), *parts]), bounds, np.array(homes, np.int64)


def _units(text: str, unit: Unit) -> np.ndarray:
    if unit == "bytes":
        return np.frombuffer(text.encode("utf-8", "replace"), np.uint8).astype(np.uint64) + np.uint64(2)
    if unit == "characters":
        return np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64) + np.uint64(2)
    return np.array([_word(piece) for piece in _pieces(text)], np.uint64)


def _pieces(text: str) -> list[str]:
    import re

    return re.findall(r"\w+|[^\w\s]+|\s+", text)


def _word(piece: str) -> int:
    """A number for a word: its length in bytes in the low 12 bits, so that its floor can be told; a hash above."""
    import hashlib

    raw = piece.encode("utf-8", "replace")
    digest = int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "little")
    return (digest << 12 & (1 << 64) - 1) | min(len(raw), 4_094) + 1


def _floors(units: np.ndarray, unit: Unit) -> np.ndarray:
    """(n,) float64: the probability of a unit never seen: as if each of its bytes, and a word's end, were drawn."""
    if unit == "bytes":
        lengths: np.ndarray = np.ones(len(units))
    elif unit == "characters":
        point = units.astype(np.int64) - 2
        lengths = 1.0 + (point >= 0x80) + (point >= 0x800) + (point >= 0x10000)
    else:
        lengths = np.minimum((units & np.uint64(0xFFF)).astype(np.float64), 120)
        lengths[units <= END] = 1
    return 257.0**-lengths


def _table(slots: int) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(slots, np.uint64), np.zeros((slots, 3), np.uint32)


def _array(texts: Any) -> Any:
    if isinstance(texts, (pa.Array, pa.ChunkedArray)):
        return texts
    return pa.array(list(texts), pa.large_string())
