"""A server from its first connection to its last answer: TLS, and an end that loses nothing."""

import asyncio
import contextlib
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from karat.core.errors import InputError, OptionError
from karat.deploy.access import Access
from karat.deploy.connections import Connections
from karat.deploy.guarded_app import reply
from karat.deploy.limits import ServeLimits
from karat.deploy.running import ServerPlace, closed_to_new, enough_files, listening, server_of

pytest.importorskip("uvicorn")
GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


async def slow(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await asyncio.sleep(0.05)
        await reply(send, b"hello", b"text/plain")


async def _client(port: int, stop: asyncio.Event, *, keeps: bool) -> tuple[int, int]:
    """Requests sent on connections that were there, and those answered, until the server is gone."""
    sent = answered = 0
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return sent, answered
        close = False
        while not close:
            writer.write(GET)
            sent += 1
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(5)
            answered += 1
            close = b"connection: close" in head.lower() or not keeps
        writer.close()
        if stop.is_set():
            await asyncio.sleep(0.01)


async def _stopped_under_load(limits: ServeLimits, *, keeps: bool) -> list[tuple[int, int]]:
    with listening("127.0.0.1", 0) as listener:
        server = server_of(slow, ServerPlace(access=Access.of("127.0.0.1")), limits, Connections(limits))
        serving = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110  uvicorn tells it so
            await asyncio.sleep(0.01)
        stop = asyncio.Event()
        clients = [asyncio.create_task(_client(listener.getsockname()[1], stop, keeps=keeps)) for _ in range(64)]
        await asyncio.sleep(0.3)
        stop.set()
        server.should_exit = True  # what SIGTERM sets
        await serving
        return list(await asyncio.gather(*clients))


@pytest.mark.parametrize("keeps", [True, False], ids=["connections that stay", "one for each request"])
def test_a_server_that_stops_answers_what_it_has_accepted(keeps: bool) -> None:
    counts = asyncio.run(_stopped_under_load(ServeLimits(drain_seconds=0.2, max_stop_seconds=5), keeps=keeps))
    assert all(sent == answered for sent, answered in counts)
    assert sum(sent for sent, _ in counts) > 128


def test_who_comes_before_the_end_is_let_in_and_who_comes_later_is_not() -> None:
    async def asked() -> list[bytes | None]:
        limits, first = ServeLimits(drain_seconds=0, max_stop_seconds=5), []
        with listening("127.0.0.1", 0) as listener:
            address = listener.getsockname()
            waiting = [socket.create_connection(address) for _ in range(8)]  # nobody accepts them yet
            closed_to_new(listener)
            late = socket.socket()
            late.settimeout(0.3)
            with pytest.raises(OSError, match="timed out") if sys.platform == "linux" else contextlib.nullcontext():
                late.connect(address)
            server = server_of(slow, ServerPlace(access=Access.of("127.0.0.1")), limits, Connections(limits))
            serving = asyncio.create_task(server.serve([listener]))
            while not server.started:  # noqa: ASYNC110  uvicorn tells it so
                await asyncio.sleep(0.01)
            for one in waiting:
                one.sendall(GET)
            server.should_exit = True
            await serving
            for one in waiting:
                first.append(one.recv(9))
                one.close()
            late.close()
        return first

    assert asyncio.run(asked()) == [b"HTTP/1.1 "] * 8


def test_certificate_and_key_come_together(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="--tls-key is missing"):
        ServerPlace(certificate=tmp_path / "a.pem").checked()
    with pytest.raises(OptionError, match="--tls-cert is missing"):
        ServerPlace(key=tmp_path / "a.pem").checked()
    with pytest.raises(InputError, match="cannot be used for TLS"):
        ServerPlace(certificate=tmp_path / "a.pem", key=tmp_path / "b.pem").checked()
    ServerPlace().checked()


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes a certificate with openssl")
def test_tls(tmp_path: Path) -> None:
    import ssl

    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
    subprocess.run([*made, *subject, "-keyout", key, "-out", certificate], check=True, capture_output=True)

    async def asked() -> bytes:
        limits = ServeLimits(drain_seconds=0, max_stop_seconds=1)
        place = ServerPlace(access=Access.of("127.0.0.1"), certificate=certificate, key=key)
        place.checked()
        with listening("127.0.0.1", 0) as listener:
            server = server_of(slow, place, limits, Connections(limits))
            serving = asyncio.create_task(server.serve([listener]))
            while not server.started:  # noqa: ASYNC110  uvicorn tells it so
                await asyncio.sleep(0.01)
            known = ssl.create_default_context(cafile=str(certificate))
            port = listener.getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=known)
            writer.write(GET)
            answer = await reader.readuntil(b"hello")
            writer.close()
            server.should_exit = True
            await serving
            return answer

    assert b"200" in asyncio.run(asked())


def test_more_files_may_be_open() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
    try:
        enough_files(300)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(364, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
