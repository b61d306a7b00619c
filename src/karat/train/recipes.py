"""Which learners a data set gets: the same on every arm, so that only the data differs."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from karat.core.errors import OptionError
from karat.core.local_model import encoder_digest, is_encoder
from karat.core.schema import Role, Schema
from karat.core.unit import Learner, Model
from karat.train.boosted_trees import BoostedTrees
from karat.train.least_squares import LeastSquares
from karat.train.linear import Linear
from karat.train.naive import Naive
from karat.train.picture_network import digest_of, is_weights
from karat.train.scorecard import Scorecard
from karat.train.small_cnn import SmallCNN


@dataclass(frozen=True)
class Recipe:
    """A learner and the features it wants.

    Parameters
    ----------
    name : str
        What people call it.
    features : str
        The way to prepare: "linear", "trees", "evidence" or "pixels".
    learner : Learner
        Its settings are part of the recipe.
    """

    name: str
    features: str
    learner: Learner

    def for_classes(self, classes: int) -> "Recipe":
        """The recipe for so many classes (0 for numbers), whichever of them a fold meets."""
        return replace(self, learner=replace(self.learner, classes=classes))  # type: ignore[call-arg]

    def along(self, directions: tuple[tuple[int, int], ...]) -> "Recipe":
        """The recipe with the directions of a fitted preparation, for a learner that can keep to them."""
        return replace(self, learner=along(self.learner, directions))

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> Model:
        """The learner's fit."""
        return self.learner.fit(features, target, seed)


def along(learner: Learner, directions: tuple[tuple[int, int], ...]) -> Learner:
    """A learner that keeps to directions: along a feature its answer may only rise (1) or fall (-1)."""
    return replace(learner, monotone=directions) if directions and hasattr(learner, "monotone") else learner  # type: ignore[call-arg]


def recipes_for(schema: Schema) -> tuple[Recipe, Recipe, Recipe]:
    """The fragile, the robust and the naive recipe; the headline is ``headline_for``'s."""
    regression = schema.task == "regression"
    name = "support vector machine" if schema.with_role(Role.TEXT) else "logistic regression"
    linear = Recipe("ridge regression" if regression else name, "linear", Linear())
    if not regression and schema.with_role(Role.IMAGE) and not schema.with_role(Role.TEXT):
        linear = Recipe("least squares on patches", "linear", LeastSquares())
    trees = Recipe("boosted trees", "trees", BoostedTrees())
    return linear, trees, Recipe("naive", "trees", Naive())


def headline_for(schema: Schema) -> Recipe:
    """The recipe whose metric leads: the one ordered, else linear for texts or pictures, boosted trees elsewhere."""
    if schema.learner:
        return _by_code(schema)[schema.learner]
    fragile, robust, _ = recipes_for(schema)
    return fragile if schema.with_role(Role.TEXT, Role.IMAGE) else robust


def led_by(schema: Schema, learner: str) -> Schema:
    """The schema with the learner that leads, by its code or by a file of weights that a network goes on from.

    Raises
    ------
    OptionError
        There is no such learner for this kind of data, or no such weights.
    MachineError
        It needs PyTorch, which is not installed.
    """
    if not learner:
        return schema
    if _read(schema) and is_encoder(learner):
        learner = str(Path(learner).resolve())
        schema = replace(schema, learner=learner)
    if _shown(schema) and is_weights(learner):
        learner = str(Path(learner).resolve())
        schema = replace(schema, learner=learner)
    known = _by_code(schema)
    if learner not in known or not schema.task:
        raise OptionError.unknown("learner", learner, known if schema.task else (), "[train] learner")
    chosen = known[learner].learner
    if isinstance(chosen, SmallCNN):
        chosen.check()
    return replace(schema, learner=learner)


def _by_code(schema: Schema) -> dict[str, Recipe]:
    """Every recipe that can lead; a scorecard where there may be two classes."""
    card = scorecard_for(schema, 2) if schema.task == "classification" else ()
    known = {recipe.learner.code(): recipe for recipe in (*_without_networks(schema), *card)}
    return known | _networks(schema)


def _shown(schema: Schema) -> bool:
    """Are there pictures to tell apart?"""
    return schema.task == "classification" and any(c.type == "binary" for c in schema.with_role(Role.IMAGE))


def _read(schema: Schema) -> bool:
    """Are there texts to tell something by?"""
    return bool(schema.task) and bool(schema.with_role(Role.TEXT))


def _networks(schema: Schema) -> dict[str, Recipe]:
    """The networks that can be ordered, by the order: from random weights, and from those that are named."""
    if _read(schema) and is_encoder(schema.learner):
        name = f"vectors of {Path(schema.learner).name} ({encoder_digest(schema.learner)})"
        return {schema.learner: Recipe(name, "vectors", Linear())}
    if not _shown(schema):
        return {}
    known = {SmallCNN.code(): Recipe("small network", "pixels", SmallCNN())}
    if is_weights(schema.learner):
        given = SmallCNN(start=schema.learner, digest=digest_of(schema.learner))
        known[schema.learner] = Recipe("given network", "pixels", given)
    return known


def recipes_worth_a_try(schema: Schema) -> tuple[Recipe, ...]:
    """The recipes that can read the columns, and a network where one leads: it takes too long to be tried unasked."""
    ordered = [recipe for order, recipe in _networks(schema).items() if order == schema.learner]
    return *ordered, *_without_networks(schema)


def _without_networks(schema: Schema) -> tuple[Recipe, ...]:
    """The recipes without boosted trees where there are only texts or pictures, which they cannot read."""
    only_text = all(column.role in (Role.TEXT, Role.IMAGE) for column in schema.features)
    return tuple(
        recipe for recipe in recipes_for(schema) if not (only_text and isinstance(recipe.learner, BoostedTrees))
    )


def scorecard_for(schema: Schema, classes: int) -> tuple[Recipe, ...]:
    """The scorecard's recipe, where there are two classes and columns of numbers or categories to give points for."""
    fits = classes == 2 and schema.kind == "table" and schema.with_role(Role.NUMBER, Role.CATEGORY)
    return (Recipe("scorecard", "evidence", Scorecard()),) if fits else ()
