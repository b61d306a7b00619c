"""The same input with different labels."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.counts import RecordSample
from karat.core.finding import Dimension, DoesNotApply
from karat.core.hashes import text_hashes
from karat.core.schema import Schema
from karat.core.state import derived
from karat.core.unit import Check
from karat.quality.consistency._coincidence import coincidence
from karat.quality.consistency.record_hash import compared, record_hashes

# flat from 1.5 to 6 (benchmarks/constants.md): room for an estimate of chance that is low, as
# benchmarks/duplicates.md shows some
SAFETY = 3.0


@dataclass(frozen=True)
class LabelsByInput:
    """How often each label stands beside each distinct input.

    Parameters
    ----------
    keys, labels : ndarray of uint64, shape (k,)
        Hashes of input and label, keys rising.
    rows, counts : ndarray of int64, shape (k,)
        First record and number of records of each pair.
    names : dict of str to str
        Label texts by the hash written as digits.
    """

    keys: np.ndarray
    labels: np.ndarray
    rows: np.ndarray
    counts: np.ndarray
    names: dict[str, str]
    sample: RecordSample

    @classmethod
    def of(cls, block: Block, target: str) -> "LabelsByInput":
        keys = record_hashes(block, compared(block.schema, target=False))
        codes, texts = block.encoded(target)
        hashes = text_hashes(pa.array(texts, pa.string()))
        labelled = np.flatnonzero(~block.missing(target))
        labels = hashes[codes[labelled]] if len(texts) else np.zeros(0, np.uint64)
        names = {str(h): t for h, t in zip(hashes.tolist(), texts, strict=True)}
        ones = np.ones(len(labelled), np.int64)
        return _tallied(keys[labelled], labels, block.rows[labelled], ones, names, RecordSample.of(block))

    def merge(self, other: Self) -> "LabelsByInput":
        keys, labels = np.concatenate([self.keys, other.keys]), np.concatenate([self.labels, other.labels])
        rows, counts = np.concatenate([self.rows, other.rows]), np.concatenate([self.counts, other.counts])
        return _tallied(keys, labels, rows, counts, self.names | other.names, self.sample.merge(other.sample))

    def conflicts(self) -> "Conflicts":
        """The inputs that carry more than one label."""
        many = self._repeated()
        starts = np.flatnonzero(np.concatenate([[True], self.keys[many][1:] != self.keys[many][:-1]]))
        if not len(many):
            empty = np.zeros(0, np.int64)
            return Conflicts(np.zeros(0, np.uint64), empty, empty, empty, empty, np.zeros(0, np.uint64))
        totals = np.add.reduceat(self.counts[many], starts)
        sizes = np.diff(np.append(starts, len(many)))
        order = np.lexsort((self.rows[many], -self.counts[many], np.repeat(np.arange(len(starts)), sizes)))
        best = many[order[starts]]
        second = self.counts[many[order[starts + 1]]]
        return Conflicts(self.keys[best], totals, self.counts[best], second, self.rows[best], self.labels[best])

    def _repeated(self) -> np.ndarray:
        same = self.keys[1:] == self.keys[:-1]
        return np.flatnonzero(np.concatenate([same, [False]]) | np.concatenate([[False], same]))


def _tallied(
    keys: np.ndarray,
    labels: np.ndarray,
    rows: np.ndarray,
    counts: np.ndarray,
    names: dict[str, str],
    sample: RecordSample,
) -> LabelsByInput:
    order = np.argsort(keys, kind="stable")  # two sorted runs: one merge
    keys, labels, rows, counts = keys[order], labels[order], rows[order], counts[order]
    alike = keys[1:] == keys[:-1]
    many = np.flatnonzero(np.concatenate([alike, [False]]) | np.concatenate([[False], alike])) if len(keys) else order
    inner = many[np.lexsort((rows[many], labels[many], keys[many]))]
    keys[many], labels[many], rows[many], counts[many] = keys[inner], labels[inner], rows[inner], counts[inner]
    fresh = np.concatenate([[True], (keys[1:] != keys[:-1]) | (labels[1:] != labels[:-1])])
    first = np.flatnonzero(fresh) if len(keys) else np.zeros(0, np.int64)
    total = np.add.reduceat(counts, first) if len(first) else counts
    return LabelsByInput(keys[first], labels[first], rows[first], total, names, sample)


@dataclass(frozen=True)
class Conflicts:
    """Inputs with several labels: key, records, records with the commonest label, with the next, and who has it."""

    keys: np.ndarray
    totals: np.ndarray
    best: np.ndarray
    second: np.ndarray
    rows: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class ConflictingLabels(Check):
    """Records that are equal in all inputs and differ in the label.

    At least one of the labels is wrong, or an input that decides is not there; no model can get both right. Where the
    inputs say little, different things look alike and both labels may be right: how often is told by the records
    that are equal in all inputs but one.

    Source: ISO/IEC 5259-2, data label consistency.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    measure_name: ClassVar[str] = "data label consistency"
    unit: ClassVar[str] = "records"
    at_the_door: ClassVar[bool] = False

    def applies(self, schema: Schema) -> DoesNotApply | None:
        if schema.target is None or not compared(schema, target=False):
            return DoesNotApply("no target, or nothing beside it")
        return DoesNotApply("the target is a number") if schema.task == "regression" else None

    def learn(self, block: Block) -> LabelsByInput:
        return LabelsByInput.of(block, _target(block.schema))

    def judge(self, state: LabelsByInput, block: Block, before: Any = None) -> pa.Table:
        conflicts = derived(state, "conflicts", state.conflicts)
        if not len(conflicts.keys):
            return self.found(0, confidence=[], message=[])
        target = _target(block.schema)
        keys = record_hashes(block, compared(block.schema, target=False))
        place = np.minimum(np.searchsorted(conflicts.keys, keys), len(conflicts.keys) - 1)
        at = np.flatnonzero((conflicts.keys[place] == keys) & ~block.missing(target))
        labels, place = block.text(target).take(pa.array(at)).to_pylist(), place[at]
        names = [state.names[str(label)] for label in conflicts.labels[place].tolist()]
        tie = conflicts.best[place] == conflicts.second[place]
        minor = np.array([a != b for a, b in zip(labels, names, strict=True)], bool)
        tell = minor | tie
        at, place, tie = at[tell], place[tell], tie[tell]
        labels = [label for label, keep in zip(labels, tell, strict=True) if keep]
        names = [name for name, keep in zip(names, tell, strict=True) if keep]
        share = conflicts.best[place] / conflicts.totals[place]
        real = 1 - derived(state, "chance", lambda: _chance(state, conflicts, block.schema))
        sure = real * np.where(tie, 0.45, np.minimum(0.95, share))
        suggestion = [None if even else name for even, name in zip(tie, names, strict=True)]
        messages = [
            f"the inputs of this record carry {name!r} in {best} of {total} records, {label!r} here (see record {row})"
            for name, best, total, label, row in zip(
                names, conflicts.best[place], conflicts.totals[place], labels, conflicts.rows[place], strict=True
            )
        ]
        return self.found(
            len(at),
            row=block.rows[at],
            column=target,
            value=labels,
            suggestion=suggestion,
            confidence=sure,
            message=messages,
        )

    def total(self, state: LabelsByInput, schema: Schema) -> int:
        return int(state.counts.sum())


def _target(schema: Schema) -> str:
    return schema.target.name if schema.target else ""


def _chance(state: LabelsByInput, conflicts: Conflicts, schema: Schema) -> float:
    expected = coincidence(state.sample, schema, compared(schema, target=False)).equal
    totals = state.counts.astype(np.int64)
    equal = int((totals * (totals - 1) // 2).sum()) + int((conflicts.best * (conflicts.totals - conflicts.best)).sum())
    return min(1.0, SAFETY * expected / max(1, equal))
