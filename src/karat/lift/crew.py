"""Folds side by side: in processes, since finding and mending keeps Python's lock; the same answers for any number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from karat.core.block import Block
from karat.flow.folder import digest
from karat.lift.fold import FoldWork, Setting

Progress = Callable[[int, int], None]
Pair = tuple[int, int, Any, Any]

Work = Callable[[Setting, Pair], dict[str, Any]]


def proof_of(setting: Setting, pair: Pair) -> dict[str, Any]:
    """The scores of all arms in one fold."""
    return FoldWork(setting, *pair).run()


_held: dict[str, Setting] = {}  # in a worker process: the setting, sent once


@dataclass(frozen=True, eq=False)
class Crew:
    """Runs the outer folds of one setting.

    Parameters
    ----------
    setting : Setting
    workers : int
        Processes; 1 stays in this one.
    progress : callable or None
        Called with (done, all).
    work : callable
        What is done in a fold: by default its part of the proof.
    """

    setting: Setting
    workers: int = 1
    progress: Progress | None = None
    work: Work = proof_of

    def run(self, pairs: Sequence[Pair]) -> list[dict[str, Any]]:
        """The folds' results, in the order given. What is done before Ctrl-C stays in the cache."""
        if self.workers <= 1 or len(pairs) < 2:
            return [
                self._told(at, len(pairs), _done(self.setting, pair, self.work))
                for at, pair in enumerate(pairs, start=1)
            ]
        from concurrent.futures import as_completed

        from joblib.externals.loky import ProcessPoolExecutor

        one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        pool = ProcessPoolExecutor(
            min(self.workers, len(pairs)), initializer=_hold, initargs=(_light(self.setting),), env=one
        )
        try:
            flying = {pool.submit(_done_here, pair, self.work): at for at, pair in enumerate(pairs)}
            found: dict[int, dict[str, Any]] = {}
            for done, future in enumerate(as_completed(flying), start=1):
                found[flying[future]] = self._told(done, len(pairs), future.result())
        except BaseException:
            pool.shutdown(wait=False, kill_workers=True)
            raise
        pool.shutdown(wait=True)
        return [found[at] for at in range(len(pairs))]

    def _told(self, done: int, total: int, result: dict[str, Any]) -> dict[str, Any]:
        if self.progress:
            self.progress(done, total)
        return result


def _light(setting: Setting) -> Setting:
    """The setting without what was read of its blocks: each process reads for itself."""
    from dataclasses import replace

    truth = setting.truth
    return replace(setting, block=_bare(setting.block), truth=_bare(truth) if truth is not None else None)


def _bare(block: Block) -> Block:
    return Block(block.rows, block.table, block.schema, block.extra)


def _hold(setting: Setting) -> None:
    import pyarrow as pa

    pa.set_cpu_count(1)
    _held["setting"] = setting


def _done_here(pair: Pair, work: Work) -> dict[str, Any]:
    return _done(_held["setting"], pair, work)


def _done(setting: Setting, pair: Pair, work: Work) -> dict[str, Any]:
    repeat, fold, train, test = pair
    parts = [work.__qualname__, setting.key, repeat, fold, digest(train.tobytes(), test.tobytes())]
    return dict(setting.scores.get(parts, lambda: work(setting, pair)))
