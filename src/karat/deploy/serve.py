"""``karat serve``: the Open Inference Protocol v2 over HTTP; each request is validated with the checks of training.

Source: Open Inference Protocol, version 2, REST, with its binary tensor data extension.
"""

import gc
from collections.abc import Callable
from pathlib import Path

from karat.deploy.connections import Connections
from karat.deploy.endpoints import InferenceApp
from karat.deploy.limits import HOST, PORT, ServeLimits
from karat.deploy.model_in_use import ModelInUse
from karat.deploy.running import ServerPlace, installed, run_server


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
    ready : callable
        Told the address of the model once requests are taken.
    part : str
        "forecast" for the forecaster of a series.
    place : ServerPlace, optional
        Address, access and TLS, in place of ``host`` and ``port``.
    checks : bool
        Validate records with the checks of training.

    Raises
    ------
    OptionError
        When the extra ``serve`` is not installed, or the run has no such part.
    InputError
        When the run holds no usable model.
    MachineError
        When the port cannot be had.
    """
    installed()
    limits = limits or ServeLimits()
    model = ModelInUse.load(run, part, limits, checks=checks)
    connections = Connections(limits)
    name = model.current.service.predictor.signature.model
    gc.collect()
    gc.freeze()  # what was loaded stays: the collector need not look at it again and again
    run_server(
        InferenceApp(model, connections),
        place or ServerPlace(host, port),
        limits,
        connections,
        lambda address: ready(f"{address}/v2/models/{name}"),
    )
