"""Events as a proof by ranking needs them: codes, times, splits forward in time, and fits that are made once."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.core.block import Block
from karat.core.counts import text_hashes
from karat.core.errors import InputError, OptionError
from karat.prepare.interaction_splits import TRAIN, TimeCut, random_per_user, time_cuts
from karat.quality.interaction_columns import InteractionColumns

MAX_DENSE_ITEMS = 6_000  # beyond it a matrix of items by items is too large to invert in passing
CUTS = 4
BUCKETS = 100  # clusters of users that an interval counts
PLACES = 10
METRICS = ("NDCG", "RecallAtK", "MRR")


@dataclass(frozen=True, eq=False)
class Log:
    """Events of a block, coded once.

    Parameters
    ----------
    users, items : pyarrow.Array of large string
        Distinct names.
    user, item : ndarray of int64, shape (n,)
        Codes; -1 where missing.
    time : ndarray of int64, shape (n,)
        Microseconds since 1970, the least int64 where there is none.
    rows : ndarray of int64, shape (n,)
    """

    users: pa.Array
    items: pa.Array
    user: np.ndarray
    item: np.ndarray
    time: np.ndarray
    rows: np.ndarray

    @classmethod
    def of(cls, block: Block) -> "Log":
        """The events of a block. Raises InputError where there are no two users or items."""
        named = InteractionColumns.of(block.schema)
        if named is None:
            raise InputError("columns of users and items wanted", "none", do="name them in karat.toml")
        names = {name: _names(block, name) for name in (named.user, named.item)}
        for name, texts in names.items():
            if len(texts) < 2:
                raise InputError(f"two values of {name!r} or more wanted", f"{len(texts)}", do="give more events")
        time = block.times(named.time).astype("datetime64[us]").view(np.int64) if named.time else None
        none = np.full(len(block), np.iinfo(np.int64).min)
        users, items = names[named.user], names[named.item]
        codes = (_codes(block, named.user, users), _codes(block, named.item, items))
        return cls(users, items, *codes, none if time is None else time, block.rows)

    @property
    def shape(self) -> tuple[int, int]:
        """Users and items."""
        return len(self.users), len(self.items)

    def pairs(self, block: Block) -> np.ndarray:
        """(m, 2) users and items of another state of these records, in these codes; what is not known left out."""
        named = InteractionColumns.of(block.schema)
        assert named is not None
        both = np.stack([_codes(block, named.user, self.users), _codes(block, named.item, self.items)], axis=1)
        return both[(both >= 0).all(axis=1)]

    def buckets(self) -> np.ndarray:
        """(users,) the cluster of each, by the hash of the name."""
        return np.asarray(text_hashes(self.users) % np.uint64(BUCKETS)).astype(np.int64)

    def cuts(self, seed: int, count: int = CUTS) -> tuple[list[TimeCut], str]:
        """Splits forward in time, and what they are called; by chance within each user where the times allow none."""
        for number in range(count, 0, -1):
            try:
                made = time_cuts(self.time, number)
            except InputError:
                continue
            if len(made) == number:
                return made, "forward in time"
        known = np.flatnonzero((self.user >= 0) & (self.item >= 0))
        out = []
        for draw in range(count):
            part = random_per_user(self.user[known], seed + draw)
            out.append(TimeCut(known[part == TRAIN], known[part != TRAIN], draw, draw))
        return out, "at random within each user: the events have no times to split by"


def _names(block: Block, column: str) -> pa.Array:
    codes, texts = block.coded(column)
    used = np.unique(codes[(codes >= 0) & ~block.missing(column)])
    return texts.take(pa.array(used)).cast(pa.large_string())


def _codes(block: Block, column: str, names: pa.Array) -> np.ndarray:
    codes, texts = block.coded(column)
    place = pc.fill_null(pc.index_in(texts.cast(pa.large_string()), names), -1).to_numpy(zero_copy_only=False)
    return np.where(codes >= 0, np.append(place, -1)[codes], -1).astype(np.int64)


def matrix(pairs: np.ndarray, shape: tuple[int, int], *, once: bool = False) -> Any:
    """(users, items) CSR of how often each pair stands there, or of whether it does."""
    from scipy import sparse

    made = sparse.coo_array((np.ones(len(pairs), np.float32), (pairs[:, 0], pairs[:, 1])), shape=shape).tocsr()
    if once:
        made.data[:] = 1
    return made


@dataclass(frozen=True)
class RankingRecipe:
    """The learner of the headline, and the metric.

    Parameters
    ----------
    learner : str
        EASE, or ItemKNN where the catalogue is large.
    metric : str
    """

    learner: str
    metric: str = "NDCG"

    @classmethod
    def of(cls, items: int, metric: str | None) -> "RankingRecipe":
        """The recipe for a catalogue of some size. Raises OptionError for a metric that ranks nothing."""
        if metric is not None and metric not in METRICS:
            raise OptionError.unknown("metric of a ranking", metric, METRICS, "--metric")
        return cls("EASE" if items <= MAX_DENSE_ITEMS else "ItemKNN", metric or "NDCG")

    def fit(self, histories: Any) -> Any:
        """The fitted model."""
        from karat.train.ease import EASE
        from karat.train.item_knn import ItemKNN

        return (EASE() if self.learner == "EASE" else ItemKNN()).fit(histories)

    def each(self, truth: Any, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(users,) score and number of held-out items of each user."""
        from karat.evaluate.mrr import MRR
        from karat.evaluate.ndcg import NDCG
        from karat.evaluate.recall_at import RecallAtK

        metric = {"NDCG": NDCG, "RecallAtK": RecallAtK, "MRR": MRR}[self.metric](PLACES)
        return metric.each(truth, shown)


