"""Records that stand there twice."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.finding import Dimension, DoesNotApply
from karat.core.schema import Role, Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._record_hash import GOLDEN, chance_pairs, compared, mix, record_hashes

SAFETY = 3.0  # columns depend on each other, so chance is more often than their independence would have it

MANY_COPIES = 0.3


@dataclass(frozen=True)
class FirstSeen:
    """Where each distinct record was seen first.

    Parameters
    ----------
    keys, ids : ndarray of uint64, shape (k,)
        Hash of the record, rising, and of its identifiers.
    rows, counts : ndarray of int64, shape (k,)
        Its first record number, and how often it occurs.
    sample : RecordSample
    """

    keys: np.ndarray
    ids: np.ndarray
    rows: np.ndarray
    counts: np.ndarray
    sample: RecordSample

    @classmethod
    def of(cls, block: Block) -> "FirstSeen":
        keys, ids = record_hashes(block, compared(block.schema)), _id_hashes(block)
        order = np.argsort(keys, kind="stable")
        ones = np.ones(len(keys), np.int64)
        return _distinct(keys[order], ids[order], block.rows[order], ones, RecordSample.of(block))

    def merge(self, other: Self) -> "FirstSeen":
        keys = np.concatenate([self.keys, other.keys])
        order = np.argsort(keys, kind="stable")  # two sorted runs: one merge; the earlier record comes first
        ids = np.concatenate([self.ids, other.ids])[order]
        rows = np.concatenate([self.rows, other.rows])[order]
        counts = np.concatenate([self.counts, other.counts])[order]
        return _distinct(keys[order], ids, rows, counts, self.sample.merge(other.sample))

    @property
    def copies(self) -> int:
        """How many records repeat an earlier one."""
        return int((self.counts - 1).sum())

    @property
    def pairs(self) -> int:
        """How many pairs of equal records there are."""
        return int((self.counts * (self.counts - 1) // 2).sum())


def _distinct(
    keys: np.ndarray, ids: np.ndarray, rows: np.ndarray, counts: np.ndarray, sample: RecordSample
) -> FirstSeen:
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    total = np.add.reduceat(counts, first) if len(first) else counts
    return FirstSeen(keys[first], ids[first], rows[first], total, sample)


def _id_hashes(block: Block) -> np.ndarray:
    names = tuple(column.name for column in block.schema.with_role(Role.ID))
    if not names:
        return np.zeros(len(block), np.uint64)
    return mix(record_hashes(block, names) + GOLDEN)


@dataclass(frozen=True)
class DuplicateRecords(Check):
    """The same record a second time: equal in every column but identifiers and running numbers.

    A copy counts double in training, and with one copy in training and one in the test the score is flattered.
    Records that differ in a source column are two reports, not duplicates. Where the columns say little, records are
    equal by chance; how many is told by the records that are equal in all columns but one.

    Parameters
    ----------
    certain : float
        Confidence when chance is ruled out and no identifier says otherwise.
    renumbered : float
        Confidence when chance is ruled out but the identifiers differ.

    Source: ISO/IEC 5259-2, data record consistency. ``value`` holds the number of the record that is kept.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    kinds: ClassVar[frozenset[str]] = (Check.kinds | {"instructions"}) - {
        "images",
        "interactions",
    }  # they have their own
    measure_name: ClassVar[str] = "data record consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    certain: float = 0.98
    renumbered: float = 0.9

    def applies(self, schema: Schema) -> DoesNotApply | None:
        return None if compared(schema) else DoesNotApply("no column to compare")

    def learn(self, block: Block) -> FirstSeen:
        return FirstSeen.of(block)

    def judge(self, state: FirstSeen, block: Block, before: Any = None) -> pa.Table:
        names = compared(block.schema)
        keys = record_hashes(block, names)
        place = np.minimum(np.searchsorted(state.keys, keys), len(state.keys) - 1)
        keeper = state.rows[place]
        at = np.flatnonzero((state.keys[place] == keys) & (keeper < block.rows))
        if len(at):
            at = at[same_text(block, names, at, keeper[at])]
        if not len(at):
            return self.found(0, confidence=[], message=[])
        by_chance = derived(state, "chance", lambda: _chance(state, block.schema))
        has_ids = bool(block.schema.with_role(Role.ID))
        agree = _id_hashes(block)[at] == state.ids[place[at]]
        sure = np.where(agree, self.certain, self.renumbered) * (1 - by_chance)
        if has_ids:  # the same identifier too: no chance
            sure = np.where(agree, self.certain, sure)
        others = f"all {len(names)} columns" if len(names) == len(block.schema) else f"{len(names)} columns"
        told = (", identifiers included", ", only the identifiers differ") if has_ids else ("", "")
        tails = np.where(agree, *told)
        messages = [
            f"repeats record {kept} in {others}{tail}; {state.copies} of {state.sample.records} records repeat "
            f"an earlier one"
            for kept, tail in zip(keeper[at].tolist(), tails, strict=True)
        ]
        return self.found(
            len(at),
            row=block.rows[at],
            value=[str(kept) for kept in keeper[at].tolist()],
            confidence=sure,
            message=messages,
        )

    def total(self, state: FirstSeen, schema: Schema) -> int:
        return state.sample.records


def _chance(state: FirstSeen, schema: Schema) -> float:
    """The share of the equal pairs that chance alone would make.

    Told by the records equal in all columns but one. Where so many records repeat that hardly any is left to tell, and
    not each equally often as in a file written twice, columns that know nothing of each other are the measure; so they
    are where identifiers tell the records apart, which a file written twice repeats.
    """
    names, numbered = compared(schema), bool(schema.with_role(Role.ID))
    expected = chance_pairs(state.sample, schema, names)
    if state.copies > MANY_COPIES * state.sample.records and (numbered or len(np.unique(state.counts)) > 1):
        expected = max(expected, _blind_pairs(state.sample, schema, names))
    return min(1.0, SAFETY * expected / max(1, state.pairs))


def _blind_pairs(sample: RecordSample, schema: Schema, names: tuple[str, ...]) -> float:
    """How many pairs would be equal if the columns were independent."""
    block = sample.block(schema)
    alike = 1.0
    for name in names:
        counts = np.bincount(block.encoded(name)[0] + 1).astype(np.float64)
        alike *= float((counts * (counts - 1)).sum()) / max(1, len(block) * (len(block) - 1))
    return alike * sample.records * (sample.records - 1) / 2


def same_text(block: Block, names: tuple[str, ...], at: np.ndarray, keeper: np.ndarray) -> np.ndarray:
    """(k,) bool: False where the keeper stands in this block and its text differs after all.

    Parameters
    ----------
    at, keeper : ndarray of int64, shape (k,)
        Positions of records in the block, and the record numbers they are said to repeat.
    """
    place = np.minimum(np.searchsorted(block.rows, keeper), max(0, len(block) - 1))
    here = block.rows[place] == keeper if len(block) else np.zeros(0, bool)
    same = np.ones(len(at), bool)
    for name in names:
        codes = block.encoded(name)[0]
        same &= ~here | (codes[at] == codes[place])
    return same
