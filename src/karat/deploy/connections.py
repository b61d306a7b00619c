"""Connections that may not wait for ever: the protocol of uvicorn, with limits on arrival and on numbers."""

import asyncio
import json
import selectors
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from karat.deploy.limits import ServeLimits

SWEEP_SECONDS = 0.5  # cost: between two looks at all connections
YOUNG_SECONDS = 1.0  # cost: after the server stops listening, a connection has so long to send its first request
MOST_TURNS = 1_000  # cost: of the loop, to read what was sent last
BUSY = json.dumps({"error": "too many connections are open. Try again in a second."}).encode()
ARRIVED = "karat.arrived"  # definition: in the scope of a request that is counted as arrived
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\nretry-after: 1\r\nconnection: close\r\n"
    b"content-length: %d\r\n\r\n%b" % (len(BUSY), BUSY)
)


class JoinedTransport:
    """A transport that holds the head of an answer until its body comes, so that both are one packet.

    Parameters
    ----------
    transport : asyncio.Transport
    """

    def __init__(self, transport: Any) -> None:
        self._transport, self._head = transport, b""

    def write(self, data: bytes) -> None:
        """Send, or hold a head; "100 Continue" has no body to wait for."""
        if data.startswith(b"HTTP/1.") and data[9:10] != b"1":
            self.flush()
            self._head = data
            return
        self._transport.write(self._head + data if self._head else data)
        self._head = b""

    def flush(self) -> None:
        """Send what is held."""
        if self._head:
            self._transport.write(self._head)
            self._head = b""

    def is_closing(self) -> bool:
        """As of the transport itself, which is asked for each answer."""
        closing: bool = self._transport.is_closing()
        return closing

    def close(self) -> None:
        """Send, and close."""
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Connections:
    """All open connections of a server, and what became of those it could not serve."""

    def __init__(self, limits: ServeLimits) -> None:
        self.limits = limits
        self.draining = False
        self.open: dict[Any, None] = {}  # in the order in which they were opened
        self.arrived = 0  # whole requests that the application has not begun to answer
        self.dropped = 0
        self.refused = 0

    def protocol(self, base: type[Any]) -> type[Any]:
        """The protocol class of uvicorn, watched by this object."""
        watch = self

        class WatchedProtocol(base):  # type: ignore[misc]
            """One connection; ``began`` is when the request that is arriving began to."""

            began: float | None = None

            def connection_made(self, transport: Any) -> None:
                if not watch.room():
                    watch.refused += 1
                    transport.write(FULL)
                    transport.close()
                    transport.set_protocol(asyncio.Protocol())
                    return
                self.began = time.monotonic()
                watch.open[self] = None
                super().connection_made(JoinedTransport(transport))

            def connection_lost(self, exc: Exception | None) -> None:
                watch.open.pop(self, None)
                super().connection_lost(exc)

            def data_received(self, data: bytes) -> None:
                watch.received(self, partial(super().data_received, data))

            def on_response_complete(self) -> None:
                self.transport.flush()
                super().on_response_complete()

        return WatchedProtocol

    def received(self, connection: Any, read: Callable[[], None]) -> None:
        """Let a connection read what has come, and note whether a request is whole."""
        before, reading = connection.cycle, connection.cycle is not None and connection.cycle.more_body
        now = time.monotonic()
        read()
        if connection.cycle is before and not reading:  # the head of a request is not whole yet
            if connection.began is None and (before is None or before.response_complete):
                connection.began = now
        elif not connection.cycle.more_body:
            connection.began = None
            if connection.cycle is not before:
                self.arrived += 1
                connection.scope[ARRIVED] = True
        elif connection.began is None:
            connection.began = now

    def room(self) -> bool:
        """Is there room for one more connection? The one that has been silent longest is closed to make it."""
        if len(self.open) < self.limits.max_connections:
            return True
        for connection in self.open:
            if connection.cycle is None or connection.cycle.response_complete or connection.began is not None:
                self.drop(connection)
                return True
        return False

    def drop(self, connection: Any) -> None:
        """Close a connection at once."""
        self.dropped += 1
        self.open.pop(connection, None)
        connection.transport.abort()

    async def watch(self) -> None:
        """Drop requests that take too long to arrive, until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            latest = time.monotonic() - self.limits.max_arrival_seconds
            for connection in [c for c in self.open if c.began is not None and c.began < latest]:
                self.drop(connection)

    async def first_requests(self) -> None:
        """Wait until every open connection has sent a request, or has had the time to."""
        latest = time.monotonic() + YOUNG_SECONDS
        while any(c.cycle is None for c in self.open) and time.monotonic() < latest:  # noqa: ASYNC110  nothing tells it
            await asyncio.sleep(SWEEP_SECONDS / 10)

    async def heard_out(self) -> None:
        """Wait until nothing that silent connections have sent is left unread, so that closing them loses nothing."""
        with selectors.DefaultSelector() as unread:
            for connection in self.open:
                silent = connection.cycle is None or connection.cycle.response_complete
                if silent and not connection.transport.is_closing():
                    unread.register(connection.transport.get_extra_info("socket"), selectors.EVENT_READ)
            for _ in range(MOST_TURNS):
                if not unread.get_map() or not unread.select(0):
                    return
                await asyncio.sleep(0)  # the loop reads it
