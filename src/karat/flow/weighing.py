"""Wrong labels without a person: how much each record counts where a model is fitted."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from karat.core.block import ROW, WEIGHT, Block
from karat.core.schema import Role
from karat.flow.folder import write_table
from karat.flow.out_of_fold import out_of_fold
from karat.label.label_weights import in_total, label_weights
from karat.quality.accuracy.label_judge import fitted_on_sample
from karat.quality.accuracy.skill import too_rare

FILE = "weights.parquet"
LEAST_WEIGHED = 100  # the same as LEAST_DOUBTED of lift/fold.py
SMALL = 0.5  # display: a label below this weight counts as doubted


@dataclass(frozen=True, eq=False)
class LabelWeights:
    """How much labels count.

    Parameters
    ----------
    rows : ndarray of int64, shape (m,)
        Record numbers, rising; every other record counts 1.
    weights : ndarray of float64, shape (m,)
        At least 0; those of a class sum to its records.
    labels : ndarray of int64, shape (m,)
        The labels' codes, where they were just learned; else empty.
    """

    rows: np.ndarray
    weights: np.ndarray
    labels: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))

    def tempered(self, power: float) -> Self:
        """The weights to a power in (0, 1], by which they differ less; the classes keep their totals."""
        return replace(self, weights=in_total(self.weights**power, self.labels)) if power != 1 else self

    def of(self, rows: np.ndarray) -> np.ndarray:
        """(n,) weights of records by their numbers."""
        at = np.minimum(np.searchsorted(self.rows, rows), max(len(self.rows) - 1, 0))
        if not len(self.rows):
            return np.ones(len(rows))
        return np.where(self.rows[at] == rows, self.weights[at], 1.0)

    @classmethod
    def of_changes(cls, ledger: pa.Table) -> Self:
        """From changes of the column ``_weight``."""
        order = np.argsort(ledger["row"].to_numpy())
        return cls(ledger["row"].to_numpy()[order], ledger["after"].cast(pa.float64()).to_numpy()[order])

    @classmethod
    def load(cls, place: Path) -> Self:
        """Those of a folder; none where it has no file of them."""
        if not (place / FILE).exists():
            return cls(np.zeros(0, np.int64), np.zeros(0))
        table = pq.read_table(place / FILE)
        return cls(table["row"].to_numpy(), table["weight"].to_numpy())

    def save(self, place: Path) -> None:
        """Write ``weights.parquet``: ``row``, ``weight``."""
        write_table(place / FILE, pa.table({"row": self.rows, "weight": self.weights}))

    def put(self, data: Path) -> None:
        """Add them to a ``data.parquet`` as a column ``_weight``; nothing where there are none."""
        if len(self.rows):
            table = pq.read_table(data)
            write_table(data, table.append_column(WEIGHT, pa.array(self.of(table[ROW].to_numpy()))))

    def summary(self) -> dict[str, int]:
        """How many labels were weighed, and how many of them count less than half; empty for none."""
        return {"labels": len(self.rows), "doubted": int((self.weights < SMALL).sum())} if len(self.rows) else {}


NO_WEIGHTS = LabelWeights(np.zeros(0, np.int64), np.zeros(0))


def weighable(block: Block) -> bool:
    """Can labels be weighed: classes to predict, by a learner that heeds weights and is quick, and no weights yet?"""
    from karat.train.recipes import headline_for, weighs

    schema = block.schema
    if schema.task != "classification" or schema.target is None or WEIGHT in block.table.column_names:
        return False
    learner = headline_for(schema).learner
    bound = any(column.monotone for column in schema)  # the linear learner cannot weigh records then
    return weighs(learner) and not learner.slow and not bound and not schema.with_role(Role.IMAGE)


def weighed_labels(block: Block, seed: int = 0, folds: int = 5) -> LabelWeights:
    """How probable each label is, by models that have not seen the record; classes keep their totals.

    ``NO_WEIGHTS`` where the models do not tell the classes from each other, or contradict no more labels than they
    would if all were right: the likeliest share of wrong ones is 0.

    Parameters
    ----------
    block : Block
        All records that may be known; its schema has a target of classes.
    seed : int
    folds : int
        Parts that the records are cut into, each answered by models of the others; at least 2.
    """
    from karat.prepare.target import read_target

    target = read_target(block)
    sizes = np.bincount(target.values[~target.missing].astype(np.int64), minlength=len(target.classes))
    if sizes.sum() < LEAST_WEIGHED or too_rare(sizes):
        return NO_WEIGHTS
    answers, target = out_of_fold(block, seed, folds=folds, linear=True)
    at = np.flatnonzero(~target.missing & ~np.isnan(answers).any(axis=1))
    at = at[np.argsort(block.keys[at], kind="stable")]  # the same sums in whatever order the records came
    labels = target.values[at].astype(np.int64)
    judge = fitted_on_sample(answers[at], labels, block.keys[at])
    if judge.noise.reason or not judge.likely:
        return NO_WEIGHTS
    weights, order = label_weights(answers[at], labels, judge), np.argsort(block.rows[at])
    return LabelWeights(block.rows[at][order], weights[order], labels[order])


def weights_for(block: Block, at: np.ndarray, learned: LabelWeights) -> np.ndarray | None:
    """(m,) what records at positions count: by a column ``_weight``, else by learned weights; None for alike."""
    from karat.train.recipes import weights_of

    own = weights_of(block, at)
    return own if own is not None or not len(learned.rows) else learned.of(block.rows[at])
