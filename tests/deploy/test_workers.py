"""Several processes behind one socket: all answer, one that dies is replaced, what keeps one from starting is said."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from karat.core.errors import InputError, MachineError
from karat.deploy.workers import Workers

Ready = Callable[[str], None]


def answering(number: int, shared: Path, listener: socket.socket, ready: Ready) -> None:
    """Say which process answers, until SIGTERM."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    ready(f"at {listener.getsockname()[1]}")
    listener.settimeout(0.05)
    while not stop.is_set():
        try:
            one, _ = listener.accept()
        except TimeoutError:
            continue
        one.sendall(str(os.getpid()).encode())
        one.close()
        time.sleep(0.02)  # the others have their turn
    (shared.parent / f"stopped {number}").touch()


def refusing(number: int, shared: Path, listener: socket.socket, ready: Ready) -> None:
    """Find nothing to serve."""
    raise InputError("no model", "Make one")


def dying(number: int, shared: Path, listener: socket.socket, ready: Ready) -> None:
    """Die once it serves."""
    ready("here")
    os._exit(9)


def mute(number: int, shared: Path, listener: socket.socket, ready: Ready) -> None:
    """Die before."""
    os._exit(7)


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield listener


def _asked(port: int) -> int:
    with socket.create_connection(("127.0.0.1", port)) as one:
        return int(one.recv(20))


def test_all_answer_and_one_that_dies_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen: list[int] = []

    def ask(address: str) -> None:
        port = int(address.removeprefix("at "))

        def some() -> None:
            for _ in range(40):
                seen.append(_asked(port))
            os.kill(seen[0], signal.SIGKILL)
            until = time.monotonic() + 30
            while len(set(seen)) < 3 and time.monotonic() < until:
                seen.append(_asked(port))
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=some).start()

    with listening() as listener:
        Workers(2, answering).run(listener, ask)
    assert len(set(seen)) == 3
    assert "ended with status -9 and is started again" in capfd.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["stopped 0", "stopped 1"]


@pytest.mark.parametrize(
    ("work", "error", "why"),
    [
        (refusing, InputError, "no model"),
        (dying, MachineError, "ended with status 9 again and again"),
        (mute, MachineError, "worker 0 ended with status 7 before it served"),
    ],
)
def test_what_keeps_them_from_serving_is_said(
    work: Callable[..., None], error: type[Exception], why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with listening() as listener, pytest.raises(error, match=why):
        Workers(1, work).run(listener, lambda _: None)
