"""Workers in processes of their own: each is told what to do on a line, and answers on a line.

They are plain child processes, so that a script that calls Karat needs no guard at its top, and one that ends in
mid-work takes nothing with it: work becomes visible only by a rename.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from karat.core.errors import GateError, InputError, KaratError, MachineError, OptionError

ERRORS: dict[str, type[KaratError]] = {e.__name__: e for e in (InputError, OptionError, GateError, MachineError)}
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS")
Answer = dict[str, Any]
Tick = Callable[[int, int], None]


def do_all(plan: Path, orders: Sequence[Answer], do: Callable[[Answer], Answer], workers: int, tick: Tick) -> None:
    """Carry out every order, here or by workers; nothing is given back, the work lies in the folder.

    Parameters
    ----------
    plan : Path
        The file a worker reads to know what the orders are about.
    orders : sequence of dict
        Each is carried out once, in any order; what comes of it may not depend on which worker it was.
    do : callable
        Carries out one order in this process.
    workers : int
        1 works in this process.
    tick : callable
        Hears (done, all) after each.
    """
    if workers <= 1 or len(orders) <= 1:
        for done, order in enumerate(orders, start=1):
            do(order)
            tick(done, len(orders))
        return
    _Crew(plan, orders, min(workers, len(orders)), tick).work()


class _Crew:
    """Child processes, each with a thread here that hands it orders until none are left."""

    def __init__(self, plan: Path, orders: Sequence[Answer], size: int, tick: Tick) -> None:
        self.orders: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        for order in orders:
            self.orders.put(order)
        self.answers: queue.SimpleQueue[Answer | Exception] = queue.SimpleQueue()
        self.total, self.tick = len(orders), tick
        self.children = [_child(plan) for _ in range(size)]

    def work(self) -> None:
        threads = [threading.Thread(target=self._lead, args=(child,), daemon=True) for child in self.children]
        try:
            for thread in threads:
                thread.start()
            for done in range(1, self.total + 1):
                answer = self.answers.get()
                if isinstance(answer, Exception):
                    raise answer  # noqa: TRY301  the children are ended by the same way out
                self.tick(done, self.total)
        except BaseException:
            for child in self.children:
                child.kill()
            raise
        finally:
            for child in self.children:
                assert child.stdin is not None
                assert child.stdout is not None
                child.stdin.close()
                child.wait()
                child.stdout.close()

    def _lead(self, child: "subprocess.Popen[str]") -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        while True:
            try:
                order = self.orders.get_nowait()
            except queue.Empty:
                return
            try:
                child.stdin.write(json.dumps(order) + "\n")
                child.stdin.flush()
                line = child.stdout.readline()
            except OSError:
                line = ""
            self.answers.put(_answer(line, child))


def _answer(line: str, child: "subprocess.Popen[str]") -> Answer | Exception:
    if not line:
        return MachineError(
            f"a worker process ended with status {child.wait()}",
            "Free some memory or use --workers 1, then run the same command to go on",
        )
    said: Answer = json.loads(line)
    if "error" in said:
        return ERRORS[said["error"]](*said["parts"])
    return said if "fault" not in said else RuntimeError(said["fault"])


def _child(plan: Path) -> "subprocess.Popen[str]":
    alone = dict.fromkeys(ONE_THREAD, "1")
    return subprocess.Popen(  # noqa: S603  our own module on our own interpreter
        [sys.executable, "-m", "karat.flow.corpus.worker", str(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **alone},
        start_new_session=True,  # Ctrl-C is for the one who gives orders
    )


def obey(orders: IO[str], answers: IO[str], do: Callable[[Answer], Answer]) -> None:
    """A worker's life: orders from one stream, answers to the other; it ends at once when the orders end."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(orders, waiting), daemon=True).start()
    while True:
        order = json.loads(waiting.get())
        try:
            said = do(order)
        except KaratError as error:
            said = {"error": type(error).__name__, "parts": [error.problem, error.do]}
        except Exception as error:  # noqa: BLE001  it is raised again where the orders come from
            said = {"fault": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(said) + "\n")
        answers.flush()


def _listen(orders: IO[str], waiting: "queue.SimpleQueue[str]") -> None:
    for line in orders:
        waiting.put(line)
    os._exit(0)  # whoever gave orders is gone
