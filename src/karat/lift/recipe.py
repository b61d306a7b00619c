"""One trial: a frozen recipe fitted on one state of the training records. Only the data may differ between trials."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.schema import Schema
from karat.core.unit import Learner, Metric
from karat.flow.folder import sealed, write_sealed
from karat.prepare.features import FittedPreparation, Preparation
from karat.prepare.patched_views import against
from karat.prepare.target import read_target
from karat.train.recipes import along, weighted_fit, weights_of

MEASURING = ("core", "kernels", "prepare", "train", "evaluate", "lift")
MOST_KEPT = 10_000  # about ten proofs; cost: older ones are deleted and fitted again
HEADLINE, FRAGILE = "headline", "fragile"


@dataclass(frozen=True, eq=False)
class Arm:
    """Training records in one state.

    Parameters
    ----------
    block : Block
        All records, raw but for the cells this arm changes: unchanged columns are read once for all arms.
    positions : ndarray of int
        The training records in it; those without a target are left out when fitting.
    key : str
        Hash of the training records' content: equal arms are fitted once and score exactly alike.
    """

    block: Block
    positions: np.ndarray
    key: str

    @classmethod
    def of(cls, base: Block, records: Block) -> "Arm":
        """A state of some of the base's records, some of them changed or removed."""
        block, positions = against(base, records)
        return cls(block, positions, content_key(records))


def content_key(block: Block) -> str:
    """A hash of record numbers and cells, the same however the table is cut in memory."""
    hasher = hashlib.blake2b(block.rows.tobytes(), digest_size=16)
    for name in block.table.column_names:
        column = block.table.column(name).combine_chunks()
        hasher.update(name.encode("utf-8", "surrogatepass") + b"\0")
        hasher.update(np.packbits(np.asarray(column.is_null())).tobytes())
        filled = column.fill_null("" if pa.types.is_string(column.type) else b"")
        hasher.update(np.asarray(pc.binary_length(filled)).tobytes())
        hasher.update(_bytes_of(filled))
    return hasher.hexdigest()


def _bytes_of(column: pa.Array) -> Any:
    """The characters of an array from its first to its last record."""
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset : column.offset + len(column) + 1]
    buffer = column.buffers()[2]
    return memoryview(buffer)[int(offsets[0]) : int(offsets[-1])] if buffer is not None and len(offsets) else b""


@dataclass(frozen=True)
class Recipe:
    """What is held fixed on every arm: features, learners, metric, seed.

    Parameters
    ----------
    classes : tuple of str
        The classes, of the raw records; empty for numbers.
    learners : dict of str to Learner
        By what they are for: "headline", "fragile".
    ways : dict of str to str
        How each prepares its features: "linear" or "trees".
    others : tuple of Metric
        Shown beside the headline's metric; they decide nothing.
    """

    schema: Schema
    classes: tuple[str, ...]
    metric: Metric
    learners: dict[str, Learner]
    ways: dict[str, str]
    seed: int = 0
    others: tuple[Metric, ...] = ()

    def fit(self, arm: Arm, learner: str) -> "Fit":
        """Features and model, learned from the arm's records alone."""
        target = read_target(arm.block, self.classes)
        use = arm.positions[~target.missing[arm.positions]]
        use = use[np.argsort(arm.block.keys[use], kind="stable")]  # in whatever order they came in
        prepared = Preparation(self.schema, self.ways[learner]).fit(arm.block, use)
        ordered = along(self.learners[learner], prepared.directions)
        weights = weights_of(arm.block, use)
        model = weighted_fit(ordered, prepared.apply(arm.block, use), target.values[use], self.seed, weights)
        return Fit(self, prepared, model)

    def differs(self, learner: str) -> bool:
        """Is this another way to learn than the headline's?"""
        same = self.learners[learner] == self.learners[HEADLINE] and self.ways[learner] == self.ways[HEADLINE]
        return learner != HEADLINE and not same

    def score(self, truth: np.ndarray, answer: np.ndarray) -> float:
        """The metric, signed so that more is better."""
        return self.metric.sign * float(self.metric.score(truth, answer))

    def influence(self, truth: np.ndarray, answer: np.ndarray) -> np.ndarray:
        """(n,) what each record adds to the score beyond the mean of all; (0,) where the metric does not say."""
        influence = getattr(self.metric, "influence", None)
        return self.metric.sign * influence(truth, answer) if influence else np.zeros(0)

    def by_others(self, truth: np.ndarray, answer: np.ndarray) -> dict[str, float]:
        """The other metrics, each signed so that more is better."""
        return {metric.code(): metric.sign * float(metric.score(truth, answer)) for metric in self.others}

    @cached_property
    def hash(self) -> str:
        """The recipe's name: a hash of all it holds fixed."""
        return str(self.describe()["hash"])

    def describe(self) -> dict[str, Any]:
        """Names and parameters, for the certificate."""
        units = {
            name: {"learner": unit.code(), "features": self.ways[name], **vars(unit)}
            for name, unit in self.learners.items()
        }
        description: dict[str, Any] = {
            "metric": self.metric.code(),
            "others": [metric.code() for metric in self.others],
            "learners": units,
            "classes": list(self.classes),
            "seed": self.seed,
        }
        text = json.dumps(description, sort_keys=True, ensure_ascii=False, default=str)
        return {**json.loads(text), "hash": hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted recipe."""

    recipe: Recipe
    prepared: FittedPreparation
    model: Any

    def answers(self, block: Block, positions: np.ndarray) -> np.ndarray:
        """Probabilities (n, k), or numbers (n,)."""
        return np.asarray(self.model.predict(self.prepared.apply(block, positions)))


@cache
def measuring_code() -> str:
    """A hash of the source that makes a score of given records: a new fix leaves what was measured standing."""
    import karat

    root = Path(karat.__file__).parent
    hasher = hashlib.blake2b(digest_size=8)
    for room in MEASURING:
        for file in sorted((root / room).rglob("*.py")):
            hasher.update(file.read_bytes())
    return hasher.hexdigest()


@dataclass(frozen=True)
class Scores:
    """What trials scored, by what they were: kept in memory, and in a folder where one is given.

    A certificate after one more fix then costs only the arms that changed, and an interrupted one goes on.
    """

    folder: Path | None = None
    memory: dict[str, Any] = field(default_factory=dict)

    def get(self, parts: Sequence[Any], make: Callable[[], Any]) -> Any:
        """``make()``, computed once for equal ``parts``; it must be plain JSON values."""
        text = json.dumps([measuring_code(), *parts], sort_keys=True, default=str)
        key = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        if key not in self.memory:
            self.memory[key] = self._stored(key, make)
        return self.memory[key]

    def tidy(self) -> None:
        """Forget the oldest scores of a folder that has very many."""
        if self.folder is None or not self.folder.is_dir():
            return
        files = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        for path in files[: max(0, len(files) - MOST_KEPT)]:
            path.unlink(missing_ok=True)

    def _stored(self, key: str, make: Callable[[], Any]) -> Any:
        if self.folder is None:
            return make()
        path = self.folder / f"{key}.json"
        known = sealed(path)
        if known is not None:
            return known["value"]
        value = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        import os

        part = path.with_suffix(f".{os.getpid()}.part")
        write_sealed(part, {"value": value})
        part.replace(path)
        return value
