"""``karat serve``: the Open Inference Protocol v2 over HTTP; each request is validated with the checks of training.

Source: Open Inference Protocol, version 2, REST, with its binary tensor data extension.
"""

import gc
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karat.deploy.connections import Connections
from karat.deploy.endpoints import InferenceApp
from karat.deploy.limits import HOST, PORT, ServeLimits
from karat.deploy.model_in_use import ModelInUse
from karat.deploy.policies import PASS, Keeping
from karat.deploy.recording import Mask, same
from karat.deploy.running import ServerPlace, installed, listening, run_server
from karat.deploy.siblings import Siblings
from karat.deploy.workers import Workers


def serve(
    run: Path,
    host: str = HOST,
    port: int = PORT,
    limits: ServeLimits | None = None,
    ready: Callable[[str], None] = lambda _: None,
    part: str = "",
    *,
    place: ServerPlace | None = None,
    checks: bool = True,
    policy: str = PASS,
    record: bool = False,
    mask: Mask = same,
    cells: Mapping[str, Any] | None = None,
    workers: int = 1,
) -> None:
    """Serve a run's model until interrupted; running requests are answered first.

    Parameters
    ----------
    run : Path
        A run folder with a ``model``.
    host : str
        Address to listen on; by default this machine alone.
    port : int
        In [0, 65535].
    limits : ServeLimits, optional
        Of each worker.
    ready : callable
        Told the address of the model once requests are taken.
    part : str
        "scorecard" for the card beside the model.
    place : ServerPlace, optional
        Address, access and TLS, in place of ``host`` and ``port``.
    checks : bool
        Validate records with the checks of training.
    policy : str
        What becomes of records that the checks are sure about: "pass", "hold" or "reject".
    record : bool
        Append served records to the run's folder ``served``.
    mask : callable
        Covers personal data in what is recorded; a function of a module.
    cells : mapping, optional
        Of the record that the page ``/docs`` shows as an example, by column.
    workers : int
        Processes.

    Raises
    ------
    OptionError
        When the extra ``serve`` is not installed, or the run has no such part, or there is no such policy.
    InputError
        When the run holds no usable model.
    MachineError
        When the port cannot be had, or workers die again and again.
    """
    installed()
    where = place or ServerPlace(host, port)
    task = ServeTask(run, limits or ServeLimits(), part, where, checks, policy, record, mask, cells)
    if workers == 1:
        task.serve(ready)
        return
    where.checked()
    with listening(where.host, where.port, backlog=0) as listener:
        Workers(workers, task.work).run(listener, ready)


@dataclass(frozen=True)
class ServeTask:
    """What one process serves; the parameters are those of ``serve``."""

    run: Path
    limits: ServeLimits
    part: str
    place: ServerPlace
    checks: bool
    policy: str
    record: bool
    mask: Mask
    cells: Mapping[str, Any] | None

    def work(self, number: int, shared: Path, listener: socket.socket, ready: Callable[[str], None]) -> None:
        """Serve as one of several workers."""
        self.serve(ready, listener, Siblings(shared, number))

    def serve(
        self,
        ready: Callable[[str], None],
        listener: socket.socket | None = None,
        siblings: Siblings | None = None,
    ) -> None:
        """Serve until SIGTERM."""
        keeping = Keeping.of(self.run, self.policy, record=self.record, mask=self.mask)
        model = ModelInUse.load(self.run, self.part, self.limits, checks=self.checks)
        connections = Connections(self.limits)
        name = model.current.service.predictor.signature.model
        gc.collect()
        gc.freeze()  # what was loaded stays: the collector need not look at it again and again
        run_server(
            InferenceApp(model, connections, keeping, siblings, self.cells),
            self.place,
            self.limits,
            connections,
            lambda address: ready(f"{address}/v2/models/{name}"),
            listener,
        )
