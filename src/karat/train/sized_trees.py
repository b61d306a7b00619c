"""Boosted trees that fit their size to the data: what ships, where a proof keeps trees of one fixed size."""

import warnings
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from karat.core.schema import Role, Schema
from karat.core.unit import Learner
from karat.train.boosted_trees import MANY_CLASSES, WIDE_CELLS, BoostedTrees, TreesModel
from karat.train.cost import measured
from karat.train.monotone_fit import Directions, refuse_many
from karat.train.probabilities import class_count, is_classes
from karat.train.sized_model import SizedModel
from karat.train.threads import one_thread
from karat.train.training_drivers import tree_drivers
from karat.train.tree_growth import fitted

FEWEST = 100  # cost: records; of fewer, nothing is kept back to size trees by
# benchmarks/learners.md: leaves, penalty on their values, records in each
SETTINGS = ((4, 5.0, 20), (12, 5.0, 20), (31, 2.0, 10), (63, 1.0, 5))
PARTS = 4  # benchmarks/learners.md: models whose mean answers, each sized on the part it has not seen
LARGE, LARGE_PARTS = 20_000, 2  # cost: records, beyond which there are so many
SMALL = 3_000  # cost: records up to which every part has a say in which setting is taken, beyond them one
LEFT_OUT = -2  # definition: the part of records that have no say in the setting
COMPARED = 10_000  # cost: records on which settings are compared
PATIENCE = 15  # cost: rounds without a gain before a fit ends; 25 took half as long again for no more
MOST_ROUNDS, LEAST_ROUNDS = 600, 100  # cost: of a fit, between them by the size of the table
ROUND_CELLS = 250_000_000  # cost: cells that a fit reads in all its rounds


