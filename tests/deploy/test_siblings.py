"""Workers of one server tell each other what they have counted."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from karat.deploy import siblings
from karat.deploy.siblings import Siblings


def test_each_hears_all_others(tmp_path: Path) -> None:
    async def asked() -> tuple[list[Any], list[Any], list[Any]]:
        first, second = Siblings(tmp_path, 0), Siblings(tmp_path, 1)
        async with first.telling(lambda: {"n": 1}), second.telling(lambda: {"n": 2}):
            both = await first.others(), await second.others()
        return *both, await first.others()

    assert asyncio.run(asked()) == ([{"n": 2}], [{"n": 1}], [])


def test_one_that_is_dead_or_silent_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(siblings, "SECONDS", 0.1)
    (tmp_path / "7.socket").touch()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.close()
        await writer.wait_closed()

    async def asked() -> list[Any]:
        async with await asyncio.start_unix_server(silent, tmp_path / "8.socket"):
            said = await Siblings(tmp_path, 0).others()
            await asyncio.sleep(0.3)
        return said

    assert asyncio.run(asked()) == []


def test_the_socket_of_a_worker_that_died_is_replaced(tmp_path: Path) -> None:
    async def asked() -> list[Any]:
        (tmp_path / "1.socket").touch()
        async with Siblings(tmp_path, 1).telling(lambda: {"n": 3}):
            return await Siblings(tmp_path, 0).others()

    assert asyncio.run(asked()) == [{"n": 3}]
