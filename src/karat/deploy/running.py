"""A web server from its first connection to its last answer: limits on what comes in, and an end that loses nothing."""

import asyncio
import contextlib
import ctypes
import selectors
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karat.core.errors import InputError, MachineError, OptionError
from karat.core.release import install
from karat.deploy.access import Access
from karat.deploy.connections import Connections
from karat.deploy.guarded_app import GuardedApp
from karat.deploy.limits import HOST, PORT, ServeLimits

ATTACH_FILTER = 26  # definition: SO_ATTACH_FILTER of Linux
# definition: a packet filter (linux/filter.h) of code, jumps where true and where false, and operand: load the byte of
# the TCP header that holds its flags (RFC 9293); keep a packet that has ACK whole, and nothing of another
NO_NEW = ((0x30, 0, 0, 13), (0x45, 0, 1, 0x10), (0x06, 0, 0, 0xFFFFFFFF), (0x06, 0, 0, 0))
AT_ONCE = 8  # cost: connections that one of several processes accepts in one turn of its loop, so that all get some
BACKLOG = 1_024  # cost: connections that the machine keeps until they are accepted
SPARE_FILES = 64  # cost: open files beside the connections
MOST_TURNS = 1_000  # cost: of the loop, to accept the last ones
ACCEPT_SECONDS = 0.05  # cost: for the connections that came before the server stopped listening


@dataclass(frozen=True)
class ServerPlace:
    """Where a server listens, and who may ask.

    Parameters
    ----------
    port : int
        In [0, 65535]; 0 takes any free one.
    access : Access or None
        None: everybody who reaches it, under a name that it knows.
    certificate, key : Path or None
        PEM files for TLS; both or neither.
    """

    host: str = HOST
    port: int = PORT
    access: Access | None = None
    certificate: Path | None = None
    key: Path | None = None

    def checked(self) -> None:
        """Raises OptionError or InputError for files that TLS cannot use."""
        import ssl

        if (self.certificate is None) != (self.key is None):
            lacking = "--tls-key" if self.key is None else "--tls-cert"
            raise OptionError(f"{lacking} is missing", "Give the certificate and its key, or neither")
        if self.certificate is None:
            return
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.certificate, self.key, lambda: b"")
        except OSError as error:  # ssl.SSLError among them
            raise InputError(
                f"{self.certificate} and {self.key} cannot be used for TLS: {error.strerror or error}",
                "Give a PEM certificate and its key without a passphrase",
            ) from None


def listening(host: str, port: int, backlog: int = BACKLOG) -> socket.socket:
    """A socket that listens; port 0 takes any free one. Where ``backlog`` is 0, it listens once a server is there.

    Raises
    ------
    MachineError
        When the address cannot be had.
    """
    with contextlib.ExitStack() as undo:
        try:
            addresses = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, socket.IPPROTO_TCP)
            family, kind, protocol, _, address = addresses[0]
            # With the protocol named, asyncio turns Nagle's algorithm off; else an answer waits 40 ms for the client.
            listener = undo.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            if backlog:
                listener.listen(backlog)
        except (OSError, OverflowError) as error:
            raise MachineError(
                f"address {host}:{port} cannot be used: {error}", "Choose another with --port"
            ) from error
        undo.pop_all()
        return listener


def installed() -> Any:
    """Uvicorn. Raises OptionError where the extra ``serve`` is not installed."""
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise OptionError(
            f"karat serve needs the extra 'serve': module {error.name} is not installed",
            install("serve"),
        ) from error
    return uvicorn


def run_server(
    app: Any,
    place: ServerPlace,
    limits: ServeLimits,
    connections: Connections,
    ready: Callable[[str], None],
    listener: socket.socket | None = None,
) -> None:
    """Serve an application until SIGTERM or Ctrl-C; requests that were taken are answered first.

    Parameters
    ----------
    app : ASGI application
    ready : callable
        Told the address, such as "http://127.0.0.1:8080", once requests are taken.
    listener : socket, optional
        One that listens already, in place of the place's own address.
    """
    place.checked()
    enough_files(limits.max_connections)
    with listener or listening(place.host, place.port) as own:
        host = f"[{place.host}]" if ":" in place.host else place.host
        scheme = "http" if place.certificate is None else "https"
        server = server_of(app, place, limits, connections, shared=listener is not None)
        ready(f"{scheme}://{host}:{own.getsockname()[1]}")
        with _stopping_in_order(), contextlib.suppress(KeyboardInterrupt):
            server.run([own])


def server_of(
    app: Any, place: ServerPlace, limits: ServeLimits, connections: Connections, *, shared: bool = False
) -> Any:
    """The server of ``run_server``, to be run; ``shared`` where other processes accept from the same socket."""
    uvicorn = installed()
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    config = uvicorn.Config(
        GuardedApp(app, place.access or Access.of(place.host), limits, connections),
        http=connections.protocol(AutoHTTPProtocol),
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=AT_ONCE if shared else BACKLOG,
        timeout_graceful_shutdown=limits.max_stop_seconds,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
    )
    return _draining(uvicorn.Server, limits, connections)(config)


def _draining(plain: Any, limits: ServeLimits, connections: Connections) -> Any:
    """Uvicorn's class of servers, with an end that tells the clients before it comes."""

    class DrainingServer(plain):  # type: ignore[misc]
        """A server that tells its clients before it goes."""

        async def _serve(self, sockets: list[socket.socket] | None = None) -> None:
            watching = asyncio.create_task(connections.watch())
            try:
                await super()._serve(sockets)
            finally:
                watching.cancel()

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            for listener in sockets or []:
                listener.listen(BACKLOG)

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            connections.draining = True
            await asyncio.sleep(limits.drain_seconds)
            for listener in sockets or []:
                closed_to_new(listener)
            await asyncio.sleep(ACCEPT_SECONDS)
            await accepted(sockets or [])
            await asyncio.sleep(ACCEPT_SECONDS)  # asyncio drops what it has accepted and not yet begun to read
            for server in self.servers:
                server.close()
            await connections.first_requests()
            await connections.heard_out()
            await super().shutdown(sockets)

    return DrainingServer


def closed_to_new(listener: socket.socket) -> None:
    """Let no further connection in, while those that are in can still be accepted.

    Where the kernel filters packets (Linux), those that would open a connection are dropped, and those that end the
    opening of one are not: between the last accept and the end of the socket nobody can come in and be lost. Elsewhere
    the queue is made as short as can be.
    """
    steps = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in NO_NEW))
    program = struct.pack("HP", len(NO_NEW), ctypes.addressof(steps))
    try:
        if sys.platform != "linux":
            raise OSError  # noqa: TRY301  as where it is not allowed
        listener.setsockopt(socket.SOL_SOCKET, ATTACH_FILTER, program)
    except OSError:
        listener.listen(0)


async def accepted(listeners: list[socket.socket]) -> None:
    """Return when no connection waits to be accepted, or so many come that there is no end."""
    with selectors.DefaultSelector() as waiting:
        for listener in listeners:
            waiting.register(listener, selectors.EVENT_READ)
        for _ in range(MOST_TURNS):
            if not listeners or not waiting.select(0):
                return
            await asyncio.sleep(0)  # the loop accepts them


def enough_files(connections: int) -> None:
    """Let the process open a file per connection, as far as the machine lets it."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@contextlib.contextmanager
def _stopping_in_order() -> Iterator[None]:
    """SIGTERM ends in status 0: uvicorn raises it again once the last answer is out."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
