"""How much is fitted how often: fixed by the size of the data, never by the clock, so every machine says the same."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.train.recipes import headline_for

# cost: beyond each, fewer fits; times of the plans in benchmarks/lift_time.md
SMALL_CELLS, LARGE_CELLS, HUGE_CELLS = 60_000, 1_200_000, 3_000_000
TEXT_WEIGHT = 16  # a text column costs about as much as this many others; cost: a guess of time
PLACEBOS, FEW_PLACEBOS = 19, 9  # definition: of the certificate, at least 19; cost: very large tables have fewer
MOST_CLASSES = 50  # cost: of more classes a fit takes long, since each round of boosting grows a tree a class
MAX_RECORDS = 60_000  # cost: of more records so many are drawn; intervals are those of the sample


@dataclass(frozen=True)
class Design:
    """The budget of a proof.

    Parameters
    ----------
    folds, repeats : int
        Outer cross-validation; ``repeats`` times ``folds`` scores an arm.
    placebos : int
        Placebo draws, measured by the headline learner on every fold of the first repeat; a single one on all folds.
    inner_folds : int
        Validation folds inside the training records, for choosing what ships.
    choose_by : str
        The learner whose validation score chooses: "headline" or "fragile". What the fragile one chooses must not harm
        the headline learner either.
    share_by : str
        The learner whose score the families share out: "headline" or "fragile". The linear one is ten times as quick
        and shows faults that trees step around; its shares add up to its own lift.
    exact_players : int
        Up to so many families Shapley shares come from all coalitions; beyond, from random orders.
    look_repeats : int
        Repeats that measure robustness and learning curves.
    weigh_folds : int
        Folds of the out-of-fold answers that weigh labels; 0: no label is weighed.
    """

    folds: int = 5
    repeats: int = 5
    placebos: int = PLACEBOS
    inner_folds: int = 3
    choose_by: str = "headline"
    share_by: str = "headline"
    exact_players: int = 6
    look_repeats: int = 1
    weigh_folds: int = 3

    @classmethod
    def of(cls, block: Block) -> "Design":
        """The plan for a table of this size, or for a learner or a number of classes of which a fit takes long."""
        cells = cells_of(block)
        by_linear = cls(repeats=1, placebos=1, inner_folds=2, choose_by="fragile", share_by="fragile")
        by_linear = replace(by_linear, exact_players=2, weigh_folds=0)
        if headline_for(block.schema).learner.slow:
            return replace(by_linear, folds=3)
        if _classes(block) > MOST_CLASSES:
            return by_linear
        if cells <= SMALL_CELLS:
            return cls()
        linear = cls(inner_folds=2, choose_by="fragile", share_by="fragile", weigh_folds=2)
        if cells <= LARGE_CELLS:
            return linear
        linear = replace(linear, weigh_folds=0)
        if cells <= HUGE_CELLS:
            return replace(linear, repeats=2, exact_players=4)
        return replace(linear, repeats=1, placebos=FEW_PLACEBOS, exact_players=3)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def _classes(block: Block) -> int:
    """How many different classes the target names; 0 for numbers."""
    target = block.schema.target
    if target is None or block.schema.task != "classification" or target.name not in block.table.column_names:
        return 0
    return len(block.coded(target.name)[1])


def cells_of(block: Block) -> int:
    """How many cells a proof of these records reads; a text counts as several."""
    weight = sum(TEXT_WEIGHT if column.role is Role.TEXT else 1 for column in block.schema.features)
    return min(len(block), MAX_RECORDS) * max(1, weight)


def bounded(block: Block) -> Block:
    """At most ``MAX_RECORDS`` records, those with the smallest keys; a small table whole."""
    if len(block) <= MAX_RECORDS:
        return block
    return block.take(np.sort(np.argsort(block.keys, kind="stable")[:MAX_RECORDS]))
