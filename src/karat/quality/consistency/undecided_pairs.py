"""Two cells that do not go together, and nothing tells which of them is wrong."""

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from karat.core.block import Block
from karat.core.finding import SURE, Dimension, DoesNotApply
from karat.core.schema import Schema
from karat.core.unit import Check
from karat.quality.calibration import UNPROVEN
from karat.quality.consistency._blame import BrokenPair
from karat.quality.consistency._dependencies import FEWEST_RECORDS, dependency_columns
from karat.quality.consistency.broken_dependencies import WORTH_SAYING, blame_of
from karat.quality.sampled import Sampled


@dataclass(frozen=True)
class UndecidedPairs(Check):
    """Two cells of a record of which one is likely wrong, and nothing in the table tells which.

    Where only one column decides another (city → country) and both cells are usual values, a wrong city looks like a
    wrong country. Both cells are named, each as a suspicion, neither counted nor fixed; a person is asked which it is.

    Why it hurts: the record contradicts the others, and whoever knows it can settle it at a glance.

    Source: Bohannon, Fan, Flaster and Rastogi (2005), A cost-based model and effective heuristic for repairing
    constraints by value modification: either side of a violated dependency may be the one to change.
    """

    dimension: ClassVar[Dimension] = Dimension.CONSISTENCY
    kinds: ClassVar[frozenset[str]] = frozenset({"table"})
    at_the_door: ClassVar[bool] = False

    def applies(self, schema: Schema) -> DoesNotApply | None:
        """Two columns are needed."""
        return None if len(dependency_columns(schema)) > 1 else DoesNotApply("one column cannot depend on another")

    def learn(self, block: Block) -> Sampled:
        """A sample of whole records; all of a small table."""
        return Sampled.of(block)

    def judge(self, state: Sampled, block: Block, before: object = None) -> pa.Table | DoesNotApply:
        """Both cells of each pair that breaks a dependency."""
        if len(state.sample.rows) < FEWEST_RECORDS:
            return DoesNotApply(f"{FEWEST_RECORDS} records wanted to learn dependencies from")
        blame = blame_of(state)
        pairs = blame.undecided(blame.values.read(block), SURE, WORTH_SAYING)
        usual = [blame.values.values[pair.right].take(pa.array(pair.top)).to_pylist() for pair in pairs]
        parts = [self._both(block, pair, tops) for pair, tops in zip(pairs, usual, strict=True)]
        return pa.concat_tables([self.found(0, confidence=0.0, message=""), *(part for two in parts for part in two)])

    def _both(self, block: Block, pair: BrokenPair, usual: list[str]) -> list[pa.Table]:
        """A finding for each side, the two sharing what is likely."""
        texts = {name: block.text(name).take(pa.array(pair.at)) for name in (pair.left, pair.right)}
        left, right = (texts[name].to_pylist() for name in (pair.left, pair.right))
        counts = zip(left, right, usual, pair.most.tolist(), pair.others.tolist(), strict=True)
        message = [
            f"one of two cells is wrong, {pair.left} {key!r} or {pair.right} {beside!r}: which? {pair.right} is "
            f"{top!r} in {most:,} of {others:,} other records with {pair.left} {key!r}"
            for key, beside, top, most, others in counts
        ]
        out = []
        for name in (pair.left, pair.right):
            out.append(
                self.found(
                    len(pair.at),
                    row=block.rows[pair.at],
                    column=name,
                    value=texts[name],
                    confidence=(pair.either / 2).clip(max=UNPROVEN).round(4),
                    message=message,
                )
            )
        return out
