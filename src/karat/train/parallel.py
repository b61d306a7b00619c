"""Fits side by side: threads, since the learners leave Python's lock to each other while they compute."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from karat.core.errors import OptionError

J = TypeVar("J")
R = TypeVar("R")


def run_fits(
    jobs: Sequence[J],
    fit: Callable[[J], R],
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[R]:
    """``[fit(job) for job in jobs]`` on ``workers`` threads; the same results in the same order for any number.

    Parameters
    ----------
    jobs : sequence
        Whatever ``fit`` takes. Jobs must not depend on each other.
    fit : callable
        Gives the same answer for the same job, whatever runs beside it.
    workers : int
        At least 1.
    progress : callable, optional
        Called from this thread with (done, all) after each job.

    Raises
    ------
    OptionError
        For fewer than one worker.
    Exception
        The first failed job's own; jobs not yet begun are left out, as they are after Ctrl-C.
    """
    if workers < 1:
        raise OptionError(f"--workers is {workers}", "Use 1 or more")
    results: list[R | None] = [None] * len(jobs)
    for done, (at, result) in enumerate(_finished(list(enumerate(jobs)), fit, min(workers, len(jobs) or 1)), start=1):
        results[at] = result
        if progress:
            progress(done, len(jobs))
    return results  # type: ignore[return-value]


def _finished(jobs: Iterable[tuple[int, J]], fit: Callable[[J], R], workers: int) -> Iterator[tuple[int, R]]:
    if workers == 1:
        for at, job in jobs:
            yield at, fit(job)
        return
    pool = ThreadPoolExecutor(workers, "fit")
    try:
        place: dict[Future[R], int] = {pool.submit(fit, job): at for at, job in jobs}
        left = set(place)
        while left:
            ready, left = wait(left, return_when=FIRST_COMPLETED)
            for future in sorted(ready, key=place.__getitem__):
                yield place[future], future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