@dataclass(eq=False)
class Bench:
    """One split: what is asked, and the scores of whatever training events are given; equal ones are fitted once.

    All arms are asked with the same raw histories and about the same raw held-out events; only what the model learned
    from differs.

    Parameters
    ----------
    log : Log
    cut : TimeCut
    recipe : RankingRecipe
    """

    log: Log
    cut: TimeCut
    recipe: RankingRecipe
    held: dict[bytes, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        log = self.log
        train, test = (_known(log, at) for at in (self.cut.train, self.cut.test))
        self.met = np.unique(train[:, 1])  # a catalogue of what anybody had met by then
        self.place = np.full(log.shape[1] + 1, -1)
        self.place[self.met] = np.arange(len(self.met))
        shape = (log.shape[0], len(self.met))
        history = matrix(self._local(train), shape, once=True)
        truth = matrix(self._local(test), shape, once=True)
        truth = truth - truth.multiply(history)  # what was met before is not shown again
        truth.eliminate_zeros()
        self.asked = np.flatnonzero((np.diff(truth.indptr) > 0) & (np.diff(history.indptr) > 0))
        self.history, self.truth = history[self.asked], truth[self.asked]

    def _local(self, pairs: np.ndarray) -> np.ndarray:
        local = np.stack([pairs[:, 0], self.place[pairs[:, 1]]], axis=1)
        return local[local[:, 1] >= 0]

    def scores(self, pairs: np.ndarray) -> np.ndarray:
        """(asked,) each asked user's score by a model of some training events (m, 2)."""
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        key = hashlib.sha256(np.ascontiguousarray(pairs[order]).tobytes()).digest()
        if key not in self.held:
            self.held[key] = self._fitted(pairs)
        return self.held[key]

    def _fitted(self, pairs: np.ndarray) -> np.ndarray:
        from karat.evaluate.hits import top_items

        local = self._local(pairs)
        if not len(local):
            return np.zeros(len(self.asked))
        model = self.recipe.fit(matrix(local, (self.log.shape[0], len(self.met))))
        shown = top_items(model.predict(self.history).astype(np.float64), self.history, PLACES)
        return self.recipe.each(self.truth, shown)[0]

    def sums(self, values: np.ndarray) -> list[float]:
        """Values of the asked users summed by cluster."""
        made = np.bincount(self.log.buckets()[self.asked], weights=values, minlength=BUCKETS)
        return [float(one) for one in made]


def _known(log: Log, at: np.ndarray) -> np.ndarray:
    both = np.stack([log.user[at], log.item[at]], axis=1)
    return both[(both >= 0).all(axis=1)]
