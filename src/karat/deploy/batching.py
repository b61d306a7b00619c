"""Work that arrives while work is being done is done together: throughput without making a lone request wait."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
QUICK_SECONDS = 0.005  # cost: work expected to take less holds no other request up, and a thread would cost more
SMOOTHING = 0.02  # cost: weight of a slow batch in what the next is expected to take


class Overloaded(Exception):  # noqa: N818  a state of the server, not a fault of the caller
    """More requests wait than may; come back later."""


@dataclass(eq=False)
class Batcher(Generic[Item, Result]):
    """Hands waiting items to ``work``, as many as have gathered, one batch at a time.

    A batch that will be done soon is worked on at once, any other in a thread of its own.

    Parameters
    ----------
    work : callable
        Items to as many results. A result that is an exception is raised to its own caller alone.
    size : callable
        How many records an item holds.
    max_records : int
        Largest batch; an item that holds more is a batch alone.
    max_waiting : int
        Items; beyond this ``submit`` raises ``Overloaded``.
    """

    work: Callable[[Sequence[Item]], Sequence[Result | Exception]]
    size: Callable[[Item], int] = lambda _: 1
    max_records: int = 128
    max_waiting: int = 1_024
    waiting: deque[tuple[Item, asyncio.Future[Result]]] = field(default_factory=deque)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "karat-model"))
    _running: bool = False  # in the thread
    _planned: bool = False
    _seconds_each: float = QUICK_SECONDS  # at first one is tried

    async def submit(self, item: Item, *, last: bool = False) -> Result:
        """The item's result.

        Parameters
        ----------
        item : Item
        last : bool
            No other item is about to come: work can begin.
        """
        if len(self.waiting) >= self.max_waiting:
            raise Overloaded
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self.waiting.append((item, future))
        if last:
            self._next(loop)
        else:
            self._plan(loop)
        return await future

    def at_once(self, item: Item) -> Result | Exception | None:
        """The item's result or failure without waiting; None where others wait or it may take long."""
        if self._running or self.waiting or self.size(item) * self._seconds_each > QUICK_SECONDS:
            return None
        return self._worked([item], self.size(item))[0]

    @property
    def busy(self) -> bool:
        """Is there anything left to do?"""
        return self._running or bool(self.waiting)

    def close(self) -> None:
        """Let the running batch end, and start no other."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _plan(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._planned and not self._running:
            self._planned = True
            loop.call_soon(self._planned_next, loop)

    def _planned_next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._planned = False
        self._next(loop)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._running:
            return
        batch, records = self._batch()
        if not batch:
            return
        items = [item for item, _ in batch]
        if records * self._seconds_each <= QUICK_SECONDS:
            self._settle(batch, self._worked(items, records))
            if self.waiting:
                self._plan(loop)
            return
        self._running = True
        working = loop.run_in_executor(self._thread, self._worked, items, records)

        def done(work: asyncio.Future[Sequence[Result | Exception]]) -> None:
            self._running = False
            if work.cancelled() or work.exception() is not None:  # closed meanwhile
                self._settle(batch, [Overloaded()] * len(batch))
                return
            self._settle(batch, work.result())
            self._next(loop)

        working.add_done_callback(done)

    def _batch(self) -> tuple[list[tuple[Item, asyncio.Future[Result]]], int]:
        """As many waiting items as fit, without those whose caller has gone, and their records."""
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        records = 0
        while self.waiting:
            item, future = self.waiting[0]
            if not future.done():
                size = self.size(item)
                if batch and records + size > self.max_records:
                    break
                batch.append((item, future))
                records += size
            self.waiting.popleft()
        return batch, records

    def _worked(self, items: Sequence[Item], records: int) -> Sequence[Result | Exception]:
        start = time.perf_counter()
        try:
            return self.work(items)
        except Exception as error:  # noqa: BLE001  whatever went wrong belongs to the callers
            return [error] * len(items)
        finally:
            each = (time.perf_counter() - start) / max(records, 1)
            slower = each > self._seconds_each  # other processes make work seem slower, and nothing makes it faster
            self._seconds_each += (SMOOTHING if slower else 1.0) * (each - self._seconds_each)

    @staticmethod
    def _settle(batch: Sequence[tuple[Item, asyncio.Future[Result]]], results: Sequence[Result | Exception]) -> None:
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
