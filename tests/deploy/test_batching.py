"""Items that gather while work is done are done together, and each caller gets what is his."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from karat.deploy.batching import Batcher, Overloaded


def doubled(batches: list[list[int]]):
    def work(items: Sequence[int]) -> list[int | Exception]:
        batches.append(list(items))
        return [ValueError(f"no {item}") if item < 0 else 2 * item for item in items]

    return work


def test_results_go_to_their_callers_in_batches_of_at_most_so_many() -> None:
    batches: list[list[int]] = []
    batcher: Batcher[int, int] = Batcher(doubled(batches), max_records=3)

    async def ask() -> list[int]:
        return list(await asyncio.gather(*(batcher.submit(item) for item in range(7))))

    assert asyncio.run(ask()) == [0, 2, 4, 6, 8, 10, 12]
    assert batches == [[0, 1, 2], [3, 4, 5], [6]]
    batcher.close()


def test_an_error_reaches_its_own_caller_alone() -> None:
    batcher: Batcher[int, int] = Batcher(doubled([]))

    async def ask() -> list[int | BaseException]:
        return list(await asyncio.gather(*(batcher.submit(item) for item in (1, -1, 2)), return_exceptions=True))

    first, second, third = asyncio.run(ask())
    assert (first, third) == (2, 4)
    assert isinstance(second, ValueError)
    batcher.close()


def test_work_that_fails_fails_all_of_its_batch_and_the_next_is_done() -> None:
    calls: list[int] = []

    def work(items: Sequence[int]) -> list[int]:
        calls.append(len(items))
        if len(calls) == 1:
            raise RuntimeError("broken")
        return list(items)

    batcher: Batcher[int, int] = Batcher(work)

    async def ask() -> tuple[list[int | BaseException], int]:
        failed = await asyncio.gather(batcher.submit(1), batcher.submit(2), return_exceptions=True)
        return list(failed), await batcher.submit(3)

    failed, last = asyncio.run(ask())
    assert [str(error) for error in failed] == ["broken", "broken"]
    assert last == 3
    batcher.close()


def test_too_many_waiting_are_sent_away_and_a_caller_who_left_is_skipped() -> None:
    """Work that is expected to take long runs in a thread, and others wait meanwhile."""
    go = threading.Event()

    def work(items: Sequence[int]) -> list[int]:
        go.wait(5)
        return list(items)

    batcher: Batcher[int, int] = Batcher(work, max_records=1, max_waiting=2, _seconds_each=1.0)

    async def ask() -> list[int]:
        running = asyncio.create_task(batcher.submit(0))
        await asyncio.sleep(0.02)  # taken up: it no longer waits
        waiting = [asyncio.create_task(batcher.submit(item)) for item in (1, 2)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await batcher.submit(3)
        waiting[0].cancel()
        go.set()
        return [await running, await waiting[1]]

    assert asyncio.run(ask()) == [0, 2]
    batcher.close()


def test_the_last_to_come_starts_the_work_for_all_and_a_large_item_is_a_batch_alone() -> None:
    batches: list[list[int]] = []
    batcher: Batcher[int, int] = Batcher(doubled(batches), size=lambda item: item, max_records=5)

    async def ask() -> list[int]:
        first, second = (asyncio.create_task(batcher.submit(item)) for item in (2, 3))
        await asyncio.sleep(0)
        third = await batcher.submit(9, last=True)
        assert batches[0] == [2, 3]
        return [await first, await second, third]

    assert asyncio.run(ask()) == [4, 6, 18]
    assert batches == [[2, 3], [9]]
    assert not batcher.busy
    batcher.close()


def test_at_once_where_nothing_else_is_to_be_done() -> None:
    batcher: Batcher[int, int] = Batcher(doubled([]))
    assert batcher.at_once(3) == 6
    assert isinstance(batcher.at_once(-1), ValueError)

    async def ask() -> tuple[int | Exception | None, int]:
        waiting = asyncio.ensure_future(batcher.submit(1))
        await asyncio.sleep(0)
        between = batcher.at_once(5) if batcher.waiting else None
        return between, await waiting

    assert asyncio.run(ask()) == (None, 2)
    slow: Batcher[int, int] = Batcher(doubled([]), _seconds_each=1.0)
    assert slow.at_once(1) is None
