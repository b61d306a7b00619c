"""From columns to a matrix: which transform each column gets, fitted on training records alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.results import Fitted
from karat.core.schema import Column, Schema
from karat.core.unit import Transform
from karat.prepare.columns import Positions


def transform_units() -> tuple[type[Transform], ...]:
    """Every transform there is, by code."""
    return tuple(unit for unit in units("transform").values() if issubclass(unit, Transform))


def ways() -> list[str]:
    """The ways to prepare that some transform is used in."""
    return sorted({way for unit in transform_units() for way in unit.ways})


@dataclass(frozen=True)
class Preparation:
    """What happens to each column before a learner sees it.

    Parameters
    ----------
    schema : Schema
        Its feature columns are used: numbers, categories, times and texts.
    for_ : str
        "linear": scaled, filled, one feature a category, texts as character runs, times as waves.
        "trees": plain numbers with NaN for gaps, ranks of categories; texts are left out.
        "evidence": how far each bin of a number or category moves the odds of the second of two classes.
        "pixels": the pixels of pictures, and nothing else.
        "vectors": as linear, texts as the vectors of the model that leads by its folder.

    The one ``fit`` serves whole blocks and folds: give ``positions`` and what has been read of the block is shared.
    """

    schema: Schema
    for_: str = "linear"

    def __post_init__(self) -> None:
        if self.for_ not in ways():
            raise OptionError.unknown("way to prepare", self.for_, ways(), where="for_")

    def transforms(self) -> Iterator[Transform]:
        """The transforms that suit, in the order of the schema; those of several columns last."""
        for column in self.schema.features:
            chosen = (unit.of(column, self.schema, self.for_) for unit in transform_units())
            yield from (transform for transform in chosen if transform is not None)
        together = (unit.of_records(self.schema, self.for_) for unit in transform_units())
        yield from (transform for transform in together if transform is not None)

    def read(self, block: Block) -> Block:
        """Reads all columns now, so that folds on several threads share the views instead of each making them."""
        for unit in self.transforms():
            unit.read(block)
        return block

    def fit(self, train: Block, positions: Positions = None) -> "FittedPreparation":
        """Learn from the records of a block at the positions (n,) int, or from all of them."""
        parts = (unit.fit(train, positions) for unit in self.transforms())
        return FittedPreparation(self.schema, self.for_, tuple(part for part in parts if part.width))


@dataclass(frozen=True)
class FittedPreparation:
    """Fitted transforms side by side.

    Parameters
    ----------
    schema : Schema
        Of the columns it reads.
    for_ : str
        As in ``Preparation``.
    parts : tuple of fitted transforms
        In feature order; plain dataclasses of NumPy arrays, texts and numbers, for ``freeze`` and for exporters.
        Without any part there is one constant feature, 0.
    """

    schema: Schema
    for_: str
    parts: tuple[Fitted, ...]
    _names: list[str] = field(init=False, repr=False, compare=False, default_factory=list)

    @property
    def names(self) -> list[str]:
        """One name a feature."""
        if not self._names:
            self._names.extend(name for part in self.parts for name in part.names)
        return self._names or ["constant"]

    @property
    def directions(self) -> tuple[tuple[int, int], ...]:
        """Each feature along which the answer may only rise (1) or fall (-1), as the schema orders of its column."""
        directions: list[tuple[int, int]] = []
        at = 0
        for part in self.parts:
            ordered = self.schema[_columns(part)[0]].monotone if getattr(part, "rises", False) else ""
            directions += [(at, 1 if ordered == "increasing" else -1)] if ordered else []
            at += part.width
        return tuple(directions)

    @property
    def features_by_column(self) -> dict[str, list[int]]:
        """Which features each raw column became, where a feature comes of one column."""
        groups: dict[str, list[int]] = {}
        at = 0
        for part in self.parts:
            if hasattr(part, "column"):
                groups.setdefault(part.column, []).extend(range(at, at + part.width))
            at += part.width
        return groups

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The raw columns it reads, in the order of the schema."""
        used = {name for part in self.parts for name in _columns(part)}
        return tuple(column for column in self.schema if column.name in used)

    @property
    def sparse(self) -> bool:
        """Are the features CSR rather than dense?"""
        return any(getattr(part, "sparse", False) for part in self.parts)

    def apply(self, block: Block, positions: Positions = None) -> Any:
        """Features (n, d) of the records at the positions, or of all: dense float32, or CSR where there is text."""
        n = len(block) if positions is None else len(positions)
        matrices = [part.apply(block, positions) for part in self.parts]
        if self.sparse:
            from scipy.sparse import csr_matrix, hstack

            return (
                matrices[0] if len(matrices) == 1 else hstack([csr_matrix(matrix) for matrix in matrices], format="csr")
            )
        if not matrices:
            return np.zeros((n, 1), np.float32)
        return np.concatenate(matrices, axis=1) if len(matrices) > 1 else matrices[0]


def _columns(part: Any) -> tuple[str, ...]:
    return tuple(part.columns) if hasattr(part, "columns") else (part.column,)
