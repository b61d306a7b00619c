"""What drift is measured against: records of a run with known answers, and models that have not seen them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.schema import Column, Role, Schema
from karat.evaluate.drift_impact import losses
from karat.flow.folder import read_json
from karat.flow.raw import raw_records

MOST_RECORDS = (
    8_192  # cost: records of the reference; four times as many halve the intervals and take four times as long
)
FOLDS = 5  # the same as scikit-learn's default of cv
ANSWER = "the model's answer"  # display: drift of the answers themselves
MEASURED = (Role.NUMBER, Role.TIME, Role.CATEGORY, Role.TEXT)


@dataclass(frozen=True, eq=False)
class DriftReference:
    """Records of a run, and five models of the run's recipe, each of which has not seen a fifth of them.

    Parameters
    ----------
    block : Block
        Records as they came in.
    columns : sequence of Column
        Those that are watched.
    fold : ndarray of int, shape (n,)
        Which model has not seen a record.
    models : sequence of (preparation, model)
        Empty where the run has no target: drift is then measured, its cost is not known.
    truth : ndarray, shape (n,)
        Class codes, or numbers.
    """

    block: Block
    columns: Sequence[Column]
    fold: np.ndarray
    models: Sequence[tuple[Any, Any]]
    truth: np.ndarray

    @classmethod
    def of_run(cls, run: Path) -> "DriftReference":
        """From the records of a run folder and the recipe that leads its evaluation.

        Raises
        ------
        InputError
            The folder holds no records.
        """
        place = run / "evaluation.json"
        lead = read_json(place).get("headline", "") if place.is_file() else ""
        return cls.of(raw_records(run).spread(MOST_RECORDS), lead)

    @classmethod
    def of(cls, block: Block, learner: str = "", seed: int = 0) -> "DriftReference":
        """From records; those without a target are left out where there is one.

        Parameters
        ----------
        learner : str
            The name of a recipe; "" takes the first of the records' kind.

        Raises
        ------
        InputError
            No column can be measured.
        """
        from karat.prepare.target import read_target

        schema = block.schema
        if not any(c.role in MEASURED for c in schema.features):
            raise InputError("the run has no column whose drift can be measured", "Use a run of a table")
        columns = tuple(c for c in schema.features if c.role in MEASURED and c.type != "binary")
        if schema.target is None or not schema.task:
            return cls(block, columns, np.zeros(len(block), np.int64), (), np.zeros(len(block)))
        target = read_target(block)
        known = np.flatnonzero(~target.missing)
        block, truth = block.take(known), target.values[known]
        fold = np.random.default_rng(seed).permutation(len(block)) % FOLDS
        return cls(block, columns, fold, _fitted(block, truth, len(target.classes), fold, learner, seed), truth)

    def answers(self, block: Block) -> np.ndarray:
        """Probabilities (n, k) or numbers (n,) for versions of the reference's own records."""
        parts = []
        for at in range(len(self.models)):
            mine = np.flatnonzero(self.fold == at)
            parts.append((mine, self._asked(at, block, mine)))
        out = np.empty((len(block), *parts[0][1].shape[1:]))
        for mine, answers in parts:
            out[mine] = answers
        return out

    def answers_to(self, block: Block) -> np.ndarray:
        """The first model's answers to other records."""
        return self._asked(0, block, np.arange(len(block)))

    def _asked(self, at: int, block: Block, rows: np.ndarray) -> np.ndarray:
        fitted, model = self.models[at]
        return np.asarray(model.predict(fitted.apply(block, rows)), np.float64)

    @cached_property
    def own_answers(self) -> np.ndarray:
        """To the reference as it is."""
        return self.answers(self.block)

    @cached_property
    def own_losses(self) -> np.ndarray:
        """(n,) what they cost."""
        return self.losses(self.own_answers)

    def losses(self, answers: np.ndarray) -> np.ndarray:
        """(n,) what answers to the reference cost."""
        return losses(answers, self.truth, float(self.truth.var()) or 1.0)

    @cached_property
    def views(self) -> dict[str, np.ndarray]:
        """The watched columns of the reference."""
        return self.seen(self.block)

    def seen(self, block: Block) -> dict[str, np.ndarray]:
        """The watched columns of records: numbers with NaN, or texts with "" where missing."""
        return {column.name: view(block, column) for column in self.columns}

    def with_cells(self, window: Block, chosen: Mapping[str, np.ndarray]) -> Block:
        """The reference with cells of window records.

        Parameters
        ----------
        chosen : mapping of str to ndarray, shape (n,)
            By column, the window record whose cell each record gets, -1 for its own.
        """
        table = self.block.table
        for name, rows in chosen.items():
            other = pc.take(window.table[name].combine_chunks(), pa.array(np.maximum(rows, 0)))
            own = table[name].combine_chunks()
            cells = pc.if_else(pa.array(rows >= 0), other.cast(own.type), own)
            table = table.set_column(table.column_names.index(name), name, cells)
        return Block(self.block.rows, table, self.block.schema, self.block.extra)


def _fitted(block: Block, truth: np.ndarray, classes: int, fold: np.ndarray, learner: str, seed: int) -> list[Any]:
    from karat.prepare.features import Preparation
    from karat.train.recipes import recipe_shipped

    recipe = recipe_shipped(block.schema, classes, learner)
    out = []
    for at in range(FOLDS):
        train = np.flatnonzero(fold != at)
        fitted = Preparation(block.schema, recipe.features).fit(block, train)
        along = recipe.along(fitted.directions)
        out.append((fitted, along.fit(fitted.apply(block, train), truth[train], seed)))
    return out


def view(block: Block, column: Column) -> np.ndarray:
    """One column: numbers, seconds, characters of a text, or categories."""
    if column.role is Role.NUMBER:
        return block.numbers(column.name)
    if column.role is Role.TIME:
        times = block.times(column.name)
        return np.where(np.isnat(times), np.nan, times.astype("datetime64[us]").astype(np.int64) / 1e6)
    text = block.text(column.name)
    if column.role is Role.TEXT:
        return np.asarray(pc.fill_null(pc.utf8_length(text).cast(pa.float64()), np.nan), np.float64)
    return np.array(text.fill_null("").to_pylist(), dtype=np.str_)


def as_window(block: Block, schema: Schema) -> Block:
    """Records with all columns of a schema; those that they lack are blank."""
    columns = [
        block.table[name].cast(pa.string()) if name in block.table.column_names else pa.nulls(len(block), pa.string())
        for name in schema.names
    ]
    return Block(block.rows, pa.table(columns, names=list(schema.names)), schema)
