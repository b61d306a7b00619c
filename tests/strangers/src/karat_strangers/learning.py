"""A transform, a learner, a metric and an exporter."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from karat.core.block import Block
from karat.core.schema import Role
from karat.core.unit import Exporter, Learner, Metric, Transform
from karat_strangers import used


@dataclass(frozen=True)
class FilledCells(Transform):
    """1 where a cell is filled.

    Source: the stranger's taste.
    """

    roles: ClassVar[frozenset[Role]] = frozenset({Role.NUMBER, Role.CATEGORY, Role.TEXT, Role.IMAGE})
    ways: ClassVar[frozenset[str]] = frozenset({"linear"})

    column: str

    def fit(self, train: Block, positions: np.ndarray | None = None) -> "FittedFilled":
        used(self.code(), train.schema.kind)
        return FittedFilled(self.column)


@dataclass(frozen=True)
class FittedFilled:
    """The column."""

    column: str
    width: ClassVar[int] = 1

    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.column} is filled",)

    def apply(self, block: Block, positions: np.ndarray | None = None) -> np.ndarray:
        filled = ~block.missing(self.column)
        return (filled if positions is None else filled[positions])[:, None].astype(np.float32)


@dataclass(frozen=True)
class CommonAnswer(Learner):
    """Answers with what most records say; recommends what most people took.

    Source: the stranger's taste.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"classification", "ranking"})
    name: ClassVar[str] = "the common answer"

    classes: int = 0

    def fit(self, features: Any, target: np.ndarray, seed: int = 0) -> "Common":
        ranking = not len(target)
        used(self.code(), "ranking" if ranking else "classification")
        if ranking:
            return Common(np.asarray(features.sum(axis=0), np.float64).ravel())
        counts = np.bincount(target, minlength=self.classes).astype(np.float64)
        return Common(counts / counts.sum())


@dataclass(frozen=True, eq=False)
class Common:
    """One answer for all."""

    answer: np.ndarray
    cost: dict[str, float] = field(default_factory=dict)

    def predict(self, features: Any) -> np.ndarray:
        return np.tile(self.answer, (features.shape[0], 1))


@dataclass(frozen=True)
class TrueShare(Metric):
    """The mean probability of the true class.

    Source: the stranger's taste.
    """

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        used(self.code(), "classification")
        return float(answer[np.arange(len(truth)), truth.astype(np.int64)].mean())


@dataclass(frozen=True)
class FirstHit(Metric):
    """The share of people whose list begins with what they took later.

    Source: the stranger's taste.
    """

    tasks: ClassVar[frozenset[str]] = frozenset({"ranking"})

    def each(self, truth: Any, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        used(self.code(), "ranking")
        hit = np.asarray(truth[np.arange(truth.shape[0]), shown[:, 0]] > 0, np.float64).ravel()
        return hit, np.diff(truth.indptr)

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        return float(self.each(truth, answer)[0].mean())


@dataclass(frozen=True)
class NameCard(Exporter):
    """Writes down which class of model it was.

    Source: the stranger's taste.
    """

    def takes(self, model: Any) -> bool:
        return hasattr(model, "model")

    def export(self, model: Any, to: Path) -> Path:
        used(self.code(), type(model).__name__)
        to.mkdir(parents=True, exist_ok=True)
        path = to / "name_card.txt"
        path.write_text(f"{type(model.model).__name__}\n", encoding="utf-8")
        return path
