"""Which learners a data set gets: the same on every arm, so that only the data differs.

Learners are found by the registry and chosen by what they declare (``karat.core.unit.Learner``).
"""

from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.block import WEIGHT, Block
from karat.core.errors import OptionError
from karat.core.registry import units
from karat.core.results import Model
from karat.core.schema import Role, Schema
from karat.core.unit import Learner

CARD = "evidence"  # the way to prepare of a learner whose weights are points of a card


@dataclass(frozen=True)
class LearnerRecipe:
    """A learner and the features it wants.

    Parameters
    ----------
    name : str
        What people call it.
    features : str
        The way to prepare, as ``Learner.features``.
    learner : Learner
        Its settings are part of the recipe.
    """

    name: str
    features: str
    learner: Learner

    @classmethod
    def of(cls, learner: Learner, schema: Schema) -> "LearnerRecipe":
        """The recipe of a learner as it declares it."""
        return cls(learner.called(schema), learner.features, learner)

    def for_classes(self, classes: int) -> "LearnerRecipe":
        """The recipe for so many classes (0 for numbers), whichever of them a fold meets."""
        if not hasattr(self.learner, "classes"):
            return self
        return replace(self, learner=replace(self.learner, classes=classes))  # type: ignore[call-arg]

    def along(self, directions: tuple[tuple[int, int], ...]) -> "LearnerRecipe":
        """The recipe with the directions of a fitted preparation, for a learner that can keep to them."""
        return replace(self, learner=along(self.learner, directions))

    def fit(self, features: Any, target: np.ndarray, seed: int = 0, weights: np.ndarray | None = None) -> Model:
        """The learner's fit, each record counting by its weight."""
        return weighted_fit(self.learner, features, target, seed, weights)


def weighted_fit(learner: Learner, features: Any, target: np.ndarray, seed: int, weights: np.ndarray | None) -> Model:
    """The learner's fit with weights of the records (n,), None where all count alike.

    Raises
    ------
    OptionError
        The learner cannot weigh records.
    """
    if weights is None or (weights == 1).all():
        return learner.fit(features, target, seed)
    if not weighs(learner):
        raise OptionError(
            f"{learner.code()} cannot weigh records, and the data has a column {WEIGHT}", "Leave the column out"
        )
    return learner.fit(features, target, seed, weights=weights)  # type: ignore[call-arg]


def weighs(learner: Learner) -> bool:
    """Can the learner weigh records?"""
    return "weights" in signature(learner.fit).parameters


def weights_of(block: Block, at: np.ndarray) -> np.ndarray | None:
    """(m,) weights of the records at positions; None where there are none. A gap counts 1, nothing less than 0."""
    if WEIGHT not in block.table.column_names or WEIGHT not in block.schema:
        return None
    weights = np.asarray(block.numbers(WEIGHT)[at], np.float64)
    return np.where(np.isfinite(weights), np.maximum(weights, 0.0), 1.0)


def along(learner: Learner, directions: tuple[tuple[int, int], ...]) -> Learner:
    """A learner that keeps to directions: along a feature its answer may only rise (1) or fall (-1)."""
    return replace(learner, monotone=directions) if directions and hasattr(learner, "monotone") else learner  # type: ignore[call-arg]


def learners(task: str) -> tuple[Learner, ...]:
    """Every learner of a task with its default settings, by code."""
    return tuple(unit() for unit in units("learner").values() if issubclass(unit, Learner) and task in unit.tasks)


def recipes_for(schema: Schema) -> tuple[LearnerRecipe, LearnerRecipe, LearnerRecipe]:
    """The fragile, the robust and the naive recipe; the headline is ``headline_for``'s."""
    return _of_part("fragile", schema), _of_part("robust", schema), _of_part("naive", schema)


def _of_part(part: str, schema: Schema) -> LearnerRecipe:
    """The first learner of a part that suits the columns; where none does, the first that is for the task."""
    every = [learner for learner in learners(schema.task or "classification") if learner.part == part]
    return LearnerRecipe.of(next((unit for unit in every if unit.suits(schema)), every[-1]), schema)


def headline_for(schema: Schema) -> LearnerRecipe:
    """The recipe whose metric leads: the one ordered, else linear for texts or pictures, boosted trees elsewhere."""
    if schema.learner:
        return _by_order(schema)[schema.learner]
    fragile, robust, _ = recipes_for(schema)
    return fragile if schema.with_role(Role.TEXT, Role.IMAGE) else robust


def led_by(schema: Schema, learner: str) -> Schema:
    """The schema with the learner that leads, by its code or by a file or folder that one goes on from.

    Raises
    ------
    OptionError
        There is no such learner for this kind of data, or no such file.
    MachineError
        It needs PyTorch, which is not installed.
    """
    if not learner:
        return schema
    if _from_file(learner, schema):
        learner = str(Path(learner).resolve())
    schema = replace(schema, learner=learner)
    known = _by_order(schema)
    if learner not in known or not schema.task:
        raise OptionError.unknown("learner", learner, known if schema.task else (), "[train] learner")
    known[learner].learner.check()
    return schema


def _by_order(schema: Schema) -> dict[str, LearnerRecipe]:
    """Every recipe that can lead, by what is ordered: the code of a learner, or the file or folder it goes on from."""
    known = {
        learner.code(): LearnerRecipe.of(learner, schema) for learner in learners(schema.task) if learner.suits(schema)
    }
    begun = _from_file(schema.learner, schema)
    return known | ({schema.learner: begun} if begun else {})


def _from_file(path: str, schema: Schema) -> LearnerRecipe | None:
    """The recipe of the learner that goes on from a file or folder; None where none does."""
    begun = (learner.from_file(path, schema) for learner in learners(schema.task)) if path else ()
    return next((LearnerRecipe(*parts) for parts in begun if parts is not None), None)


def recipes_worth_a_try(schema: Schema, classes: int = 0) -> tuple[LearnerRecipe, ...]:
    """The recipes that suit the columns, those of a proof first; what is not tried unasked only where it leads.

    Parameters
    ----------
    classes : int
        0 leaves out the learners that want a certain number.
    """
    suiting = [learner for learner in learners(schema.task) if learner.suits(schema, classes)]
    proof = [recipe for recipe in recipes_for(schema) if recipe.learner in suiting]
    rest = [*proof, *(LearnerRecipe.of(learner, schema) for learner in suiting if learner.tried and not learner.part)]
    lead = [headline_for(schema)] if schema.learner else []
    return *(recipe for recipe in lead if recipe not in rest), *rest


def recipe_shipped(schema: Schema, classes: int, name: str) -> LearnerRecipe:
    """The recipe of a name among those that were tried, as ``evaluation.json`` names the one that ships."""
    tried = {recipe.name: recipe for recipe in recipes_worth_a_try(schema, classes)}
    return (tried.get(name) or headline_for(schema)).for_classes(classes)


def scorecard_for(schema: Schema, classes: int) -> tuple[LearnerRecipe, ...]:
    """The recipes whose weights are points of a card, where the columns and the number of classes allow one."""
    suiting = (
        learner for learner in learners(schema.task) if learner.features == CARD and learner.suits(schema, classes)
    )
    return tuple(LearnerRecipe.of(learner, schema) for learner in suiting)
