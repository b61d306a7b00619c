"""What the application never sees: foreign posts, bodies that are too large; and what every answer carries."""

import asyncio
from typing import Any

from karat.deploy.access import Access
from karat.deploy.connections import ARRIVED, Connections
from karat.deploy.guarded_app import GuardedApp, reply
from karat.deploy.limits import MIB, ServeLimits

LIMITS = ServeLimits(max_body_mb=10 / MIB)


async def echo(_scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    await reply(send, body, b"text/plain")


def asked(
    parts: list[bytes], method: str = "POST", access: Access | None = None, draining: bool = False, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connections = Connections(LIMITS)
    connections.draining = draining
    app = GuardedApp(echo, access or Access.of("127.0.0.1"), LIMITS, connections)
    sent: list[dict[str, Any]] = []
    coming = iter(parts)
    left = len(parts)

    async def receive() -> dict[str, Any]:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": next(coming), "more_body": left > 0}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(app({"type": "http", "method": method, "path": "/", "headers": lines}, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, sent[1]["body"]


def test_a_body_that_is_too_large_is_refused_whether_its_length_is_told_or_not() -> None:
    assert asked([b"0123456789"])[0] == 200
    assert asked([b"012345", b"6789"])[2] == b"0123456789"
    assert asked([b"012345", b"67890"])[0] == 413
    assert asked([b"x"], content_length="11")[0] == 413
    assert asked([b"x"], content_length="9" * 30)[0] == 413
    assert asked([b"x"], content_length="-1")[0] == 413
    assert b"larger than 10 bytes" in asked([b"x"], content_length="11")[2]


def test_refusals_say_what_to_do() -> None:
    status, headers, body = asked([b""], access=Access.of("127.0.0.1", "0123456789abcdef"))
    assert (status, headers["www-authenticate"]) == (401, "Bearer")
    assert b"Authorization" in body
    assert asked([b""], origin="https://evil.example")[0] == 403


def test_a_page_that_was_let_in_may_read_the_answer() -> None:
    access = Access.of("127.0.0.1", "0123456789abcdef", origins=["https://app.example"])
    status, headers, _ = asked([b""], "OPTIONS", access, origin="https://app.example")
    assert (status, headers["access-control-allow-origin"]) == (204, "https://app.example")
    assert "access-control-allow-origin" not in asked([b""], "GET", access, origin="https://evil.example")[1]


def test_a_server_about_to_stop_says_so() -> None:
    assert asked([b""], draining=True)[1]["connection"] == "close"
    assert "connection" not in asked([b""])[1]


def test_a_request_that_came_before_the_end_is_told_too() -> None:
    connections = Connections(LIMITS)
    sent: list[dict[str, Any]] = []

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        connections.draining = True
        await reply(send, b"", b"text/plain")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    guarded = GuardedApp(app, Access.of("127.0.0.1"), LIMITS, connections)
    asyncio.run(guarded({"type": "http", "method": "GET", "path": "/", "headers": []}, None, send))
    assert (b"connection", b"close") in sent[0]["headers"]


def test_a_request_that_has_begun_is_no_longer_awaited() -> None:
    connections = Connections(LIMITS)
    connections.arrived = 1
    app = GuardedApp(echo, Access.of("127.0.0.1"), LIMITS, connections)

    async def nothing(*_: Any) -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    asyncio.run(app({"type": "http", "method": "GET", "path": "/", "headers": [], ARRIVED: True}, nothing, nothing))
    assert connections.arrived == 0


def test_a_client_that_sends_too_much_may_end_before_it_is_told() -> None:
    taken = []

    def parts() -> Any:
        for part in (b"0123456789", b"0123456789", b"0"):
            taken.append(part)
            yield part

    class Parts(list[bytes]):
        def __iter__(self) -> Any:
            return parts()

    assert asked(Parts([b"", b"", b""]), content_length="21")[0] == 413
    assert len(taken) == 3
    assert asked(Parts([b"", b"", b""]), content_length="99999")[0] == 413
    assert len(taken) == 3  # of so large a body nothing is read
