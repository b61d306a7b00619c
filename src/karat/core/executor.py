"""Work side by side, in threads or in processes: the same answers in the same order for any number of workers.

The processes are plain children, so that a script that calls Karat needs no guard at its top. They end as soon as the
one that gave them work has ended, however it did.
"""

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from itertools import islice
from time import perf_counter
from typing import Any, TypeVar

from karat.core.errors import MachineError, OptionError

J = TypeVar("J")
R = TypeVar("R")
S = TypeVar("S")
Tick = Callable[[int, int], None]  # done, all

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1")
CHILD = "from karat.core.executor import obey; obey()"


class TimeUp(Exception):  # noqa: N818  an answer, not an error: what was done in time is in it
    """Work had to end by a moment and had not.

    Parameters
    ----------
    answers : dict of int to object
        What was done by then, by its place among the items.
    """

    def __init__(self, answers: dict[int, Any] | None = None) -> None:
        super().__init__("time is up")
        self.answers = answers or {}


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
    shared: S,
    items: Sequence[J],
    work: Callable[[S, J], R],
    workers: int = 1,
    tick: Tick | None = None,
    until: float | None = None,
) -> list[R]:
    """``[work(shared, item) for item in items]`` in processes: for work that keeps Python's lock.

    Parameters
    ----------
    shared : object
        Is sent to each process once.
    items, work, workers, tick
        As for ``each``; ``work`` is a function of a module.
    until : float, optional
        Moment of ``time.perf_counter`` at which the processes are ended, whatever they do; there is one at least then.

    Raises
    ------
    MachineError
        A process was ended from outside.
    TimeUp
        The moment came before the last answer.
    """
    if until is None and (workers <= 1 or len(items) < 2):
        return _one_by_one(items, lambda item: work(shared, item), tick)
    from cloudpickle import dumps

    if not items:
        return []
    if until is not None and until <= perf_counter():
        raise TimeUp
    job = dumps((work, shared))
    children = [_Child(job) for _ in range(min(max(workers, 1), len(items)))]
    idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()
    for child in children:
        idle.put(child)

    def ask(item: J) -> R:
        child = idle.get()
        try:
            answer: R = child.ask(dumps(item))
            return answer
        finally:
            idle.put(child)

    done: dict[int, R] = {}
    with ThreadPoolExecutor(len(children)) as pool, _ended(children, until):
        try:
            return _side_by_side(pool, items, ask, len(children), tick, done)
        except MachineError:
            if until is None or perf_counter() < until:
                raise
            raise TimeUp(done) from None
        finally:
            for child in children:
                child.end()


@contextlib.contextmanager
def _ended(children: "list[_Child]", until: float | None) -> Iterator[None]:
    """Ends processes at a moment, where there is one, unless all is done before."""

    def end() -> None:
        for child in children:
            child.kill()

    timer = threading.Timer(max(0.0, (until or 0.0) - perf_counter()), end)
    timer.daemon = True
    if until is not None:
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


class _Child:
    """A worker process, which is told what to do in pickles."""

    def __init__(self, job: bytes) -> None:
        self._process = subprocess.Popen(  # noqa: S603  our own code on our own interpreter
            [sys.executable, "-c", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD},
            start_new_session=True,  # Ctrl-C is for the one who gives orders
        )
        self._send(pickle.dumps(sys.path) + job)

    def _send(self, order: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(order)
        self._process.stdin.flush()

    def ask(self, order: bytes) -> Any:
        assert self._process.stdout is not None
        try:
            self._send(order)
            error, answer = pickle.load(self._process.stdout)  # noqa: S301  from our own child
        except (EOFError, OSError, pickle.UnpicklingError) as broken:
            problem = f"a worker process ended with status {self._process.wait()}"
            do = "Free some memory or use --workers 1, then run the same command to go on"
            raise MachineError(problem, do) from broken
        if error is not None:
            raise error
        return answer

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def obey() -> None:
    """The life of a worker process: orders in, answers out; it ends at once when nobody is left to give orders."""
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what units print is no answer
    sys.path[:] = pickle.load(orders)  # noqa: S301  from our own parent
    work, shared = pickle.load(orders)  # noqa: S301
    import pyarrow as pa

    pa.set_cpu_count(1)
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders, waiting), daemon=True).start()
    while True:
        answer: tuple[Exception | None, Any]
        try:
            answer = None, work(shared, waiting.get())
        except Exception as error:  # noqa: BLE001  it is raised again where the orders come from
            answer = error, None
        try:
            said = pickle.dumps(answer)
        except Exception as error:  # noqa: BLE001  what cannot be sent is told in words
            said = pickle.dumps((RuntimeError(f"{answer[0] or answer[1]!r}: {error}"), None))
        answers.write(said)
        answers.flush()


def _listen(orders: Any, waiting: "queue.SimpleQueue[Any]") -> None:
    while True:
        try:
            waiting.put(pickle.load(orders))  # noqa: S301  from our own parent
        except EOFError:
            os._exit(0)


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
    pool: Executor,
    items: Sequence[J],
    work: Callable[[J], R],
    workers: int,
    tick: Tick | None,
    done: dict[int, R] | None = None,
) -> list[R]:
    """All answers in order; only as many items are handed out as are worked on, so that little is left to cancel.

    ``done`` holds the answers so far, by their places.
    """
    waiting, answers = iter(enumerate(items)), dict[int, R]() if done is None else done
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
