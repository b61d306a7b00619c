"""Records that repeat another one but for a slip or two."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._near_pairs import CellHashes, Near, near
from karat.quality.consistency._record_hash import compared

MIN_COLUMNS = 5
RARE_COUNT = 2
TOLD_FROM = 0.1
LETTERS_PER_SLIP = 10  # Damerau (1964): four of five misspelt words hold a single slip
DIGITS = re.compile(r"[\d\W_]+")  # numbers, times, codes without a letter


@dataclass(frozen=True)
class NearDuplicateRecords(Check):
    """A record that equals another one in all columns but one or two, in which the texts differ by a slip.

    The copy of a record with a typing error escapes every exact comparison and lies in training and test alike. A
    slip is one letter in ten; Ella and Emma of one address are sisters. How many such pairs coincidence makes is
    estimated from the pairs that differ in more columns. Nothing is removed for it: the pair needs review. Tables
    beyond 65,536 records are judged by a sample.

    Source: ISO/IEC 5259-2, data record consistency. ``value`` and ``keeper`` hold the number of the record that is
    repeated.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    kinds: ClassVar[frozenset[str]] = Check.kinds - {"interactions"}  # they have their own
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    def applies(self, schema: Schema) -> DoesNotApply | None:
        few = len(compared(schema)) < MIN_COLUMNS
        return DoesNotApply(f"fewer than {MIN_COLUMNS} columns to compare") if few else None

    def learn(self, block: Block) -> CellHashes:
        return CellHashes.of(block)

    def judge(self, state: CellHashes, block: Block, before: Any = None) -> pa.Table:
        found: Near = derived(state, "near", lambda: near(state))
        held = state.block(block.schema)
        pairs = np.flatnonzero(np.isin(found.later, block.rows))
        place, source = np.searchsorted(held.rows, found.later), np.searchsorted(held.rows, found.earlier)
        rows, kept, sure, messages = [], [], [], []
        names = compared(block.schema)
        apart = np.stack([held.encoded(n)[0][source[pairs]] != held.encoded(n)[0][place[pairs]] for n in names])
        for where, at in enumerate(pairs):
            differing = [names[column] for column in np.flatnonzero(apart[:, where])]
            cells = _differing(held, differing, int(source[at]), int(place[at]))
            luck = float(found.by_chance[found.slips[at]] * np.prod([cell.luck() for cell in cells]))
            likely = 0.9 * (1 - luck) if all(cell.slip() for cell in cells) else 0.4 * (1 - luck)
            if not cells or likely < TOLD_FROM:
                continue
            rows.append(int(found.later[at]))
            kept.append(str(found.earlier[at]))
            sure.append(likely)
            told = ", ".join(f"{cell.column!r} {cell.first!r} / {cell.second!r}" for cell in cells)
            messages.append(
                f"equals record {found.earlier[at]} in {len(names) - len(cells)} of {len(names)} columns; "
                f"they differ in {told}"
            )
        keeper = [int(number) for number in kept]
        return self.found(len(rows), row=rows, value=kept, keeper=keeper, confidence=sure, message=messages)

    def total(self, state: CellHashes, schema: Schema) -> int:
        return state.records


@dataclass(frozen=True)
class Differing:
    """A column in which two records differ: both texts, and how often the rarer one occurs."""

    column: str
    first: str | None
    second: str | None
    count: int

    def slip(self) -> bool:
        """Could one be the other with a slip, or left out?"""
        from rapidfuzz.distance import OSA

        if self.first is None or self.second is None:
            return True
        longest = max(len(self.first), len(self.second))
        return bool(OSA.distance(self.first, self.second) <= 1 + longest // LETTERS_PER_SLIP)

    def luck(self) -> float:
        """How often two records that have nothing to do with each other differ like this.

        A word that occurs once, a letter away from another, is a slip; two numbers that are a digit apart need not
        be, and two usual words are not.
        """
        if self.first is None or self.second is None or not self.slip():
            return 1.0
        plain = DIGITS.fullmatch(self.first) and DIGITS.fullmatch(self.second)
        if self.count > RARE_COUNT:
            return 1.0
        return 0.9 if plain else 0.1


def _differing(block: Block, names: Sequence[str], one: int, other: int) -> list[Differing]:
    """The cells of the columns in which two records differ."""
    out = []
    for name in names:
        codes, values = block.encoded(name)
        a, b = codes[one], codes[other]
        counts = block.memo(("counts", name), partial(np.bincount, codes[codes >= 0], minlength=len(values)))
        rarer = min((int(counts[code]) for code in (a, b) if code >= 0), default=0)
        out.append(Differing(name, values[a] if a >= 0 else None, values[b] if b >= 0 else None, rarer))
    return out
