"""From columns to a matrix: which transform each column gets, fitted on training records alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema
from karat.core.unit import Transform
from karat.prepare.character_ngrams import CharacterNgrams, FittedNgrams
from karat.prepare.columns import Positions, codes, numbers, seconds
from karat.prepare.grams import grams
from karat.prepare.image_patches import FittedPatches, ImagePatches, shrunk
from karat.prepare.image_pixels import FittedPixels, ImagePixels
from karat.prepare.missing_indicators import FittedIndicators, MissingIndicators
from karat.prepare.one_hot_categories import FittedOneHot, OneHotCategories
from karat.prepare.ordinal_categories import FittedOrdinal, OrdinalCategories
from karat.prepare.scale_numbers import FittedScale, ScaleNumbers
from karat.prepare.sentence_vectors import FittedVectors, SentenceVectors, vectors
from karat.prepare.time_parts import FittedTimeParts, TimeParts
from karat.prepare.to_float import FittedFloat, ToFloat
from karat.prepare.weight_of_evidence import FittedEvidence, WeightOfEvidence

WAYS = ("linear", "trees", "evidence", "pixels", "vectors")
SHAPES_OF = {"increasing": "rising", "decreasing": "falling"}
NUMBERS = (FittedFloat, FittedScale, FittedEvidence)
FittedTransform = (
    FittedFloat
    | FittedScale
    | FittedIndicators
    | FittedOneHot
    | FittedOrdinal
    | FittedTimeParts
    | FittedNgrams
    | FittedPatches
    | FittedPixels
    | FittedVectors
    | FittedEvidence
)


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
        if self.for_ not in WAYS:
            raise OptionError.unknown("way to prepare", self.for_, WAYS, where="for_")

    def transforms(self) -> Iterator[Transform]:
        """The transforms, in the order of the schema; indicators of gaps last."""
        if self.for_ in ("evidence", "pixels"):
            yield from self._of_one_kind()
            return
        linear = self.for_ in ("linear", "vectors")
        for column in self.schema.features:
            match column.role:
                case Role.NUMBER:
                    yield ScaleNumbers(column.name) if linear else ToFloat(column.name)
                case Role.CATEGORY:
                    yield OneHotCategories(column.name) if linear else OrdinalCategories(column.name)
                case Role.TIME:
                    yield TimeParts(column.name, waves=linear)
                case Role.TEXT if self.for_ == "vectors":
                    yield SentenceVectors(column.name, self.schema.learner)
                case Role.TEXT if linear:
                    yield CharacterNgrams(column.name)
                case Role.IMAGE if linear and column.type == "binary":
                    yield ImagePatches(column.name)
        if linear:
            yield MissingIndicators(tuple(c.name for c in self.schema.with_role(Role.NUMBER)))

    def _of_one_kind(self) -> Iterator[Transform]:
        """For a learner that reads nothing but numbers and categories, or nothing but pictures."""
        if self.for_ == "pixels":
            pictures = self.schema.with_role(Role.IMAGE)
            yield from (ImagePixels(column.name) for column in pictures if column.type == "binary")
            return
        for column in self.schema.with_role(Role.NUMBER, Role.CATEGORY):
            shape = SHAPES_OF.get(column.monotone, "auto")
            yield WeightOfEvidence(column.name, numeric=column.role is Role.NUMBER, shape=shape)

    def read(self, block: Block) -> Block:
        """Reads all columns now, so that folds on several threads share the views instead of each making them."""
        for unit in self.transforms():
            match unit:
                case ScaleNumbers() | ToFloat():
                    numbers(block, unit.column)
                case WeightOfEvidence(column=column, numeric=numeric):
                    (numbers if numeric else codes)(block, column)
                case OneHotCategories() | OrdinalCategories():
                    codes(block, unit.column)
                case TimeParts():
                    seconds(block, unit.column)
                case CharacterNgrams():
                    grams(block, unit.column, (1, unit.longest(block)))
                case SentenceVectors():
                    vectors(block, unit.column, unit.folder)
                case ImagePatches():
                    unit.fit(block).apply(block)
                case ImagePixels():
                    shrunk(block, unit.column)
        return block

    def fit(self, train: Block, positions: Positions = None) -> "FittedPreparation":
        """Learn from the records of a block at the positions (n,) int, or from all of them."""
        parts = (unit.fit(train, positions) for unit in self.transforms())  # type: ignore[call-arg]
        kept = tuple(part for part in parts if part.width)  # type: ignore[attr-defined]
        return FittedPreparation(self.schema, self.for_, kept)  # type: ignore[arg-type]


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
    parts: tuple[FittedTransform, ...]
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
        found: list[tuple[int, int]] = []
        at = 0
        for part in self.parts:
            ordered = self.schema[part.column].monotone if isinstance(part, NUMBERS) else ""
            found += [(at, 1 if ordered == "increasing" else -1)] if ordered else []
            at += part.width
        return tuple(found)

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The raw columns it reads, in the order of the schema."""
        used = {name for part in self.parts for name in _columns(part)}
        return tuple(column for column in self.schema if column.name in used)

    @property
    def sparse(self) -> bool:
        """Are the features CSR rather than dense?"""
        return any(isinstance(part, FittedNgrams) for part in self.parts)

    def apply(self, block: Block, positions: Positions = None) -> Any:
        """Features (n, d) of the records at the positions, or of all: dense float32, or CSR where there is text."""
        n = len(block) if positions is None else len(positions)
        made = [part.apply(block, positions) for part in self.parts]
        if self.sparse:
            from scipy.sparse import csr_matrix, hstack

            return made[0] if len(made) == 1 else hstack([csr_matrix(one) for one in made], format="csr")
        if not made:
            return np.zeros((n, 1), np.float32)
        return np.concatenate(made, axis=1) if len(made) > 1 else made[0]


def _columns(part: FittedTransform) -> tuple[str, ...]:
    return part.columns if isinstance(part, FittedIndicators) else (part.column,)
