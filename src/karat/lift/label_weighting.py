"""The family ``label weights``: records count by how probable their labels are; the proof chooses it as any other.

Weights are learned on training records alone, for the choice on the inner training records alone: no record that
judges has fitted one. Records that judge count alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import WEIGHT, Block
from karat.core.patch import changes
from karat.flow.refine import patched
from karat.flow.review import ANSWERS
from karat.flow.weighing import LabelWeights, weighable, weighed_labels
from karat.lift.pairing import unit_weights
from karat.lift.recipe import content_key

LABEL_WEIGHTS = "label weights"
CHECK = "LabelWeights"

POWERS = (1.0, 0.5)  # of the weights, tried by validation; benchmark: benchmarks/label_treatments.md

LEAST_RECORDS = 500  # cost: a proof of fewer takes several times as long for gains that its validation cannot tell

Weigh = Callable[[Block, float], pa.Table]


@dataclass(frozen=True)
class LabelWeighting:
    """How a proof weighs labels.

    Parameters
    ----------
    seed : int
    folds : int
        Of the out-of-fold answers behind the weights; in a proof the plan says how many.
    spared : frozenset of int
        Records that a person has spoken of: they count 1.
    """

    seed: int = 0
    folds: int = 5
    spared: frozenset[int] = frozenset()

    @property
    def key(self) -> list[Any]:
        """What decides the weights of given records."""
        return [self.seed, self.folds, sorted(self.spared)]

    def weights(self, records: Block) -> LabelWeights:
        """The weights of records; of those that a person has spoken of none."""
        learned = weighed_labels(unweighed(records), self.seed, self.folds)
        free = ~np.isin(learned.rows, list(self.spared))
        return LabelWeights(learned.rows[free], learned.weights[free], learned.labels[free])

    def after(self, answers: pa.Table | None) -> Weigh:
        """What weighs records by a power of their weights, people's answers taken in; it learns once of equal ones."""
        known: dict[str, LabelWeights] = {}

        def weigh(records: Block, power: float) -> pa.Table:
            key = content_key(records)
            if key not in known:
                known[key] = self.weights(records if answers is None else patched(records, answers))
            return _changes(known[key].tempered(power))

        return weigh


def _changes(learned: LabelWeights) -> pa.Table:
    """Weights as changes of the column ``_weight``, in which every record counts 1."""
    moved = learned.weights != 1
    text = pa.array([f"{weight:.4g}" for weight in learned.weights[moved].tolist()], pa.string())
    rows = learned.rows[moved]
    return changes(len(rows), row=rows, column=WEIGHT, action="set", before="1", after=text, check=CHECK)


def weighing_for(block: Block, weighing: LabelWeighting | None, folds: int) -> LabelWeighting | None:
    """The same with so many folds where labels of these records can be weighed and are enough, else None."""
    if weighing is None or not folds or len(block) < LEAST_RECORDS or not weighable(block):
        return None
    return replace(weighing, folds=folds)


def with_weights(block: Block) -> Block:
    """The records, each counting 1; their keys stay."""
    return unit_weights(block).keyed(lambda: block.keys)


def unweighed(block: Block) -> Block:
    """The records without the column of weights, as checks see them."""
    if WEIGHT not in block.table.column_names:
        return block
    columns = tuple(column for column in block.schema.columns if column.name != WEIGHT)
    table, schema = block.table.drop_columns([WEIGHT]), replace(block.schema, columns=columns)
    return Block(block.rows, table, schema, block.extra).keyed(lambda: block.keys)


def patches_with(
    patches: dict[str, pa.Table], records: Block, weighing: LabelWeighting | None
) -> tuple[dict[str, pa.Table], Weigh | None]:
    """The patches by family and that of the weights, and how other records are weighed likewise."""
    if weighing is None:
        return patches, None
    weigh = weighing.after(patches.get(ANSWERS))
    weights = weigh(records, POWERS[0])
    return (dict(sorted({**patches, LABEL_WEIGHTS: weights}.items())), weigh) if weights.num_rows else (patches, None)


def at_power(patches: dict[str, pa.Table], records: Block, weigh: Weigh | None, power: float) -> dict[str, pa.Table]:
    """The patches with weights of the chosen power."""
    return patches if weigh is None or power == POWERS[0] else {**patches, LABEL_WEIGHTS: weigh(records, power)}
