"""Two versions of interactions compared: which one teaches a recommender more."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from karat.core.block import Block
from karat.core.errors import InputError
from karat.core.executor import each
from karat.lift.arms import first_of_each
from karat.lift.certificate import Certificate
from karat.lift.pairing import aligned
from karat.lift.procedure import cost_since, cpu_seconds
from karat.lift.ranking import ASKED, PLACEBOS, as_fold, dropped_at_random, nudged_pairs
from karat.lift.ranking_bench import BUCKETS, RankingBench, RankingRecipe
from karat.lift.ranking_verdict import MARK, figures
from karat.lift.recipe import content_key
from karat.lift.versions import SEEN
from karat.prepare.interaction_log import Log
from karat.prepare.interaction_splits import TimeCut


def compare_rankings(
    a: Block,
    b: Block,
    *,
    key: str = "",
    seed: int = 0,
    workers: int = 1,
    metric: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Certificate:
    """The certificate of B over A: in every split forward in time both train on what came before, A's events test.

    Parameters
    ----------
    a, b : Block
        Before and after, paired by ``_row``, else by ``key``, else by position; records only in B only train.

    Raises
    ------
    InputError
        They cannot be paired, or there is too little to rank.
    """
    clock, cpu = time.perf_counter(), cpu_seconds()
    a, b, _ = aligned(a, b, key)
    log = Log.of(a)
    recipe = RankingRecipe.of(log.shape[1], metric)
    cuts, method = log.cuts(seed)
    later = Log.of(b).time
    fresh = ~np.isin(b.rows, a.rows)

    def fold(job: tuple[int, TimeCut]) -> dict[str, Any]:
        number, cut = job
        bench, raw = RankingBench(log, cut, recipe), a.take(cut.train)
        mine = b.take(np.isin(b.rows, raw.rows) | (fresh & (later < cut.start)))
        chance = np.random.default_rng([seed, number])
        fewer = [dropped_at_random(raw, max(0, len(raw) - len(mine)), log, chance) for _ in range(PLACEBOS)]
        arms = {"raw": raw, "plain": raw.take(first_of_each(raw)), "refined": mine}
        scores = {name: bench.scores(log.pairs(state)) for name, state in arms.items()}
        placebos = [bench.scores(log.pairs(state)) for state in fewer]
        return as_fold(bench, number, scores, placebos, bench.scores(nudged_pairs(log.pairs(raw))))

    folds = [entry for entry in each(list(enumerate(cuts)), fold, workers, progress) if sum(entry[MARK])]
    if not folds:
        raise InputError("no user meets a new item later, so rankings cannot be tested", "Give more events")
    certificate = Certificate(
        protocol="versions",
        metric=recipe.metric,
        **figures(folds),
        folds=tuple(folds),
        notes=(SEEN, ASKED, f"held out {method}"),
        recipe={"learner": recipe.learner, "places": 10, "placebos": PLACEBOS, "clusters": BUCKETS},
        seeds={"seed": seed},
        splits={"method": method, "cuts": len(folds), "records": len(a)},
        versions={"before": content_key(a), "after": content_key(b), "records_before": len(a), "records_after": len(b)},
    )
    return replace(certificate, cost=cost_since(clock, cpu))
