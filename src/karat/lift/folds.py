"""The outer folds of a proof, side by side in processes; what is done before Ctrl-C stays in the cache."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isinf
from time import perf_counter
from typing import Any

from karat.core.block import Block
from karat.core.executor import Tick, each_apart
from karat.flow.folder import digest
from karat.lift.fold import FoldWork, Setting

Pair = tuple[int, int, Any, Any]
Work = Callable[[Setting, Pair], dict[str, Any]]


def proof_of(setting: Setting, pair: Pair) -> dict[str, Any]:
    """The scores of all arms in one fold."""
    return FoldWork(setting, *pair).run()


def run_folds(
    setting: Setting, pairs: Sequence[Pair], workers: int = 1, progress: Tick | None = None, work: Work = proof_of
) -> list[dict[str, Any]]:
    """The folds' results, in the order given.

    Parameters
    ----------
    setting : Setting
    pairs : sequence of (repeat, fold, train, test)
    workers : int
        Processes; 1 stays in this one.
    progress : callable or None
        Called with (done, all).
    work : callable
        What is done in a fold: by default its part of the proof.
    """
    shared = setting if workers <= 1 or len(pairs) < 2 else _unread(setting)
    return each_apart((shared, work), pairs, _from_cache, workers, progress)


def run_until(
    setting: Setting,
    pairs: Sequence[Pair],
    until: float,
    workers: int = 1,
    progress: Tick | None = None,
    work: Work = proof_of,
) -> list[dict[str, Any]]:
    """The folds' results, repeat by repeat: no repeat but the first is begun that would end behind a moment.

    Parameters
    ----------
    until : float
        As ``time.perf_counter`` tells it, in seconds; infinite: all at once.
    """
    if isinf(until):
        return run_folds(setting, pairs, workers, progress, work)
    out: list[dict[str, Any]] = []
    for repeat in sorted({pair[0] for pair in pairs}):
        begun, done = perf_counter(), len(out)
        if progress is not None:
            progress(done, len(pairs))
        out += run_folds(setting, [pair for pair in pairs if pair[0] == repeat], workers, None, work)
        now = perf_counter()
        if 2 * now - begun > until:
            break
    return out


def _unread(setting: Setting) -> Setting:
    """The setting without what was read of its blocks: each process reads for itself."""
    truth = setting.truth
    return replace(setting, block=_bare(setting.block), truth=_bare(truth) if truth is not None else None)


def _bare(block: Block) -> Block:
    keys = block.keys
    return Block(block.rows, block.table, block.schema, block.extra).keyed(lambda: keys)


def _from_cache(shared: tuple[Setting, Work], pair: Pair) -> dict[str, Any]:
    setting, work = shared
    repeat, fold, train, test = pair
    parts = [work.__qualname__, setting.key, repeat, fold, digest(train.tobytes(), test.tobytes())]
    return dict(setting.scores.get(parts, lambda: work(setting, pair)))
