"""What each column means: a small set of semantic types, learned from its values, with its name as a hint.

A linear model weighs what the values look like; every type whose probability reaches ``least`` stays in the set, so
that it held the true type in 95 % of the columns of tables left out (split conformal prediction, Sadinle et al. 2019).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np

from karat.collect.meaning_features import features_of
from karat.collect.shapes import DistinctTexts
from karat.core.schema import Column, Role
from karat.quality.consistency.unit_habits import habits_of
from karat.quality.quantities import read_quantity

FEW = 20  # cost: values that show whether a column of units is worth a look


@dataclass(frozen=True)
class MeaningModel:
    """The fitted model.

    Parameters
    ----------
    meanings : tuple of str, length m
    bias : ndarray of float64, shape (m,)
    weights : dict of str to ndarray of float64, shape (m,)
        By feature.
    least : float
        Probability from which on a type stays in the set.
    """

    meanings: tuple[str, ...]
    bias: np.ndarray
    weights: dict[str, np.ndarray]
    least: float

    @cached_property
    def _rows(self) -> np.ndarray:
        """(f + 1, m) bias, then the weights of each feature."""
        return np.stack([self.bias, *self.weights.values()])

    @cached_property
    def _place(self) -> dict[str, int]:
        """Which row a feature has."""
        return {feature: at for at, feature in enumerate(self.weights, start=1)}

    def set_of(self, features: Mapping[str, float]) -> tuple[str, ...]:
        """The types that the features allow, likeliest first; never empty."""
        place = self._place
        known = [(place[feature], much) for feature, much in features.items() if much and feature in place]
        at, much = zip((0, 1.0), *known, strict=True)
        score = (self._rows[list(at)] * np.array(much)[:, None]).sum(axis=0)  # row by row, in the order of features
        chance = np.exp(score - score.max())
        chance /= chance.sum()
        likely = [at for at in np.argsort(-chance, kind="stable").tolist() if chance[at] >= self.least]
        return tuple(self.meanings[at] for at in likely or [int(chance.argmax())])


@cache
def model() -> MeaningModel:
    """The model in ``meanings.json``, fitted by ``benchmarks/meanings.py``."""
    stored: dict[str, Any] = json.loads(files("karat.collect").joinpath("meanings.json").read_text("utf-8"))
    weights = {feature: np.array(values) for feature, values in stored["weights"].items()}
    return MeaningModel(tuple(stored["meanings"]), np.array(stored["bias"]), weights, stored["least"])


def with_meanings(columns: Sequence[Column], texts: Mapping[str, DistinctTexts]) -> list[Column]:
    """The columns with their ``meanings``; a column of pictures or without a value has none.

    Parameters
    ----------
    columns : sequence of Column
        As inferred so far: how their numbers are written is used.
    texts : mapping of str to Texts
        The distinct values of each.
    """
    names = frozenset(column.name.casefold() for column in columns)
    known = [replace(column, meanings=_meanings(column, texts.get(column.name), names)) for column in columns]
    return [_with_unit(column, texts[column.name]) if column.name in texts else column for column in known]


def _with_unit(column: Column, texts: DistinctTexts) -> Column:
    """The column with its unit, as numbers, where every cell carries one and all convert."""
    few = texts.text.slice(0, FEW).to_pylist()
    if column.role not in (Role.NUMBER, Role.CATEGORY, Role.TEXT) or not all(map(read_quantity, few)):
        return column
    habits = habits_of(texts.counts, column)
    if habits is None or habits.unit is None:
        return column
    return replace(column, unit=habits.unit.symbol, role=Role.NUMBER, type="float64")


def _meanings(column: Column, texts: DistinctTexts | None, names: frozenset[str]) -> tuple[str, ...]:
    if texts is None or not texts.total or column.role is Role.IMAGE:
        return ()
    return model().set_of(features_of(column.name, texts, column, names))
