"""``karat serve``: the Open Inference Protocol v2 over HTTP, with the checks of training at the door.

Source: Open Inference Protocol, version 2, REST, with its binary tensor data extension.
"""

import contextlib
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from karat.core.errors import KaratError, MachineError, OptionError
from karat.deploy.batching import Batcher, Overloaded
from karat.deploy.counters import CONTENT_TYPE
from karat.deploy.judging import JudgedRequest, Service
from karat.deploy.protocol import Request, parse, render

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request as HttpRequest
    from starlette.responses import Response

HOST, PORT = "127.0.0.1", 8080
MAX_REQUEST_BYTES = 16 * 2**20  # cost: a larger request is refused
STOP_SECONDS = 10  # cost: given to requests under way
HEADER = "inference-header-content-length"
Handler = Callable[["HttpRequest"], Awaitable["Response"]]


def serve(
    run: Path,
    host: str = HOST,
    port: int = PORT,
    max_request_bytes: int = MAX_REQUEST_BYTES,
    ready: Callable[[str], None] = lambda _: None,
    part: str = "",
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
    max_request_bytes : int
        Larger requests are answered 413.
    ready : callable
        Told the address of the model once requests are taken.
    part : str
        "forecast" for the forecaster of a series.

    Raises
    ------
    OptionError
        When the extra ``serve`` is not installed, or the run has no such part.
    InputError
        When the run holds no usable model.
    MachineError
        When the port cannot be had.
    """
    uvicorn = installed()
    service = Service.load(run, part)
    app = application(service, max_request_bytes)
    with listening(host, port) as door:
        ready(f"http://{host}:{door.getsockname()[1]}/v2/models/{service.predictor.signature.model}")
        config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS)
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again once it has stopped in order
            uvicorn.Server(config).run([door])


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes any free one.

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
            door = undo.enter_context(socket.socket(family, kind, protocol))
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind(address)
            door.listen(1_024)
        except (OSError, OverflowError) as error:
            raise MachineError(
                f"address {host}:{port} cannot be used: {error}", "Choose another with --port"
            ) from error
        undo.pop_all()
        return door


def installed() -> Any:
    """Uvicorn. Raises OptionError where the extra ``serve`` is not installed."""
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise OptionError(
            f"karat serve needs the extra 'serve': module {error.name} is not installed",
            "Run pip install 'karat[serve]'",
        ) from error
    return uvicorn


def application(service: Service, max_request_bytes: int = MAX_REQUEST_BYTES) -> "Starlette":
    """The web application of one model.

    Parameters
    ----------
    service : Service
    max_request_bytes : int
        Larger requests are answered 413.
    """
    from starlette.applications import Starlette
    from starlette.routing import Route

    batcher: Batcher[Request, JudgedRequest] = Batcher(service.answer)

    @contextlib.asynccontextmanager
    async def life(_app: "Starlette") -> AsyncIterator[None]:
        yield
        batcher.close()

    served = _Endpoints(service, batcher, max_request_bytes)
    model = "/v2/models/{model}"
    routes = [
        Route("/v2", served.server),
        Route("/v2/health/live", served.alive),
        Route("/v2/health/ready", served.alive),
        Route("/metrics", served.metrics),
    ]
    for base in (model, model + "/versions/{version}"):
        routes += [
            Route(base, served.model),
            Route(base + "/ready", served.ready),
            Route(base + "/schema", served.schema),
            Route(base + "/infer", served.infer, methods=["POST"]),
        ]
    return Starlette(routes=routes, lifespan=life, exception_handlers={404: _not_found, 405: _not_found})


class _Endpoints:
    """One coroutine per path of the protocol."""

    def __init__(self, service: Service, batcher: Batcher[Request, JudgedRequest], max_request_bytes: int) -> None:
        self.service, self.batcher, self.max_request_bytes = service, batcher, max_request_bytes
        self.signature = service.predictor.signature

    async def server(self, _request: "HttpRequest") -> "Response":
        return _json({"name": "karat", "version": _version(), "extensions": ["binary_tensor_data"]})

    async def alive(self, request: "HttpRequest") -> "Response":
        return _json({request.url.path.rsplit("/", 1)[-1]: True})

    async def metrics(self, _request: "HttpRequest") -> "Response":
        from starlette.responses import Response

        return Response(self.service.counters.text(), media_type=CONTENT_TYPE)

    async def model(self, request: "HttpRequest") -> "Response":
        signature = self.signature
        return self._unknown(request) or _json(
            {
                "name": signature.model,
                "versions": [signature.version],
                "platform": "onnx_onnxv1",
                "inputs": [{"name": i.name, "datatype": i.datatype, "shape": [-1, 1]} for i in signature.inputs],
                "outputs": [
                    {"name": o.name, "datatype": o.datatype, "shape": list(o.shape)} for o in signature.outputs
                ],
            }
        )

    async def ready(self, request: "HttpRequest") -> "Response":
        return self._unknown(request) or _json({"name": self.signature.model, "ready": True})

    async def schema(self, request: "HttpRequest") -> "Response":
        return self._unknown(request) or _json(self.signature.to_json())

    async def infer(self, request: "HttpRequest") -> "Response":
        start = time.perf_counter()
        try:
            response = self._unknown(request) or await self._inferred(request)
        except KaratError as error:
            response = _error(str(error), 400)
        except Overloaded:
            response = _error("the queue of requests is full. Try again in a second.", 503)
            response.headers["retry-after"] = "1"
        except Exception as error:  # noqa: BLE001  the client gets one line, never a traceback
            response = _error(f"the model failed on this request ({type(error).__name__}). Send fewer records.", 500)
        self.service.counters.answered(response.status_code, time.perf_counter() - start)
        return response

    async def _inferred(self, request: "HttpRequest") -> "Response":
        from starlette.responses import Response

        body = await self._body(request)
        if body is None:
            return _error(
                f"the request is larger than {self.max_request_bytes} bytes. Send fewer records at a time.", 413
            )
        if request.headers.get("content-encoding", "identity") != "identity":
            return _error("the request is compressed. Send it without Content-Encoding.", 400)
        size = request.headers.get(HEADER)
        if size is not None and not re.fullmatch("[0-9]{1,15}", size):
            return _error(f"Inference-Header-Content-Length is {size[:40]!r}. Send a number of bytes.", 400)
        asked = parse(body, None if size is None else int(size), self.signature)
        judged = await self.batcher.submit(asked)
        text, header = render(self._head(asked, judged), judged.values, self.signature, asked.outputs)
        if header is None:
            return Response(text, media_type="application/json")
        return Response(text, media_type="application/octet-stream", headers={HEADER: str(header)})

    def _head(self, asked: Request, judged: JudgedRequest) -> dict[str, Any]:
        head: dict[str, Any] = {"model_name": self.signature.model, "model_version": self.signature.version}
        if asked.id:
            head["id"] = asked.id
        if judged.findings:  # the protocol allows only plain values as parameters: JSON inside a string
            head["parameters"] = {"karat_findings": json.dumps(judged.findings, ensure_ascii=False)}
        return head

    async def _body(self, request: "HttpRequest") -> bytes | None:
        parts, size = [], 0
        async for part in request.stream():
            size += len(part)
            if size > self.max_request_bytes:
                return None
            parts.append(part)
        return b"".join(parts)

    def _unknown(self, request: "HttpRequest") -> "Response | None":
        signature, asked = self.signature, request.path_params
        if asked["model"] != signature.model:
            return _error(str(OptionError.unknown("model", asked["model"], [signature.model])), 404)
        if asked.get("version", signature.version) != signature.version:
            return _error(str(OptionError.unknown("version", asked["version"], [signature.version])), 404)
        return None


async def _not_found(request: "HttpRequest", error: Any) -> "Response":
    wanted = "POST …/infer" if error.status_code == 405 else "/v2/models/{model}/infer"
    return _error(
        f"{request.url.path} is not a path of the Open Inference Protocol v2. Try {wanted}.", error.status_code
    )


def _json(values: dict[str, Any], status: int = 200) -> "Response":
    from starlette.responses import Response

    return Response(json.dumps(values, ensure_ascii=False), status, media_type="application/json")


def _error(message: str, status: int) -> "Response":
    return _json({"error": message}, status)


def _version() -> str:
    try:
        return version("karat")
    except PackageNotFoundError:
        return "unknown"
