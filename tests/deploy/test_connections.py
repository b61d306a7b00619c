"""Connections that send half a request, or nothing, are dropped; too many are answered 503."""

import asyncio
from typing import Any

import pytest

from karat.deploy import connections as watched
from karat.deploy.access import Access
from karat.deploy.connections import Connections, JoinedTransport
from karat.deploy.guarded_app import reply
from karat.deploy.limits import ServeLimits
from karat.deploy.running import ServerPlace, listening, server_of

pytest.importorskip("uvicorn")
GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


async def hello(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        await reply(send, b"hello", b"text/plain")


async def _with_server(limits: ServeLimits, work: Any) -> Any:
    known = Connections(limits)
    with listening("127.0.0.1", 0) as listener:
        server = server_of(hello, ServerPlace(access=Access.of("127.0.0.1")), limits, known)
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110  uvicorn tells it so
            await asyncio.sleep(0.01)
        try:
            return await asyncio.wait_for(work(listener.getsockname()[1], known), 15)
        finally:
            server.should_exit = True
            await serving


def served(limits: ServeLimits, work: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(watched, "SWEEP_SECONDS", 0.05)
    return asyncio.run(_with_server(limits, work))


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"GET / HTT",
        b"GET / HTTP/1.1\r\nhost: x\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf",
    ],
)
def test_half_a_request_is_dropped(half: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(port: int, known: Connections) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(half)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    limits = ServeLimits(max_arrival_seconds=0.2, drain_seconds=0, max_stop_seconds=1)
    assert served(limits, work, monkeypatch) == b""


def test_a_second_request_may_not_dribble_either(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(port: int, known: Connections) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)
        assert b"hello" in await reader.readuntil(b"hello")
        for byte in GET[:-2]:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.03)
            if known.dropped:
                break
        writer.close()
        return known.dropped

    limits = ServeLimits(max_arrival_seconds=0.2, drain_seconds=0, max_stop_seconds=1)
    assert served(limits, work, monkeypatch) == 1


def test_the_silent_make_room_and_the_busy_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(port: int, known: Connections) -> tuple[int, bytes]:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        while len(known.open) < 3:  # noqa: ASYNC110  nothing tells it
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET)
        answer = await reader.readuntil(b"hello")
        for _, other in (*silent, (reader, writer)):
            other.close()
        return known.dropped, answer

    limits = ServeLimits(max_connections=3, drain_seconds=0, max_stop_seconds=1)
    dropped, answer = served(limits, work, monkeypatch)
    assert dropped == 1
    assert answer.startswith(b"HTTP/1.1 200")


def test_where_all_are_busy_the_next_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(port: int, known: Connections) -> bytes:
        monkeypatch.setattr(known, "room", lambda: False)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        answer = await reader.read()
        writer.close()
        assert known.refused == 1
        return answer

    answer = served(ServeLimits(drain_seconds=0, max_stop_seconds=1), work, monkeypatch)
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 1" in answer


def test_head_and_body_are_one_packet() -> None:
    sent: list[bytes] = []

    class Transport:
        def write(self, data: bytes) -> None:
            sent.append(data)

        def close(self) -> None:
            sent.append(b"closed")

    joined = JoinedTransport(Transport())
    joined.write(b"HTTP/1.1 100 \r\n\r\n")
    joined.write(b"HTTP/1.1 200 \r\n\r\n")
    joined.write(b"body")
    joined.write(b"HTTP/1.1 204 \r\n\r\n")
    joined.close()
    assert sent == [b"HTTP/1.1 100 \r\n\r\n", b"HTTP/1.1 200 \r\n\r\nbody", b"HTTP/1.1 204 \r\n\r\n", b"closed"]
