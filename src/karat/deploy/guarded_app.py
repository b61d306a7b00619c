"""What stands before every web application of Karat: who may ask, how much, and how a server says goodbye."""

import asyncio
import contextlib
import json
from typing import Any

from karat.deploy.access import Access
from karat.deploy.connections import ARRIVED, Connections
from karat.deploy.limits import ServeLimits

Scope = dict[str, Any]
CLOSE = (b"connection", b"close")
LONGEST_LENGTH = 18  # definition: digits of a length that fits 64 bits
HEARD_OUT = 16  # cost: times the limit; of a larger body nothing is read, and its client may not read the answer
HEARD_SECONDS = 5.0  # cost: for a body that is thrown away
METHODS = b"GET, POST, OPTIONS"
# 413: the rest of the body would have to be read first
ERROR_HEADERS = {401: (b"www-authenticate", b"Bearer"), 503: (b"retry-after", b"1"), 413: CLOSE, 408: CLOSE}


class TooLarge(Exception):  # noqa: N818  the caller answers it in words
    """A body is larger than it may be."""


class GuardedApp:
    """An application behind its limits and its rules of access.

    Parameters
    ----------
    app : ASGI application
    connections : Connections
        Tells whether the server is about to stop.
    """

    def __init__(self, app: Any, access: Access, limits: ServeLimits, connections: Connections) -> None:
        self.app, self.access, self.limits, self.connections = app, access, limits, connections

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope.pop(ARRIVED, False):
            self.connections.arrived -= 1
        send = self._closing(send)
        refusal = self.access.refusal(scope["method"], scope["path"], scope["headers"])
        if refusal:
            await answer(send, refusal[1], refusal[0])
            return
        length, origin = b"", b""
        for name, value in scope["headers"]:
            if name == b"content-length":
                length = value
            elif name == b"origin":
                origin = value
        if origin and self.access.named(origin):
            send = _with(send, (b"access-control-allow-origin", origin), (b"vary", b"origin"))
            if scope["method"] == "OPTIONS":
                await _preflight(send)
                return
        await self._sized(length, scope, receive, send)

    def _closing(self, send: Any) -> Any:
        """Says "Connection: close" once the server is about to stop, also to requests that came before."""

        async def sending(message: dict[str, Any]) -> None:
            if self.connections.draining and message["type"] == "http.response.start":
                message = message | {"headers": [*message["headers"], CLOSE]}
            await send(message)

        return sending

    async def _sized(self, length: bytes, scope: Scope, receive: Any, send: Any) -> None:
        """Hand the request on when its body is not too large; where no length is told, it is counted."""
        most = self.limits.max_body_bytes
        if length and (not length.isdigit() or len(length) > LONGEST_LENGTH or int(length) > most):
            if length.isdigit() and len(length) <= LONGEST_LENGTH and int(length) <= HEARD_OUT * most:
                await _heard_out(receive)
            await answer(send, self.too_large(), 413)
            return
        if not length and scope["method"] == "POST":
            receive = _counted(receive, most)
        try:
            await self.app(scope, receive, send)
        except TooLarge:
            await answer(send, self.too_large(), 413)

    def too_large(self) -> str:
        """What a client with too large a body is told."""
        return f"the request is larger than {self.limits.max_body_bytes} bytes. Send fewer records at a time."


def _with(send: Any, *headers: tuple[bytes, bytes]) -> Any:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message = message | {"headers": [*message["headers"], *headers]}
        await send(message)

    return sending


async def _heard_out(receive: Any) -> None:
    """Let a client send what it began to send, so that it reads the answer; nothing of it is kept."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HEARD_SECONDS):
            while (await receive()).get("more_body"):
                pass


def _counted(receive: Any, most: int) -> Any:
    size = 0

    async def receiving() -> Any:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise TooLarge
        return message

    return receiving


async def _preflight(send: Any) -> None:
    headers = [
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", b"authorization, content-type, inference-header-content-length"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def answer(send: Any, message: str, status: int) -> None:
    """An error in one line, as JSON."""
    more = (ERROR_HEADERS[status],) if status in ERROR_HEADERS else ()
    await reply(send, json.dumps({"error": message}, ensure_ascii=False).encode(), b"application/json", status, *more)


async def reply(send: Any, body: bytes, kind: bytes, status: int = 200, *headers: tuple[bytes, bytes]) -> None:
    """A whole answer."""
    start = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
