"""Work that arrives while work is being done is done together: throughput without making a lone request wait."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Overloaded(Exception):  # noqa: N818  a state of the server, not a fault of the caller
    """More requests wait than may; come back later."""


@dataclass
class Batcher(Generic[Item, Result]):
    """Hands waiting items to ``work``, as many as have gathered, one batch at a time, in a thread of its own.

    Parameters
    ----------
    work : callable
        Items to as many results. A result that is an exception is raised to its own caller alone.
    max_items : int
        Largest batch.
    max_waiting : int
        Beyond this ``submit`` raises ``Overloaded``.
    """

    work: Callable[[Sequence[Item]], Sequence[Result | Exception]]
    max_items: int = 128
    max_waiting: int = 1_024
    _waiting: deque[tuple[Item, asyncio.Future[Result]]] = field(default_factory=deque)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "karat-model"))
    _task: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """The item's result."""
        if len(self._waiting) >= self.max_waiting:
            raise Overloaded
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._drain())
        return await future

    def close(self) -> None:
        """Let the running batch end, and start no other."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self.max_items))]
            try:
                results = await loop.run_in_executor(self._thread, self.work, [item for item, _ in batch])
            except Exception as error:  # noqa: BLE001  whatever went wrong belongs to the callers
                results = [error] * len(batch)
            for (_, future), result in zip(batch, results, strict=True):
                if future.cancelled():
                    continue
                if isinstance(result, Exception):
                    future.set_exception(result)
                else:
                    future.set_result(result)
