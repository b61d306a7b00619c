"""The outer folds of a proof, side by side in processes; what is done before Ctrl-C stays in the cache."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isinf
from typing import Any

from karat.core.executor import Tick, TimeUp, each_apart
from karat.flow.folder import digest
from karat.lift.fold import FoldWork, Setting

Pair = tuple[int, int, Any, Any]
Work = Callable[[Setting, Pair], dict[str, Any]]


def proof_of(setting: Setting, pair: Pair) -> dict[str, Any]:
    """The scores of all arms in one fold."""
    return FoldWork(setting, *pair).run()


def run_folds(
    setting: Setting,
    pairs: Sequence[Pair],
    workers: int = 1,
    progress: Tick | None = None,
    work: Work = proof_of,
    until: float | None = None,
) -> list[dict[str, Any]]:
    """The folds' results, in the order given.

    Parameters
    ----------
    pairs : sequence of (repeat, fold, train, test)
    workers : int
        Processes; 1 stays in this one.
    progress : callable or None
        Called with (done, all).
    work : callable
        What is done in a fold: by default its part of the proof.
    until : float or None
        Moment of ``time.perf_counter`` by which all are to end.

    Raises
    ------
    TimeUp
        The moment came before the last result.
    """
    shared = setting if until is None and (workers <= 1 or len(pairs) < 2) else _unread(setting)
    return each_apart((shared, work), pairs, _from_cache, workers, progress, until)


def run_until(
    setting: Setting,
    pairs: Sequence[Pair],
    until: float,
    workers: int = 1,
    progress: Tick | None = None,
    work: Work = proof_of,
) -> list[dict[str, Any]]:
    """The folds' results of those repeats that end by a moment, none where not even the first does.

    Parameters
    ----------
    pairs : sequence of (repeat, fold, train, test)
        Repeat by repeat.
    until : float
        As ``time.perf_counter`` tells it, in seconds; infinite: all.
    """
    if isinf(until):
        return run_folds(setting, pairs, workers, progress, work)
    try:
        return run_folds(setting, pairs, workers, progress, work, until)
    except TimeUp as up:
        whole = {pair[0] for pair in pairs} - {pair[0] for at, pair in enumerate(pairs) if at not in up.answers}
        return [up.answers[at] for at, pair in enumerate(pairs) if pair[0] in whole]


def _unread(setting: Setting) -> Setting:
    """The setting without what was read of its blocks: each process reads for itself."""
    truth = setting.truth
    return replace(setting, block=setting.block.bare, truth=truth.bare if truth is not None else None)


def _from_cache(shared: tuple[Setting, Work], pair: Pair) -> dict[str, Any]:
    setting, work = shared
    repeat, fold, train, test = pair
    parts = [work.__qualname__, setting.key, repeat, fold, digest(train.tobytes(), test.tobytes())]
    return dict(setting.scores.get(parts, lambda: work(setting, pair)))
