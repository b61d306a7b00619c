"""The proof for interactions: what the data work was worth to a recommender, forward in time."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.executor import each
from karat.core.hashes import row_hashes
from karat.flow.refine import Refined, joined, patched
from karat.lift.arms import first_of_each
from karat.lift.certificate import Certificate, changed
from karat.lift.choose import NUDGE, SURE_ERRORS, Choice, Effect
from karat.lift.procedure import cost_since, cpu_seconds
from karat.lift.ranking_bench import BUCKETS, RankingBench, RankingRecipe
from karat.lift.ranking_verdict import MARK, figures
from karat.lift.recipe import content_key
from karat.prepare.interaction_log import Log
from karat.prepare.interaction_splits import TimeCut

PLACEBOS = 3  # cost: more narrow the placebo, each is a fit; run with three in benchmarks/recommendation.md
MOSTLY = 0.7  # unproven: lower judges a family by fewer people, higher by people of whom it leaves nothing
# display: it names two slices and decides no lift
FEW = 10  # events from which a user's history is told from a short one
ASKED = "all arms are asked with the same raw histories about the same raw events; items met before are not shown"
Refine = Callable[[Block], Refined]
Patches = dict[str, pa.Table]


@dataclass(frozen=True, eq=False)
class _RankingTrial:
    """What all splits share."""

    block: Block
    log: Log
    recipe: RankingRecipe
    refine: Refine
    seed: int


def prove_ranking(
    block: Block,
    *,
    refine: Refine,
    seed: int = 0,
    workers: int = 1,
    metric: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Certificate:
    """The certificate of refining interactions.

    Parameters
    ----------
    block : Block
        All raw records, with users and items.
    refine : callable
        Learns from a block and proposes what to mend; given the training records of each split alone.
    workers : int
        Threads; the answer does not depend on them.
    metric : str or None
        NDCG, RecallAtK or MRR, of ten places; full ranking.

    In every split what happened before a moment trains and what came after is held out. ``raw`` is trained on the
    events as they came, ``plain`` on those without exact copies, ``refined`` on what Karat left of them, ``placebo``
    without as many events of users drawn at random.

    Raises
    ------
    InputError
        There are too few users or items to rank.
    """
    clock, cpu = time.perf_counter(), cpu_seconds()
    log = Log.of(block)
    trial = _RankingTrial(block, log, RankingRecipe.of(log.shape[1], metric), refine, seed)
    cuts, method = log.cuts(seed)
    jobs = list(enumerate(cuts))
    folds = each(jobs, lambda job: _fold(trial, *job), workers, progress)
    folds = [fold for fold in folds if sum(fold[MARK])]
    if not folds:
        raise InputError(
            "no user meets a new item after others were learned from, so rankings cannot be tested", "Give more events"
        )
    certificate = Certificate(
        protocol="procedure",
        metric=trial.recipe.metric,
        **figures(folds),
        folds=tuple(folds),
        notes=_notes(folds, method),
        recipe={"learner": trial.recipe.learner, "places": 10, "placebos": PLACEBOS, "clusters": BUCKETS},
        seeds={"seed": seed},
        splits={"method": method, "cuts": len(folds), "records": len(block)},
        versions={"raw": content_key(block)},
    )
    return replace(certificate, cost=cost_since(clock, cpu))


def _notes(folds: list[dict[str, Any]], method: str) -> tuple[str, ...]:
    notes = [ASKED, f"held out {method}"]
    if not changed(folds):
        notes.append("no change shipped: the models train on the raw records")
    return tuple(notes)


def _fold(trial: _RankingTrial, number: int, cut: TimeCut) -> dict[str, Any]:
    """One split: every arm trained and asked."""
    log, bench = trial.log, RankingBench(trial.log, cut, trial.recipe)
    raw = trial.block.take(cut.train)
    refined = trial.refine(raw)
    patches = {family: patch for family, patch in refined.patches.items() if patch.num_rows}
    choice = choose_ranking(raw, patches, recipe=trial.recipe)
    kept = tuple(family for family in sorted(patches) if family in choice.kept)

    def asked(families: tuple[str, ...]) -> np.ndarray:
        return bench.scores(log.pairs(patched(raw, joined(patches, families))))

    chance = np.random.default_rng([trial.seed, number])
    pairs = log.pairs(raw)
    scores = {
        "raw": asked(()),
        "plain": bench.scores(log.pairs(raw.take(first_of_each(raw)))),
        "refined": asked(kept),
    }
    placebos = [
        bench.scores(log.pairs(_placebo(raw, [patches[family] for family in kept], log, chance)))
        for _ in range(PLACEBOS if kept else 1)
    ]
    nudged = bench.scores(nudged_pairs(pairs))
    entry = as_fold(bench, number, scores, placebos, nudged)
    return entry | {
        "shares": {name: bench.sums(values) for name, values in _shares(kept, asked).items()},
        "chosen": [{"family": e.family, "lift": e.lift, "error": e.error, "kept": e.kept} for e in choice.effects],
        "slices": _slices(bench, scores, _suspected(refined, log)),
        "changed": bool(kept),
        "removed": {family: patches[family].num_rows for family in kept},
    }


def as_fold(
    bench: RankingBench, number: int, scores: dict[str, np.ndarray], placebos: list[np.ndarray], nudged: np.ndarray
) -> dict[str, Any]:
    """An entry of the certificate's ``folds`` from the asked users' scores by arm."""
    sums = {name: bench.sums(values) for name, values in scores.items()}
    sums["placebo"] = bench.sums(np.mean(placebos, axis=0))
    count, cut = max(1, len(bench.asked)), bench.cut
    means = {name: float(values.sum() / count) for name, values in scores.items()}
    return {
        "repeat": 0,
        "fold": number,
        "start": cut.start,
        "end": cut.end,
        "train": len(cut.train),
        "test": len(cut.test),
        "scores": means | {"placebo": [float(values.sum() / count) for values in placebos]},
        "nudged": float(nudged.sum() / count),
        MARK: [int(users) for users in bench.sums(np.ones(len(bench.asked)))],
        "sums": sums,
        "shares": {},
        "chosen": [],
        "slices": {},
    }


def nudged_pairs(pairs: np.ndarray) -> np.ndarray:
    """All events but a few, which are chosen by their place alone."""
    hashed = np.argsort(row_hashes(np.arange(len(pairs))), kind="stable")
    return np.delete(pairs, hashed[: max(1, int(NUDGE * len(pairs)))], axis=0)


def _shares(kept: tuple[str, ...], asked: Callable[[tuple[str, ...]], np.ndarray]) -> dict[str, np.ndarray]:
    """What each family adds, averaged over the order forwards and backwards: they add up to the lift.

    Source: Shapley (1953); two orders that mirror each other, exact for two families.
    """
    parts: dict[str, list[np.ndarray]] = {family: [] for family in kept}
    for order in (kept, kept[::-1]):
        before = asked(())
        for at, family in enumerate(order):
            after = asked(tuple(sorted(order[: at + 1])))
            parts[family].append(after - before)
            before = after
    return {family: np.mean(gains, axis=0) for family, gains in parts.items()}


def _suspected(refined: Refined, log: Log) -> np.ndarray:
    """(users,) bool: those whom the checks hold for robots in the training events."""
    out = np.zeros(log.shape[0], bool)
    hit = np.asarray([check == "RobotUsers" for check in refined.findings["check"].to_pylist()], bool)
    sure = hit & (refined.findings["confidence"].to_numpy() >= 0.5)
    rows = refined.findings["row"].to_numpy(zero_copy_only=False)[sure]
    user = log.user[np.searchsorted(log.rows, rows.astype(np.int64))]
    out[user[user >= 0]] = True
    return out


def _slices(
    bench: RankingBench, scores: dict[str, np.ndarray], robots: np.ndarray
) -> dict[str, dict[str, list[float]]]:
    """Sums by cluster for kinds of users, named before any score is seen."""
    robot = robots[bench.asked]
    short = np.diff(bench.history.indptr) < FEW
    kinds = {
        "held for robots": robot,
        "people": ~robot,
        f"people with fewer than {FEW} events": ~robot & short,
        f"people with {FEW} events or more": ~robot & ~short,
    }
    return {
        name: {
            "n": bench.sums(mask),
            "raw": bench.sums(np.where(mask, scores["raw"], 0)),
            "refined": bench.sums(np.where(mask, scores["refined"], 0)),
        }
        for name, mask in kinds.items()
        if mask.any()
    }


def _placebo(raw: Block, patches: list[pa.Table], log: Log, chance: np.random.Generator) -> Block:
    """The events without as many as the patches drop."""
    drops = sum(int(np.isin(patch["action"].to_pylist(), ["drop", "quarantine"]).sum()) for patch in patches)
    return dropped_at_random(raw, drops, log, chance)


def dropped_at_random(raw: Block, drops: int, log: Log, chance: np.random.Generator) -> Block:
    """The events without some, which are taken from users drawn at random, one user after the other."""
    user = log.user[np.searchsorted(log.rows, raw.rows)]
    rank = np.empty(log.shape[0] + 1, np.int64)
    rank[:-1], rank[-1] = chance.permutation(log.shape[0]), log.shape[0]
    order = np.lexsort((chance.random(len(user)), rank[user]))
    return raw.take(np.sort(order[drops:]))


def choose_ranking(block: Block, patches: Patches, *, recipe: RankingRecipe | None = None, **_: Any) -> Choice:
    """What ships: the families whose lift on the last events of these records is not below zero.

    Starting from all, the family that hurts most is left off until none hurts by more than its standard error; what
    remains must not be worse than the raw events either. Users differ, and so do fits for no reason at all: both
    noises are in the error. Users of whom some family leaves nothing are not asked: whom a list pleases is a person.

    Parameters
    ----------
    block : Block
        Raw records, of which the last part in time judges.
    patches : dict of family to ledger rows
    """
    families = tuple(family for family in sorted(patches) if patches[family].num_rows)
    try:
        log = Log.of(block)
    except InputError:
        return Choice(families, ())
    if not families:
        return Choice((), ())
    cut = log.cuts(0, 1)[0][0]
    bench = RankingBench(log, cut, recipe or RankingRecipe.of(log.shape[1], None))
    raw = block.take(cut.train)
    person = np.isin(bench.asked, np.unique(log.pairs(patched(raw, joined(patches)))[:, 0]))
    if not len(person):
        return Choice(families, ())
    person |= person.mean() < MOSTLY  # a family that leaves nothing of many people is judged by all of them
    pairs = log.pairs(raw)
    noise = float((bench.scores(nudged_pairs(pairs)) - bench.scores(pairs))[person].mean())

    def gain(these: tuple[str, ...], others: tuple[str, ...]) -> tuple[float, float]:
        states = (patched(raw, joined(patches, names)) for names in (these, others))
        values = np.subtract(*(bench.scores(log.pairs(state))[person] for state in states))
        if not values.any():
            return 0.0, 0.0
        return float(values.mean()), float(np.hypot(values.std() / np.sqrt(len(values)), noise))

    kept, effects = _without_harm(families, gain)
    if kept:
        lift, error = gain(kept, ())
        kept = kept if lift + SURE_ERRORS * error >= 0 else ()
    ordered = [effects[family] for family in sorted(effects)]
    return Choice(kept, tuple(Effect(e.family, e.lift, e.error, e.family in kept) for e in ordered))


def _without_harm(
    kept: tuple[str, ...], gain: Callable[[tuple[str, ...], tuple[str, ...]], tuple[float, float]]
) -> tuple[tuple[str, ...], dict[str, Effect]]:
    """The families left once none of them surely hurts beside the others, and what each was last worth beside them."""
    effects: dict[str, Effect] = {}
    while kept:
        measured = []
        for family in kept:
            lift, error = gain(kept, tuple(other for other in kept if other != family))
            measured.append(Effect(family, lift, error, kept=lift + SURE_ERRORS * error >= 0))
        effects |= {effect.family: effect for effect in measured}
        worst = min(measured, key=lambda effect: effect.lift + SURE_ERRORS * effect.error)
        if worst.kept:
            break
        kept = tuple(family for family in kept if family != worst.family)
    return kept, effects
