"""A forecaster over the Open Inference Protocol v2: a raw history goes in, the steps behind it come out."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from karat.core.errors import InputError, KaratError
from karat.deploy.connections import Connections
from karat.deploy.limits import ServeLimits
from karat.deploy.running import ServerPlace, installed, run_server

TYPES = {"string": "BYTES", "int64": "INT64", "double": "FP64"}  # Open Inference Protocol, version 2
CURE = "Send a list with one tensor per column: name, shape [n], datatype, data"


@dataclass(frozen=True, eq=False)
class HistoryService:
    """What is served.

    Parameters
    ----------
    columns : tuple of str
        Of the history, those that are needed first.
    horizon : int
        Steps, where a request asks for none.
    answer : callable
        From a table of text and a number of steps to the steps to come.
    """

    name: str
    version: str
    columns: tuple[str, ...]
    horizon: int
    answer: Callable[[pa.Table, int], pa.Table]
    limits: ServeLimits = field(default_factory=ServeLimits)

    def answered(self, body: bytes) -> dict[str, Any]:
        """The body of an answer. Raises KaratError for a request that cannot be read."""
        history, horizon = self.read(body)
        table = self.answer(history, horizon)
        outputs = [
            {"name": name, "shape": [table.num_rows], "datatype": TYPES[str(column.type)], "data": column.to_pylist()}
            for name, column in zip(table.column_names, table.columns, strict=True)
        ]
        return {"model_name": self.name, "model_version": self.version, "outputs": outputs}

    def read(self, body: bytes) -> tuple[pa.Table, int]:
        """The history as text, and how many steps are asked for."""
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            raise InputError("the request is not JSON", "Send a JSON object") from None
        if not isinstance(asked, dict):
            raise InputError(f"the request is of type {type(asked).__name__}", "Send a JSON object")
        tensors = asked.get("inputs")
        if not isinstance(tensors, list) or not tensors:
            raise InputError("inputs in the request is missing", CURE)
        columns = dict(self._column(tensor) for tensor in tensors)
        sizes = {len(cells) for cells in columns.values()}
        if len(sizes) > 1:
            raise InputError(f"the columns of the history have {sorted(sizes)} records", "Send columns of one length")
        if not 0 < (size := sizes.pop()) <= self.limits.max_records:
            raise InputError(
                f"the history has {size:,} records (limit {self.limits.max_records:,})", "Send a shorter one"
            )
        return pa.table(columns), _horizon(asked.get("parameters"))

    def _column(self, tensor: Any) -> tuple[str, pa.Array]:
        if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
            raise InputError("a tensor of inputs has no name", CURE)
        name, data = tensor["name"], tensor.get("data")
        if name not in self.columns:
            raise InputError(f"the model has no column {name!r}", f"Send {', '.join(map(repr, self.columns))}")
        if not isinstance(data, list):
            raise InputError(f"data of column {name!r} is of type {type(data).__name__}", "Send a list of values")
        cells = [value for part in data for value in (part if isinstance(part, list) else [part])]
        return name, pa.array([_text(name, value) for value in cells], pa.string())

    def about(self) -> dict[str, Any]:
        """Metadata of the protocol."""
        outputs = ("series", "BYTES"), ("time", "BYTES"), ("step", "INT64"), ("forecast", "FP64")
        ends = ("low", "FP64"), ("high", "FP64")
        return {
            "name": self.name,
            "versions": [self.version],
            "platform": "karat",
            "inputs": [{"name": name, "datatype": "BYTES", "shape": [-1]} for name in self.columns],
            "outputs": [{"name": name, "datatype": kind, "shape": [-1]} for name, kind in (*outputs, *ends)],
            "parameters": {"horizon": self.horizon},
        }


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"a value of column {name!r} is of type {type(value).__name__}", "Send texts, numbers or null")
    return None if value != value else repr(value)  # noqa: PLR0124  NaN


def _horizon(parameters: Any) -> int:
    horizon = parameters.get("horizon", 0) if isinstance(parameters, dict) else 0
    if isinstance(horizon, bool) or not isinstance(horizon, int):
        raise InputError(f"parameters.horizon in the request is {horizon!r}", "Send a whole number of steps")
    return horizon


def serve_history(
    service: HistoryService, place: ServerPlace, limits: ServeLimits, ready: Callable[[str], None]
) -> None:
    """Answer until interrupted; running requests are answered first.

    Parameters
    ----------
    ready : callable
        Told the address of the model once requests are taken.

    Raises
    ------
    OptionError
        When the extra ``serve`` is not installed.
    MachineError
        When the port cannot be had.
    """
    installed()
    app, connections = application(service), Connections(limits)
    run_server(app, place, limits, connections, lambda address: ready(f"{address}/v2/models/{service.name}"))


def application(service: HistoryService) -> Any:
    """The ASGI application; needs the extra ``serve``."""
    import asyncio

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    lock = threading.Lock()

    def answered(body: bytes) -> tuple[Mapping[str, Any], int]:
        try:
            with lock:
                return service.answered(body), 200
        except KaratError as error:
            return {"error": str(error)}, 400

    async def infer(request: Request) -> JSONResponse:
        body = await request.body()
        if len(body) > service.limits.max_body_bytes:
            return JSONResponse({"error": f"the request has {len(body):,} bytes. Send a shorter history."}, 413)
        said, status = await asyncio.to_thread(answered, body)
        return JSONResponse(said, status)

    async def about(_: Request) -> JSONResponse:
        return JSONResponse(service.about())

    async def ready(_: Request) -> JSONResponse:
        return JSONResponse({"ready": True})

    async def live(_: Request) -> JSONResponse:
        return JSONResponse({"live": True})

    home = f"/v2/models/{service.name}"
    routes = [
        Route(f"{place}/infer", infer, methods=["POST"]) for place in (home, f"{home}/versions/{service.version}")
    ]
    routes += [Route(home, about), Route(f"{home}/ready", ready)]
    routes += [Route("/v2/health/ready", ready), Route("/v2/health/live", live)]
    return Starlette(routes=routes)
