"""Several processes behind one address: started together, replaced when one dies, stopped without losing a request."""

import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from pathlib import Path
from typing import Any

from karat.core.errors import KaratError, MachineError

QUICK_DEATH_SECONDS = 10.0  # definition: a worker that lives no longer has something wrong with it
MOST_QUICK_DEATHS = 3  # cost: in a row, then all are stopped
LOOK_SECONDS = 0.5  # cost: between two looks at whether to stop
Work = Callable[[int, Path, socket.socket, Callable[[str], None]], None]


@dataclass(eq=False)
class Workers:
    """Runs the same work in several processes, which take connections from one socket.

    Parameters
    ----------
    work : callable
        Serves until SIGTERM: number of the worker, a folder all share, the socket, and a callable to tell the address
        once requests are taken. It and what it holds can be pickled.
    """

    count: int
    work: Work
    _running: dict[int, Any] = field(default_factory=dict)
    _ears: dict[int, Any] = field(default_factory=dict)
    _began: dict[int, float] = field(default_factory=dict)
    _stopping: bool = False

    def run(self, listener: socket.socket, ready: Callable[[str], None]) -> None:
        """Serve until SIGTERM or Ctrl-C.

        Raises
        ------
        KaratError
            What kept the first workers from starting.
        MachineError
            When workers die again and again.
        """
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            with tempfile.TemporaryDirectory(prefix="karat-") as shared:
                self._serve(listener, Path(shared), ready)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _serve(self, listener: socket.socket, shared: Path, ready: Callable[[str], None]) -> None:
        try:
            for number in range(self.count):
                self._start(number, listener, shared)
            addresses = [self._address(number) for number in range(self.count)]
            if not self._stopping and addresses[0]:
                ready(addresses[0])
            deaths = 0
            while not self._stopping:
                connection.wait([process.sentinel for process in self._running.values()], LOOK_SECONDS)
                for number in [n for n, process in self._running.items() if not process.is_alive()]:
                    if self._stopping:
                        return
                    quick = time.monotonic() - self._began[number] < QUICK_DEATH_SECONDS
                    deaths = deaths + 1 if quick else 1
                    status = self._running[number].exitcode
                    if deaths > MOST_QUICK_DEATHS:
                        raise MachineError(
                            f"worker {number} ended with status {status} again and again", "See its last message above"
                        )
                    print(f"Warning: worker {number} ended with status {status} and is started again", file=sys.stderr)
                    self._start(number, listener, shared)
        finally:
            self._end()

    def _start(self, number: int, listener: socket.socket, shared: Path) -> None:
        context = get_context("spawn")
        ear, mouth = context.Pipe(duplex=False)
        process = context.Process(target=_worked, args=(self.work, number, shared, listener, mouth))
        process.start()
        mouth.close()
        self._running[number], self._ears[number], self._began[number] = process, ear, time.monotonic()

    def _address(self, number: int) -> str:
        """What a worker says once it serves; "" where it is told to stop before. Raises what kept it from serving."""
        while not self._stopping:
            if not self._ears[number].poll(LOOK_SECONDS):
                continue
            try:
                said = self._ears[number].recv()
            except EOFError:
                self._running[number].join()
                status = self._running[number].exitcode
                raise MachineError(
                    f"worker {number} ended with status {status} before it served", "See its message above"
                ) from None
            if isinstance(said, KaratError):
                raise said
            return str(said)
        return ""

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _end(self) -> None:
        for process in self._running.values():
            if process.is_alive():
                process.terminate()
        for process in self._running.values():
            process.join()


def _worked(work: Work, number: int, shared: Path, listener: socket.socket, mouth: Any) -> None:
    """One worker; what it cannot do is said to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of a terminal; the first process ends the others
    try:
        with listener:
            work(number, shared, listener, mouth.send)
    except KaratError as error:
        mouth.send(error)
    finally:
        mouth.close()