@dataclass(frozen=True)
class SizedTrees(Learner):
    """Gradient boosting whose number of leaves and rounds are those that answer unseen training records best.

    The training records are parted; every model stops when the part it has not seen gains no more, the size of leaves
    is chosen by the same loss, and the mean of the models answers. Nothing outside the training records is read. A
    proof compares two states of data and keeps ``BoostedTrees``, whose settings do not move with the data.
    Source: Friedman (2001); Ke et al. (2017), LightGBM; Breiman (1996), bagging predictors.

    Parameters
    ----------
    rate : float
        Share of each tree that counts, in (0, 1].
    share : float
        Of the features that each split may choose from, in (0, 1].
    classes : int
        Number of classes, 0 to take it from the target.
    monotone : tuple of (feature, direction)
        Features along which the answer may only rise (1) or fall (-1), for two classes or numbers.
    """

    name: ClassVar[str] = "sized boosted trees"
    features: ClassVar[str] = "trees"
    effort: ClassVar[int] = 4

    rate: float = 0.1
    share: float = 0.5
    classes: int = 0
    monotone: Directions = ()

    def suits(self, schema: Schema, classes: int | None = None) -> bool:
        """Where there is more than texts and pictures, which trees cannot read."""
        return super().suits(schema, classes) and any(c.role not in (Role.TEXT, Role.IMAGE) for c in schema.features)

    def fit(self, features: Any, target: np.ndarray, seed: int = 0, *, weights: np.ndarray | None = None) -> Any:
        """Learn from features (n, d) float32 with NaN for gaps, and class codes (n,) int or numbers (n,) float.

        ``weights``: how much each record counts, (n,); all alike by default.
        """
        k = class_count(target, self.classes) if is_classes(target) else 0
        refuse_many(self.monotone, k)
        parts = _parts(target, LARGE_PARTS if len(target) > LARGE else PARTS, seed)
        if len(target) < FEWEST or len(np.unique(target)) < 2 or (parts < 0).all():
            fixed = BoostedTrees(classes=self.classes, monotone=self.monotone)
            return fixed.fit(features, target, seed, weights=weights)
        cost: dict[str, float] = {}
        with measured(cost), one_thread(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dense = np.asarray(features if isinstance(features, np.ndarray) else features.todense())
            gone = np.isnan(dense).all(axis=0)
            dense = np.where(gone, np.float32(0), dense) if gone.any() else dense
            bench = _Bench(self, dense, target, weights, seed, k)
            setting = bench.best_setting(parts)
            models = tuple(bench.fitted(setting, parts, part) for part in range(parts.max() + 1))
        return SizedModel(models, np.unique(target) if k else np.zeros(0, np.int64), k, setting, parts, cost)

    def drivers(self, model: Any, train: np.ndarray, target: np.ndarray, asked: np.ndarray) -> np.ndarray:
        if isinstance(model, TreesModel):
            return BoostedTrees(classes=self.classes).drivers(model, train, target, asked)
        shares = np.zeros((len(asked), len(train)))
        for part, trees in enumerate(model.fits):
            shown = np.flatnonzero(model.parts != part)
            _, penalty, _ = SETTINGS[model.setting]
            shares[:, shown] += tree_drivers(trees, train[shown], target[shown], asked, penalty, self.rate)
        return shares / len(model.fits)


def _parts(target: np.ndarray, count: int, seed: int) -> np.ndarray:
    """(n,) the part each record is kept back in; -1 for those of rare classes, which are never kept back."""
    chance = np.random.default_rng(seed)
    if not is_classes(target):
        return chance.permutation(len(target)) % count
    out = np.full(len(target), -1, np.int64)
    for code in np.unique(target):
        at = chance.permutation(np.flatnonzero(target == code))
        if len(at) >= 2 * count:
            out[at] = np.arange(len(at)) % count
    return out


@dataclass(frozen=True, eq=False)
class _Bench:
    """What all fits share."""

    learner: SizedTrees
    features: np.ndarray
    target: np.ndarray
    weights: np.ndarray | None
    seed: int
    classes: int
    known: dict[tuple[int, int, int], Any] = field(default_factory=dict)

    def best_setting(self, parts: np.ndarray) -> int:
        """The setting with the least loss on records kept back; of equal ones that with the fewest leaves."""
        asked = parts
        if len(parts) > COMPARED:
            asked = parts.copy()
            asked[np.random.default_rng(self.seed + 1).permutation(len(parts))[COMPARED:]] = LEFT_OUT
        said = range(asked.max() + 1) if len(parts) <= SMALL else range(1)
        settings = range(len(SETTINGS))
        fits = [[self.fitted(setting, asked, part) for setting in settings] for part in said]  # bins are found once
        return int(np.argmin([-np.mean([max(of_part[at].validation_score_) for of_part in fits]) for at in settings]))

    def fitted(self, setting: int, parts: np.ndarray, part: int) -> Any:
        """Trees fitted on all parts but one, as many rounds as that one gains by; once where asked for again."""
        key = (setting, part, int((parts == LEFT_OUT).sum()))
        if key not in self.known:
            shown = (parts != part) & (parts != LEFT_OUT)
            self.known[key] = self._fitted(setting, shown, parts == part)
        return self.known[key]

    def _fitted(self, setting: int, shown: np.ndarray, unseen: np.ndarray) -> Any:
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        leaves, penalty, least = SETTINGS[setting]
        width = self.features.shape[1]
        directions = dict(self.learner.monotone)
        rounds = min(MOST_ROUNDS, max(LEAST_ROUNDS, ROUND_CELLS // (int(shown.sum()) * width)))
        options: dict[str, Any] = {
            "max_iter": max(LEAST_ROUNDS // 4, rounds * MANY_CLASSES // max(MANY_CLASSES, 4 * self.classes)),
            "learning_rate": self.learner.rate,
            "max_leaf_nodes": leaves,
            "l2_regularization": penalty,
            "min_samples_leaf": least,
            "max_features": self.learner.share,
            "max_bins": max(31, min(255, WIDE_CELLS // width)),
            "monotonic_cst": [directions.get(at, 0) for at in range(width)] if directions else None,
            "early_stopping": True,
            "scoring": "loss",
            "n_iter_no_change": PATIENCE,
            "random_state": self.seed,
        }
        weighed = [None, None] if self.weights is None else [self.weights[shown], self.weights[unseen]]
        kind = HistGradientBoostingClassifier if self.classes else HistGradientBoostingRegressor
        return fitted(
            kind(**options),
            self.features[shown],
            self.target[shown],
            sample_weight=weighed[0],
            X_val=self.features[unseen],
            y_val=self.target[unseen],
            sample_weight_val=weighed[1],
        )
