"""Dependencies between columns, found on dirty data: which columns decide which others, but for slips.

Approximate functional dependencies (Kivinen & Mannila 1995) with one or two columns on the left. They are scored by how
much more often records of a group agree than shuffled values would (Goodman & Kruskal's tau, left-one-out), so that
chance, keys and constant columns do not count, and judged without the values that never win a group, so that slips do
not hide them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.schema import Column, Role, Schema
from karat.kernels.votes import BLANK, NOVEL, Bond, bond, sharper, telling_records

MIN_AGREEMENT = 0.94
MIN_BEYOND_CHANCE = 0.75
MIN_RAW_BEYOND_CHANCE = 0.25
MIN_LARGE = 0.85  # small groups may agree by themselves while one that holds most records does not
DIRTY_WEIGHT = 0.85
MIN_GROUPS = 3
MIN_REPEATED = 0.1
KEY_SHARE = (
    0.9  # more distinct values than this share of the records: a key, which decides all and is decided by nothing
)
SCREENED = 2_048  # records enough to see whether a pair of columns is worth a full count
HINT, PAIR_HINT = 0.3, 0.2
PARTNERS, BASES = 8, 3
FEWER = 0.75  # two columns on the left must leave at most this share of one column's breaks
ENOUGH_EXPLAINED = 5  # records
NEARLY_ALWAYS = 0.995
MOST_COLUMNS = 120  # searched, in the table's order: every pair of them is looked at
MAX_SPLIT = 2  # two columns with more than this many combinations a record leave no groups


@dataclass(frozen=True)
class Dependency:
    """Some columns decide another.

    Parameters
    ----------
    left : tuple of str
        One or two columns.
    right : str
    agreement : float
        How often two records with the same left side agree, slips apart; in [0, 1].
    weight : float
        Weight of its votes, in (0, 1].
    groups : int
        Left sides that occur twice or more.
    """

    left: tuple[str, ...]
    right: str
    agreement: float
    weight: float
    groups: int

    @classmethod
    def of(cls, left: tuple[str, ...], right: str, held: Bond) -> "Dependency":
        """Weighed by how rare its exceptions are: 1 when fewer than one in a hundred."""
        exceptions = max(1 - held.trimmed_agreement, 1e-4)
        weight = min(1.0, log(exceptions) / log(0.01))
        return cls(left, right, held.trimmed_agreement, max(weight, DIRTY_WEIGHT * held.dirty), held.groups)


def dependency_columns(schema: Schema) -> list[Column]:
    """Columns that may depend on one another: not the target, whose truth is another room's matter, nor pictures.

    Of interactions neither their times: who did something at a second is not decided by the second.
    """
    out = (Role.TARGET, Role.IGNORE, Role.IMAGE) + ((Role.TIME,) if schema.kind == "interactions" else ())
    return [column for column in schema if column.type != "binary" and column.role not in out]


@dataclass(frozen=True, eq=False)
class Coded:
    """A table as codes.

    Parameters
    ----------
    codes : dict of str to ndarray of int64, shape (n,)
        Per column; ``BLANK`` where missing (blank or a null word), ``NOVEL`` where the dictionary has no such value.
    values : dict of str to pyarrow.Array of string
        Per column its distinct texts.
    """

    codes: dict[str, np.ndarray]
    values: dict[str, pa.Array]

    def __len__(self) -> int:
        return len(next(iter(self.codes.values()))) if self.codes else 0

    @classmethod
    def of(cls, block: Block) -> "Coded":
        """A block with its own dictionary; kept with the block."""

        def make() -> Coded:
            codes, values = {}, {}
            for column in dependency_columns(block.schema):
                found, texts = block.encoded(column.name)
                codes[column.name] = np.where(block.missing(column.name), BLANK, found).astype(np.int64)
                values[column.name] = pa.array(texts, pa.string())
            return Coded(codes, values)

        return block.memo(Coded, make)

    def read(self, block: Block) -> "Coded":
        """Another block in this dictionary."""
        codes = {}
        for name, known in self.values.items():
            found, texts = block.encoded(name)
            place = pc.fill_null(pc.index_in(pa.array(texts, pa.string()), value_set=known), NOVEL)
            place = np.append(place.to_numpy(zero_copy_only=False).astype(np.int64), BLANK)
            codes[name] = np.where(block.missing(name), BLANK, place[found])
        return Coded(codes, self.values)

    def take(self, at: np.ndarray) -> "Coded":
        """The records at some positions."""
        return Coded({name: codes[at] for name, codes in self.codes.items()}, self.values)

    def replacing(self, codes: dict[str, np.ndarray]) -> "Coded":
        """The same dictionary with other cells."""
        return Coded(self.codes | codes, self.values)

    def key(self, left: tuple[str, ...]) -> np.ndarray:
        """(n,) codes of the left side; negative where a part is missing or novel."""
        if len(left) == 1:
            return self.codes[left[0]]
        one, two = (self.codes[name] for name in left)
        return np.where((one >= 0) & (two >= 0), one * max(len(self.values[left[1]]), 1) + two, BLANK)


class _Search:
    """One search for dependencies in one coded table."""

    def __init__(self, coded: Coded) -> None:
        self.coded, self.records = coded, len(coded)
        used = {name: len(np.unique(codes[codes >= 0])) for name, codes in coded.codes.items()}
        usable = {name: count for name, count in used.items() if 2 <= count <= KEY_SHARE * self.records}
        self.distinct = dict(list(usable.items())[:MOST_COLUMNS])
        self.singles: dict[tuple[str, str], Bond] = {}

    def looks(self, left: tuple[str, ...]) -> Iterator[tuple[str, Bond]]:
        """Each other column with how far the left side decides it: on all records where a first look says it may."""
        keys = self.coded.key(left)
        some = telling_records(keys, SCREENED)
        if len(some) < SCREENED // 4 and len(some) < MIN_REPEATED * self.records:
            return
        for right in self.distinct:
            if right not in left:
                codes, size = self.coded.codes[right], len(self.coded.values[right])
                look = bond(keys[some], codes[some], size)
                yield right, bond(keys, codes, size) if look.trimmed_beyond_chance >= HINT else look

    def bond(self, left: tuple[str, str], right: str) -> Bond:
        keys = self.coded.key(left)
        some = telling_records(keys, SCREENED) if self.records > SCREENED else np.arange(self.records)
        codes, size = self.coded.codes[right], len(self.coded.values[right])
        look = bond(keys[some], codes[some], size)
        return (
            bond(keys, codes, size)
            if len(some) < self.records and look.trimmed_beyond_chance >= MIN_BEYOND_CHANCE / 2
            else look
        )

    def run(self) -> list[Dependency]:
        """Every dependency that holds, singles before pairs."""
        for left in self.distinct:
            self.singles.update({(left, right): held for right, held in self.looks((left,))})
        out = []
        for right in self.distinct:
            pairs = self.pairs(right)
            for (left, decided), held in self.singles.items():
                if decided == right and holds(held) and not any(self.explains(pair, left, right) for pair, _ in pairs):
                    out.append(Dependency.of((left,), right, held))
            out += [Dependency.of(left, right, held) for left, held in pairs]
        return out

    def pairs(self, right: str) -> list[tuple[tuple[str, str], Bond]]:
        """Pairs of columns that decide a column clearly better than one alone."""
        alone = {
            left: held
            for (left, decided), held in self.singles.items()
            if decided == right and held.repeated >= MIN_REPEATED
        }
        ranked = sorted(alone, key=lambda left: (-alone[left].beyond_chance, left))
        out = []
        for base in ranked[:BASES]:
            if alone[base].beyond_chance < PAIR_HINT or alone[base].agreement > NEARLY_ALWAYS:
                continue
            partners = [
                name
                for name in ranked
                if name != base and not self.decides(base, name) and not self.decides(name, base)
            ]
            for other in partners[:PARTNERS]:
                if self.distinct[base] * self.distinct[other] > self.records * MAX_SPLIT:
                    continue
                held = self.bond((base, other), right)
                if (
                    holds(held)
                    and held.repeated >= alone[base].repeated / 2
                    and self.explains((base, other), base, right)
                ):
                    out.append(((base, other), held))
        return out

    def explains(self, pair: tuple[str, str], left: str, right: str) -> bool:
        """Are what one column alone calls breaks no breaks for the two?"""
        coarse, fine, records = sharper(self.coded.key((left,)), self.coded.key(pair), self.coded.codes[right])
        return 1 - fine < FEWER * (1 - coarse) and (fine - coarse) * records >= ENOUGH_EXPLAINED

    def decides(self, left: str, right: str) -> bool:
        held = self.singles.get((left, right))
        return held is not None and holds(held)


def holds(held: Bond) -> bool:
    """Is it a dependency, clean but for slips, or one that much dirt spreads over all its groups alike?"""
    return (
        (held.trimmed_agreement >= MIN_AGREEMENT or held.dirty)
        and held.trimmed_beyond_chance >= MIN_BEYOND_CHANCE
        and held.large >= MIN_LARGE
        and held.beyond_chance >= MIN_RAW_BEYOND_CHANCE
        and held.groups >= MIN_GROUPS
        and held.repeated >= MIN_REPEATED
    )


def discover(coded: Coded) -> list[Dependency]:
    """The dependencies that hold in a table but for slips.

    Parameters
    ----------
    coded : Coded
        Some hundreds to some thousands of records.
    """
    return _Search(coded).run() if len(coded) >= 20 else []
