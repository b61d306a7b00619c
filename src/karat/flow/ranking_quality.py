"""Which recommender leads, and how good it is: fitted on refined events, chosen and tested on later raw ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.flow.ranked_lists import ranked_lists
from karat.prepare.interaction_log import Log, known_pairs, matrix
from karat.prepare.interaction_splits import TEST, TRAIN, VALIDATION, random_per_user

PLACES = 10  # definition: the usual cutoff: NDCG@10, recall@10 (benchmarks/recommendation.md)
TRAINED, CHOSEN = 0.8, 0.9  # shares of the events, by time


@dataclass(frozen=True, eq=False)
class EventParts:
    """Which part each event belongs to.

    Parameters
    ----------
    part : ndarray of int8, shape (n,)
        TRAIN, VALIDATION or TEST; -1: in none.
    """

    part: np.ndarray
    method: str

    @classmethod
    def by_time(cls, log: Log, seed: int) -> "EventParts":
        """The first eight tenths of the events train, the next choose, the last test; by chance without times."""
        timed = np.flatnonzero(log.time != np.iinfo(np.int64).min)
        if len(timed):
            edges = np.quantile(log.time[timed], [TRAINED, CHOSEN], method="lower")
            part = np.full(len(log.time), -1, np.int8)
            part[timed] = np.searchsorted(edges, log.time[timed], side="right").astype(np.int8)
            if all((part == piece).any() for piece in (TRAIN, VALIDATION, TEST)):
                return cls(part, "forward in time")
        return cls.by_chance(log, seed)

    @classmethod
    def by_chance(cls, log: Log, seed: int) -> "EventParts":
        """8 : 1 : 1 at random within each user."""
        part = np.full(len(log.user), -1, np.int8)
        known = np.flatnonzero((log.user >= 0) & (log.item >= 0))
        part[known] = random_per_user(log.user[known], seed)
        return cls(part, "at random within each user")


class _Stage:
    """What is known at some moment, and what is held out after it."""

    def __init__(self, log: Log, parts: EventParts, asked: int) -> None:
        history = matrix(
            known_pairs(log, np.flatnonzero((parts.part >= 0) & (parts.part < asked))), log.shape, once=True
        )
        truth = matrix(known_pairs(log, np.flatnonzero(parts.part == asked)), log.shape, once=True)
        truth = truth - truth.multiply(history)
        truth.eliminate_zeros()
        self.asked = np.flatnonzero((np.diff(truth.indptr) > 0) & (np.diff(history.indptr) > 0))
        self.history, self.truth = history[self.asked], truth[self.asked]


def ready(log: Log, parts: EventParts) -> None:
    """Raise InputError where nobody meets a new item after the events that are learned from."""
    if not all(len(_Stage(log, parts, at).asked) for at in (VALIDATION, TEST)):
        raise InputError("no user meets a new item later, so rankings cannot be tested", "Give more events")


def compared(raw: Block, refined: Block, seed: int, progress: Any = None) -> dict[str, Any]:
    """``evaluation.json``: every recommender's scores, which leads, and what a random split would have claimed.

    Parameters
    ----------
    raw : Block
        All raw records: they ask and test.
    refined : Block
        Those kept: they train.

    """
    from karat.train.recommenders import recommenders

    log = Log.of(raw)
    parts = EventParts.by_time(log, seed)
    train = _histories(log, refined, parts)
    ready(log, parts)
    stages = [_Stage(log, parts, at) for at in (VALIDATION, TEST)]
    learners = recommenders(log.shape[1], train.nnz)
    best: dict[str, tuple[float, Any, Any]] = {}
    for done, learner in enumerate(learners):
        model = learner.fit(train, np.zeros(0), seed)
        score = _means(_scored(model, stages[0]))["NDCG@10"]
        if learner.code() not in best or score > best[learner.code()][0]:
            best[learner.code()] = (score, learner, model)
        if progress:
            progress(done + 1, len(learners) + 1)
    lead = max(best, key=lambda name: best[name][0])
    scores = {name: _with_intervals(_scored(model, stages[1])) for name, (_, _, model) in best.items()}
    scores["popularity"] = _with_intervals(_scored(_Popular(train), stages[1]))
    ranking = {
        "places": PLACES,
        "split": parts.method,
        "users": len(stages[1].asked),
        "items": log.shape[1],
        "validation": {name: candidate[0] for name, candidate in best.items()},
        "settings": {name: _settings(learner) for name, (_, learner, _) in best.items()},
    }
    if parts.method == "forward in time":
        ranking["random_split"] = _flattered(log, refined, best[lead][1], seed)
    return {"learners": scores, "headline": lead, "metric": "NDCG@10", "classes": [], "ranking": ranking}


def _histories(log: Log, refined: Block, parts: EventParts) -> Any:
    rows = log.rows[parts.part == TRAIN]
    return matrix(log.pairs(refined.take(np.isin(refined.rows, rows))), log.shape, once=True)


def _flattered(log: Log, refined: Block, learner: Any, seed: int) -> float:
    """What the leading recommender would score if events were held out at random: later ones foretell earlier ones."""
    parts = EventParts.by_chance(log, seed)
    model = learner.fit(_histories(log, refined, parts), np.zeros(0), seed)
    return _means(_scored(model, _Stage(log, parts, TEST)))["NDCG@10"]


class _Popular:
    """The same list for all: what most users have met."""

    def __init__(self, train: Any) -> None:
        self.counts = np.asarray(train.sum(axis=0)).ravel()

    def predict(self, histories: Any) -> np.ndarray:
        return np.tile(self.counts, (histories.shape[0], 1))


def _scored(model: Any, stage: _Stage) -> dict[str, np.ndarray]:
    """Scores of each asked user by metric; of a metric of all lists together the one number."""
    from karat.evaluate.headline import metrics_for

    shown, _ = ranked_lists(model, stage.history, PLACES)
    return {
        f"{metric.name or metric.code()}@{PLACES}": metric.each(stage.truth, shown)[0]
        if hasattr(metric, "each")
        else np.array([metric.score(stage.truth, shown)])
        for metric in metrics_for("ranking")
    }


def _means(scores: dict[str, np.ndarray]) -> dict[str, float]:
    return {name: float(values.mean()) for name, values in scores.items()}


def _with_intervals(scores: dict[str, np.ndarray]) -> dict[str, dict[str, float | None]]:
    """Means with 95 % intervals over users."""
    from karat.evaluate.intervals import t_interval

    table: dict[str, dict[str, float | None]] = {}
    for name, values in scores.items():
        mean, count = float(values.mean()), len(values)
        interval = t_interval(mean, float(values.std(ddof=1) / np.sqrt(count)), count - 1) if count > 1 else None
        ends = (max(0.0, interval.low), min(1.0, interval.high)) if interval else (None, None)
        table[name] = {"value": mean, "low": ends[0], "high": ends[1], "train": None, "gap": None}
    return table


def _settings(learner: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(learner)
