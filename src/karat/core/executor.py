"""Work side by side, in threads or in processes: the same answers in the same order for any number of workers."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from karat.core.errors import MachineError, OptionError

J = TypeVar("J")
R = TypeVar("R")
S = TypeVar("S")
Tick = Callable[[int, int], None]  # done, all

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1")
_shared: list[Any] = []  # in a worker process: what all of its work needs, sent once


def each(items: Sequence[J], work: Callable[[J], R], workers: int = 1, tick: Tick | None = None) -> list[R]:
    """``[work(item) for item in items]`` on threads: for work that leaves Python's lock to others while it computes.

    Parameters
    ----------
    items : sequence
        Whatever ``work`` takes; they must not depend on each other.
    work : callable
        Gives the same answer for the same item, whatever runs beside it.
    workers : int
        At least 1; with 1 all is done in this thread.
    tick : callable, optional
        Called from this thread with (done, all) after each item.

    Raises
    ------
    OptionError
        For fewer than one worker.
    Exception
        The first one that was raised; what was not begun by then is left out, as it is after Ctrl-C.
    """
    if workers < 1:
        raise OptionError(f"--workers is {workers}", "Use 1 or more")
    if workers == 1 or len(items) < 2:
        return _one_by_one(items, work, tick)
    with ThreadPoolExecutor(workers) as pool:
        return _side_by_side(pool, items, work, workers, tick)


def each_apart(
    shared: S, items: Sequence[J], work: Callable[[S, J], R], workers: int = 1, tick: Tick | None = None
) -> list[R]:
    """``[work(shared, item) for item in items]`` in processes: for work that keeps Python's lock.

    Parameters
    ----------
    shared : object
        Is sent to each process once.
    items, work, workers, tick
        As for ``each``; ``work`` is a function of a module.

    Raises
    ------
    MachineError
        A process was ended from outside.
    """
    if workers <= 1 or len(items) < 2:
        return _one_by_one(items, lambda item: work(shared, item), tick)
    from joblib.externals.loky import ProcessPoolExecutor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    pool = ProcessPoolExecutor(min(workers, len(items)), initializer=_share, initargs=(shared,), env=ONE_THREAD)
    stopped = True
    try:
        answers = _side_by_side(pool, items, partial(_apart, work), workers, tick)
        stopped = False
    except TerminatedWorkerError as error:
        do = "Free some memory or use --workers 1, then run the same command to go on"
        raise MachineError("a worker process was ended by the system", do) from error
    except Exception:
        stopped = False  # the few that are still at work end by themselves
        raise
    finally:
        pool.shutdown(wait=not stopped, kill_workers=stopped)
    return answers


def in_order(items: Iterable[J], work: Callable[[J], R], workers: int = 1) -> Iterator[R]:
    """``map(work, items)`` on threads, with at most one answer more than there are workers waiting to be taken."""
    if workers <= 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(workers) as pool:
        flying: deque[Future[R]] = deque()
        for item in items:
            flying.append(pool.submit(work, item))
            if len(flying) > workers:
                yield flying.popleft().result()
        while flying:
            yield flying.popleft().result()


def _one_by_one(items: Sequence[J], work: Callable[[J], R], tick: Tick | None) -> list[R]:
    answers = []
    for done, item in enumerate(items, start=1):
        answers.append(work(item))
        if tick:
            tick(done, len(items))
    return answers


def _side_by_side(
    pool: Executor, items: Sequence[J], work: Callable[[J], R], workers: int, tick: Tick | None
) -> list[R]:
    """All answers in order; only as many items are handed out as are worked on, so that little is left to cancel."""
    waiting, answers = iter(enumerate(items)), dict[int, R]()
    flying = {pool.submit(work, item): at for at, item in islice(waiting, workers + 1)}
    try:
        while flying:
            ready, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in sorted(ready, key=flying.__getitem__):
                answers[flying.pop(future)] = future.result()
                if tick:
                    tick(len(answers), len(items))
                flying |= {pool.submit(work, item): at for at, item in islice(waiting, 1)}
    finally:
        for future in flying:
            future.cancel()
    return [answers[at] for at in range(len(items))]


def _share(shared: Any) -> None:
    import pyarrow as pa

    pa.set_cpu_count(1)
    _shared[:] = [shared]


def _apart(work: Callable[[Any, J], R], item: J) -> R:
    return work(_shared[0], item)
