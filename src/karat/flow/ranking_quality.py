"""Which recommender leads, and how good it is: fitted on refined events, chosen and tested on later raw ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.flow.choosing_recommender import AskedUsers, choose_recommender
from karat.flow.ranked_lists import ranked_lists
from karat.prepare.interaction_log import Log, known_pairs, matrix
from karat.prepare.interaction_splits import TEST, TRAIN, VALIDATION, random_per_user

PLACES = 10  # definition: the usual cutoff: NDCG@10, recall@10 (benchmarks/recommendation.md)
TRAINED, CHOSEN = 0.8, 0.9  # shares of the events, by time
STRETCHES, STRETCH = 5, 0.1  # cost: stretches that choose, each a fit of every recommender; share of the events
FITTED_EVENTS = 300_000  # cost: that all stretches of one recommender may fit; one stretch of a long log asks many


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


def compared(raw: Block, refined: Block, seed: int, progress: Any = None, until: float | None = None) -> dict[str, Any]:
    """``evaluation.json``: every recommender's scores, which leads, and what a random split would have claimed.

    Parameters
    ----------
    raw : Block
        All raw records: they ask and test.
    refined : Block
        Those kept: they train.
    until : float, optional
        Moment of ``time.perf_counter`` by which the choice among them has to end.
    """
    from karat.train.recommenders import recommenders

    log = Log.of(raw)
    parts = EventParts.by_time(log, seed)
    ready(log, parts)
    stretches = [_asked(log, refined, part) for part in _stretches(log, parts, seed)]
    stretches = [asked for asked in stretches if len(asked.users) and asked.train.nnz]
    if not stretches:
        raise InputError("no user meets a new item later, so rankings cannot be chosen", "Give more events")
    learners = recommenders(log.shape[1], stretches[-1].train.nnz)
    choice = choose_recommender(learners, stretches, seed, progress, until)
    test = _Stage(log, parts, TEST)
    trained = _asked(log, refined, parts.part)
    scores = {}
    for code, learner in choice.settings.items():
        scores[code] = _with_intervals(_scored(trained.fit(learner, seed), test))
    ranking = {
        "places": PLACES,
        "split": parts.method,
        "users": len(test.asked),
        "items": log.shape[1],
        "validation": dict(choice.means),
        "chosen_by": choice.users,
        "stretches": len(stretches),
        "best": choice.best,
        "settings": {name: _settings(learner) for name, learner in choice.settings.items()},
    }
    if parts.method == "forward in time":
        ranking["random_split"] = _flattered(log, refined, choice.settings[choice.name], seed)
    if progress:
        progress(len(learners) + 1, len(learners) + 1)
    return {"learners": scores, "headline": choice.name, "metric": "NDCG@10", "classes": [], "ranking": ranking}


def _stretches(log: Log, parts: EventParts, seed: int) -> list[np.ndarray]:
    """Parts (n,) of the events before those that test, cut in several places: each alone asks few people."""
    known = np.flatnonzero(parts.part >= 0)
    before = known[parts.part[known] != TEST]
    out = [np.where(parts.part == TEST, -1, parts.part)]
    for draw in range(1, min(STRETCHES, FITTED_EVENTS // len(before))):
        part = np.full(len(parts.part), -1, np.int8)
        if parts.method == "forward in time":
            edges = np.array([TRAINED, CHOSEN]) - STRETCH * draw
            start, end = np.quantile(log.time[known], edges, method="lower")
            time = log.time[before]
            part[before] = np.where(time < start, TRAIN, np.where(time < end, VALIDATION, -1))
        else:
            drawn = random_per_user(log.user[before], seed + draw, (8 / 9, 1 / 9, 0.0))
            part[before] = np.where(drawn == TRAIN, TRAIN, VALIDATION)
        out.insert(0, part)
    return out


def _asked(log: Log, refined: Block, part: np.ndarray) -> AskedUsers:
    """Refined events that train, and the score of everybody who is asked about raw ones."""
    stage = _Stage(log, EventParts(part, ""), VALIDATION)
    block = _training(log, refined, part)
    train = matrix(log.pairs(block), log.shape, once=True)

    def score(model: Any) -> np.ndarray:
        return _scored(model, stage)[f"NDCG@{PLACES}"]

    return AskedUsers(train, log.ages(block), stage.asked, score)


def _training(log: Log, refined: Block, part: np.ndarray) -> Block:
    return refined.take(np.isin(refined.rows, log.rows[part == TRAIN]))


def _flattered(log: Log, refined: Block, learner: Any, seed: int) -> float:
    """What the leading recommender would score if events were held out at random: later ones foretell earlier ones."""
    parts = EventParts.by_chance(log, seed)
    trained = _asked(log, refined, parts.part)
    model = trained.fit(learner, seed)
    return _means(_scored(model, _Stage(log, parts, TEST)))["NDCG@10"]


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
